public import APIMachinery
import Printing
public import Scalars
import ValueTree

/// What controllers said, as kubectl shows it.
public enum EventTable {
  /// The lines of `describe`, oldest first.
  public static func lines(_ events: [APIObject], at now: Timestamp) -> [String] {
    var table = TextTable(["  Type", "Reason", "Age", "From", "Message"], spacing: 2)
    table.add(["  ----", "------", "----", "----", "-------"])
    for event in sorted(events) {
      table.add([
        "  " + text(event, "type"), text(event, "reason"), age(of: event, at: now),
        source(of: event), message(of: event),
      ])
    }
    return ["Events:"] + table.lines
  }

  /// Events in the order in which they were last seen.
  public static func sorted(_ events: [APIObject]) -> [APIObject] {
    // Those of one second in the order in which they were written.
    events.sorted {
      (text($0, "lastTimestamp"), $0.resourceVersion)
        < (text($1, "lastTimestamp"), $1.resourceVersion)
    }
  }

  /// `12s (x3 over 5m)`: how long ago, and how often since when.
  private static func age(of event: APIObject, at now: Timestamp) -> String {
    let last = seen(event, "lastTimestamp", at: now)
    let count = event.body["count"]?.int ?? 1
    guard count > 1 else { return last }
    return "\(last) (x\(count) over \(seen(event, "firstTimestamp", at: now)))"
  }

  /// The columns of `get`, which has none for the name unless it is asked for much.
  static let columns: [ObjectTable.Column] = [
    ObjectTable.Column(name: "LAST SEEN") { seen($0, "lastTimestamp", at: $1) },
    ObjectTable.Column(name: "TYPE") { event, _ in text(event, "type") },
    ObjectTable.Column(name: "REASON") { event, _ in text(event, "reason") },
    ObjectTable.Column(name: "OBJECT") { event, _ in
      let object = event.body["involvedObject"]
      let kind = object?["kind"]?.string ?? ""
      return "\(kind.lowercased())/\(object?["name"]?.string ?? "")"
    },
    ObjectTable.Column(name: "SUBOBJECT", isWide: true) { event, _ in
      event.body["involvedObject"]?["fieldPath"]?.string ?? ""
    },
    ObjectTable.Column(name: "SOURCE", isWide: true) { event, _ in source(of: event) },
    ObjectTable.Column(name: "MESSAGE") { event, _ in message(of: event) },
    ObjectTable.Column(name: "FIRST SEEN", isWide: true) { seen($0, "firstTimestamp", at: $1) },
    ObjectTable.Column(name: "COUNT", isWide: true) { event, _ in
      "\(event.body["count"]?.int ?? 1)"
    },
    ObjectTable.Column(name: "NAME", isWide: true) { event, _ in event.name },
  ]

  private static func text(_ event: APIObject, _ field: Key) -> String {
    event.body[field]?.string ?? ""
  }

  private static func source(of event: APIObject) -> String {
    let source = event.body["source"]
    let component = source?["component"]?.string ?? text(event, "reportingComponent")
    guard let host = source?["host"]?.string else { return component }
    return "\(component), \(host)"
  }

  /// The message on one line.
  private static func message(of event: APIObject) -> String {
    text(event, "message").split(separator: "\n").joined(separator: " ")
  }

  private static func seen(_ event: APIObject, _ field: Key, at now: Timestamp) -> String {
    Age.text(of: try? Timestamp(parsing: text(event, field)), at: now)
  }
}
