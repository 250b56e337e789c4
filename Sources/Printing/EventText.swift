import APIMachinery
import Scalars
import ValueTree

/// The cells of Events, which are written in two ways: with counts and times, or as a series.
enum EventText {
  /// What the way of this name makes of an Event; nil for another name.
  static func value(_ name: String, _ event: APIObject, _ now: Timestamp) -> Value? {
    switch name {
    case "lastSeen":
      let series = event.body["series"]?["lastObservedTime"]
      return age(event.body["lastTimestamp"] ?? series ?? event.body["eventTime"], now)
    case "firstSeen": return age(event.body["firstTimestamp"] ?? event.body["eventTime"], now)
    case "involved":
      let object = event.body["involvedObject"]
      let kind = object?["kind"]?.string ?? ""
      return Value("\(kind.lowercased())/\(object?["name"]?.string ?? "")")
    case "eventSource":
      let source = event.body["source"]
      let component = source?["component"] ?? event.body["reportingComponent"]
      let host = source?["host"]?.string.map { ", \($0)" } ?? ""
      return Value((component?.string ?? "") + host)
    case "eventMessage":
      // A table has a line for each.
      let text = event.body["message"]?.string ?? ""
      return Value(text.split(separator: "\n").joined(separator: " "))
    case "eventCount": return event.body["count"] ?? event.body["series"]?["count"] ?? 1
    case "name": return Value(event.name)
    default: return nil
    }
  }

  private static func age(_ time: Value?, _ now: Timestamp) -> Value {
    let time = time?.string.flatMap { try? Timestamp(parsing: $0) }
    return Value(time.map { Age.text(of: $0, at: now) } ?? "<unknown>")
  }
}
