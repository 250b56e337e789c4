/// Why an expression cannot be compiled: every mistake that was found, each with its place.
public struct CompilationError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One mistake.
  public struct Issue: Sendable, Hashable, CustomStringConvertible {
    /// Where it is.
    public let place: SourcePlace
    /// What is wrong, and what was expected.
    public let message: String
    /// The line of the expression with a caret under the place.
    public let excerpt: String

    public var description: String {
      "\(place.line):\(place.column): \(message)\n\(excerpt)"
    }
  }

  /// The text of the expression.
  public let expression: String
  /// The mistakes, in the order of their places.
  public let issues: [Issue]

  init(_ source: SourceText, _ problems: [Problem]) {
    expression = source.text
    issues = problems.sorted { $0.offset < $1.offset }.map { problem in
      let place = source.place(problem.offset)
      return Issue(place: place, message: problem.message, excerpt: source.excerpt(place))
    }
  }

  public var description: String { issues.map(\.description).joined(separator: "\n") }
}

/// A mistake before its place is made readable.
struct Problem: Error, Sendable {
  let offset: Int
  let message: String

  init(at offset: Int, _ message: String) {
    self.offset = offset
    self.message = message
  }
}
