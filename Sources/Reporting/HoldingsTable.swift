import Allocation
public import Simulation

/// Who holds what, as a table.
public enum HoldingsTable {
  /// The table's lines; free items of a large pool are summed up.
  public static func lines(_ holdings: [Timeline.Holding], freeMax: Int = 8) -> [String] {
    guard !holdings.isEmpty else { return ["no pools"] }
    var table = TextTable(["POOL", "ITEM", "HOLDER", "GRANT", "STATE"])
    var freeShown = 0
    var freeHidden = 0
    for holding in holdings {
      if holding.state == nil {
        freeShown += 1
        if freeShown > freeMax {
          freeHidden += 1
          continue
        }
      }
      table.add([
        holding.pool, holding.item, holding.holder ?? "-",
        holding.state == nil ? "-" : "#\(holding.generation)", state(of: holding),
      ])
    }
    var lines = table.lines
    if freeHidden > 0 { lines.append("… and \(freeHidden) more free items") }
    return lines
  }

  private static func state(of holding: Timeline.Holding) -> String {
    guard let state = holding.state else { return "Free" }
    return holding.isRecorded ? state.rawValue : "\(state.rawValue), recorded by nobody"
  }
}
