public import ValueTree

/// One document of a YAML stream: its value, and where each part of it was written.
///
/// The value carries no marks. Asking for one reads the document's text again, so that what is
/// right costs nothing.
public struct YAMLDocument: Sendable {
  /// What the document says.
  public let value: Value
  /// The place of the document in its stream, from 0; empty documents count.
  public let index: Int
  let text: SourceText
  let limits: YAMLLimits
  /// Where a parser begins to read the document in the clean text.
  let start: Int
  /// The beginning of the document's first line, which is before `start` where JSON values share a
  /// line.
  let lineStart: Int
  /// The number of that line.
  let line: Int
  /// The place of the document's first character.
  let content: Int

  /// The name of the source as messages show it.
  public var sourceName: String { text.name }

  /// Where the document begins.
  public var startMark: SourceMark { text.mark(at: content, from: lineStart, line: line) }

  /// Where the value at `path` is written; where there is none, its nearest ancestor that there is.
  ///
  /// - Complexity: O(document); for many paths ask `marks()` once.
  public func mark(of path: FieldPath) -> SourceMark? { marks().mark(of: path) }

  /// Where the key of the value at `path` is written; a list element has its own place.
  ///
  /// - Complexity: O(document); for many paths ask `marks()` once.
  public func keyMark(of path: FieldPath) -> SourceMark? { marks().keyMark(of: path) }

  /// Where everything in the document is written.
  ///
  /// - Complexity: O(document).
  public func marks() -> YAMLMarks {
    do throws(TextProblem) {
      let graph = try EventParser.read(text, from: start) { parser throws(TextProblem) in
        try NodeGraph(composing: &parser, of: text, from: start, limits: limits)
      }
      return YAMLMarks(document: self, graph: graph)
    } catch {
      preconditionFailure("a document that was read can be read again")
    }
  }

  /// A diagnostic at the value of `path`, or at the nearest ancestor that there is.
  public func diagnostic(
    _ message: String, at path: FieldPath, expected: String? = nil, suggestion: String? = nil
  ) -> SourceDiagnostic {
    SourceDiagnostic(message, at: mark(of: path), expected: expected, suggestion: suggestion)
  }
}

/// Where each part of a document is written.
public struct YAMLMarks: Sendable {
  let document: YAMLDocument
  let graph: NodeGraph

  /// Where the value at `path` is written; where there is none, its nearest ancestor that there is.
  public func mark(of path: FieldPath) -> SourceMark { mark(graph.find(path).value) }

  /// Where the key of the value at `path` is written; a list element has its own place.
  ///
  /// Where there is no such value, the key of its nearest ancestor that there is.
  public func keyMark(of path: FieldPath) -> SourceMark { mark(graph.find(path).key) }

  private func mark(_ index: Int) -> SourceMark {
    let text = document.text
    return text.mark(
      at: text.offset(after: index, from: document.start), from: document.lineStart,
      line: document.line)
  }
}
