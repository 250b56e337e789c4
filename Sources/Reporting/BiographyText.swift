public import Allocation
public import Scalars

/// The life of one item, as lines for people.
public enum BiographyText {
  /// The lines, oldest first.
  public static func lines(_ entries: [Ledger.Entry], since start: Timestamp) -> [String] {
    var table = TextTable(["AFTER", "EVENT", "GRANT", "OWNER", "BY"])
    for entry in entries {
      table.add([
        entry.time == start ? "0s" : "\(entry.time - start)", name(of: entry.event),
        entry.generation == 0 ? "-" : "#\(entry.generation)", entry.holder, entry.actor,
      ])
    }
    return table.lines
  }

  static func name(of event: Ledger.Event) -> String {
    switch event {
    case .opened: "handed out"
    case .recorded: "recorded"
    case .unrecorded: "no longer recorded"
    case .closing: "being given back"
    case .closed: "given back"
    case .freedBlindly: "freed without asking"
    case .forgotten: "forgotten in a crash"
    }
  }
}
