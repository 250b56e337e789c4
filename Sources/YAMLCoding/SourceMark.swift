/// A place in a source that a message points at.
public struct SourceMark: Sendable, Hashable {
  /// The source's name as messages show it.
  public let file: String
  /// The line, from 1.
  public let line: Int
  /// The column, from 1, counted in Unicode scalars.
  public let column: Int
  /// The whole line without its break.
  public let lineText: String

  /// A mark.
  public init(file: String, line: Int, column: Int, lineText: String) {
    self.file = file
    self.line = line
    self.column = column
    self.lineText = lineText
  }
}

extension SourceMark: CustomStringConvertible {
  /// The place as compilers write it: `pool.yaml:12:7`.
  public var description: String { "\(file):\(line):\(column)" }
}
