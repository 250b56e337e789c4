public import Exploration
import Simulation

/// A matrix of faults as a grid: effects down, what became of them across.
public struct MatrixText: Sendable {
  private let matrix: FaultMatrix
  private let style: Style

  /// A printer of a matrix.
  public init(_ matrix: FaultMatrix, style: Style) {
    self.matrix = matrix
    self.style = style
  }

  /// The grid, with a number in each cell that broke a rule.
  public var lines: [String] {
    let columns = matrix.columns
    let width = matrix.rows.map(\.name.count).max() ?? 0
    var lines = [
      style.strong(Self.padded("", width) + columns.map { "  \($0.name)" }.joined())
    ]
    var number = 0
    for row in matrix.rows {
      var line = Self.padded(row.name, width)
      for column in columns {
        let space = column.name.count
        guard let cell = row.cells[column] else {
          line += "  " + style.faint(Self.padded("·", space))
          continue
        }
        guard let oracle = cell.oracle else {
          line += "  " + style.good(Self.padded("held", space))
          continue
        }
        number += 1
        line += "  " + style.bad(Self.padded("\(Self.word(oracle)) \(number)", space))
      }
      while line.hasSuffix(" ") { line.removeLast() }
      lines.append(line)
    }
    return lines
  }

  /// What the numbers in the grid stand for: turn, column and cell, in order.
  public static func violations(
    of matrix: FaultMatrix
  ) -> [(row: String, column: FaultMatrix.Column, cell: FaultMatrix.Cell)] {
    matrix.rows.flatMap { row in
      matrix.columns.compactMap { column in
        guard let cell = row.cells[column], cell.oracle != nil else { return nil }
        return (row.name, column, cell)
      }
    }
  }

  /// The closing statement: what was tried, and that it was everything.
  public var summary: [String] {
    let tried = matrix.rows.reduce(0) { $0 + $1.cells.count }
    var lines = [
      "Every effect of the fault-free run, and everything that can become of it: "
        + "\(matrix.rows.count) effects, \(tried) cells, \(matrix.violatedCount) violated."
    ]
    if matrix.runCount > tried {
      lines.append(
        "Every two faults: \(matrix.runCount - tried) runs, \(matrix.pairs.count) violated "
          + "where neither fault alone does it.")
    }
    lines.append("Tried: \(matrix.columns.map(\.name).joined(separator: ", ")).")
    if !matrix.leftOut.isEmpty {
      let names = matrix.leftOut.map(\.name).joined(separator: ", ")
      lines.append("Not tried, for neither the scenario nor --faults asks for it: \(names).")
    }
    return lines
  }

  static func word(_ oracle: Violation.Oracle) -> String {
    switch oracle {
    case .leak: "LEAK"
    case .doubleHolder: "DOUBLE"
    case .danglingRecord: "DANGLING"
    case .stuckDeletion: "STUCK"
    case .neverSettled: "UNSETTLED"
    case .escapedReconcile: "ESCAPED"
    default: oracle.rawValue.split(separator: "-").first.map { $0.uppercased() } ?? ""
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: Swift.max(0, width - text.count))
  }
}
