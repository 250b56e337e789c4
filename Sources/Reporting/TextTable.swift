/// Rows in columns, as kubectl prints them: three spaces between, nothing behind the last.
public struct TextTable: Sendable {
  private var rows: [[String]]
  private let spacing: Int
  /// How wide each column has been so far, for rows that come later.
  private var widths: [Int] = []

  /// A table with a header, or with none.
  public init(_ header: [String]?, spacing: Int = 3) {
    rows = header.map { [$0] } ?? []
    self.spacing = spacing
  }

  /// Adds a row.
  public mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines of the table.
  public var lines: [String] {
    var copy = self
    return copy.takeLines()
  }

  /// The lines of what was added since the last time; columns never get narrower.
  public mutating func takeLines() -> [String] {
    for row in rows {
      for (column, cell) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], cell.count)
      }
    }
    defer { rows = [] }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        line += cell
        guard column < row.count - 1 else { break }
        line += String(repeating: " ", count: widths[column] - cell.count + spacing)
      }
      while line.hasSuffix(" ") { line.removeLast() }
      return line
    }
  }
}
