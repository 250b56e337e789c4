import Printing
public import ValueTree

/// kubectl's `-o custom-columns=NAME:.metadata.name,POOL:.spec.pool`.
public struct CustomColumns: Sendable {
  /// What is wrong with a specification.
  public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was expected.
    public let reason: String
    public var description: String { reason }
  }

  private let columns: [(header: String, path: JSONPath)]

  /// Reads a specification.
  public init(_ specification: String) throws(ParseError) {
    var columns: [(String, JSONPath)] = []
    for part in specification.split(separator: ",", omittingEmptySubsequences: false) {
      guard let colon = part.firstIndex(of: ":"), colon > part.startIndex else {
        throw ParseError(
          reason: "unexpected custom-columns spec: \(part), expected <header>:<json-path-expr>")
      }
      do {
        columns.append((String(part[..<colon]), try JSONPath(String(part[colon...].dropFirst()))))
      } catch {
        throw ParseError(reason: "\(error)")
      }
    }
    guard !columns.isEmpty else {
      throw ParseError(reason: "custom-columns format specified but no custom columns given")
    }
    self.columns = columns
  }

  /// Reads a file's form: a line of headers and a line of paths, with spaces between.
  public init(lines text: String) throws(ParseError) {
    let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
    guard lines.count == 2, lines[0].count == lines[1].count else {
      throw ParseError(
        reason: "expected a line of headers and a line with as many paths, found "
          + lines.map { "\($0.count)" }.joined(separator: " and "))
    }
    try self.init(zip(lines[0], lines[1]).map { "\($0):\($1)" }.joined(separator: ","))
  }

  /// The names of the columns.
  public var header: [String] { columns.map(\.header) }

  /// The table's lines; what is missing shows as `<none>`.
  public func lines(_ objects: [Value]) -> [String] {
    var table = TextTable(header)
    for object in objects { table.add(row(object)) }
    return table.lines
  }

  /// One object as a row.
  public func row(_ object: Value) -> [String] {
    columns.map { column in
      let found = column.path.values(object)
      return found.isEmpty ? "<none>" : found.map(JSONPath.printed).joined(separator: ",")
    }
  }
}
