/// Rows in columns, as kubectl prints them: three spaces between, nothing behind the last.
public struct TextTable: Sendable {
  private var rows: [[String]]

  /// A table with a header, or with none.
  public init(_ header: [String]?) { rows = header.map { [$0] } ?? [] }

  /// Adds a row.
  public mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines of the table.
  public var lines: [String] {
    var widths: [Int] = []
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.count)
      }
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        line += cell
        guard column < row.count - 1 else { break }
        line += String(repeating: " ", count: widths[column] - cell.count + 3)
      }
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }
}
