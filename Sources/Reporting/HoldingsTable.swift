import Allocation
public import Simulation

/// Who holds what, as a table.
public enum HoldingsTable {
  /// The table's lines; free items that are not listed are summed up, pool by pool.
  public static func lines(_ holdings: Timeline.Holdings) -> [String] {
    guard !holdings.rows.isEmpty else { return ["no pools"] }
    var table = TextTable(["POOL", "ITEM", "HOLDER", "GRANT", "STATE"])
    for holding in holdings.rows {
      table.add([
        holding.pool, holding.item, holding.holder ?? "-",
        holding.state == nil ? "-" : "#\(holding.generation)", state(of: holding),
      ])
    }
    return table.lines
      + holdings.hiddenFree.map { hidden in
        "… and \(hidden.count) more free \(hidden.count == 1 ? "item" : "items") of pool "
          + hidden.pool
      }
  }

  private static func state(of holding: Timeline.Holding) -> String {
    guard let state = holding.state else { return "Free" }
    return holding.isRecorded ? state.rawValue : "\(state.rawValue), recorded by nobody"
  }
}
