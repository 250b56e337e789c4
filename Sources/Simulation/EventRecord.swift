import APIMachinery
import ControllerRuntime
import Scalars
import ValueTree

/// An Event object: what a controller said of an object, how often, and when first and last.
///
/// Repeats are counted in one object, as client-go's recorder does it: what is the same but for its time makes one
/// Event; where an object has many that differ only in their message, the further ones are combined.
struct EventRecord {
  let note: EventNote
  let component: String

  /// How many Events may differ only in their messages before they are combined.
  static let similarMax = 10
  /// How far back similar Events are looked for.
  static let similarInterval = GoDuration.seconds(600)

  private static let combined = "(combined from similar events): "

  /// Whether objects of this kind are Events.
  static func isEvent(_ type: ResourceType) -> Bool {
    type.kind == "Event" && type.definition.group.isEmpty
  }

  /// What Events' names begin with; room is left for the rest.
  var namePrefix: String {
    String(decoding: note.object.name.utf8.prefix(236), as: UTF8.self) + "."
  }

  /// Where the Event lives: beside its object, or with the default ones.
  var namespace: String { note.object.namespace.isEmpty ? "default" : note.object.namespace }

  /// What is to be done with this note, given the Events of its object.
  enum Writing {
    /// A first one of its kind.
    case create(name: String, body: Value)
    /// One more of an Event that is there.
    case count(ObjectKey, patch: Value)
  }

  func writing(among events: [APIObject], at now: Timestamp) -> Writing {
    let similar = events.filter(isSimilar)
    let recent = similar.filter { event in
      guard let last = event.body["lastTimestamp"]?.string, let time = try? Timestamp(parsing: last)
      else { return false }
      return now - time <= Self.similarInterval
    }
    var message = note.message
    var same = similar.last { $0.body["message"]?.string == message }
    if same == nil {
      let others = recent.filter { !isCombined($0) }
      if others.count + 1 >= Self.similarMax {
        message = Self.combined + message
        same = similar.last(where: isCombined)
      }
    }
    guard let same else { return .create(name: name(at: now), body: body(message, at: now)) }
    let count = same.body["count"]?.int ?? 1
    return .count(
      same.key,
      patch: [
        "count": Value(count + 1), "lastTimestamp": Value(now.text(.seconds)),
        "message": Value(message),
      ])
  }

  private func isCombined(_ event: APIObject) -> Bool {
    event.body["message"]?.string?.hasPrefix(Self.combined) ?? false
  }

  private func isSimilar(_ event: APIObject) -> Bool {
    let object = event.body["involvedObject"]
    return object?["uid"]?.string == note.uid?.description
      && object?["kind"]?.string == note.type.kind
      && object?["apiVersion"]?.string == note.type.apiVersion
      && object?["name"]?.string == note.object.name
      && event.body["reason"]?.string == note.reason
      && event.body["type"]?.string == type
      && event.body["source"]?["component"]?.string == component
  }

  private var type: String { note.isWarning ? "Warning" : "Normal" }

  /// The object's name and sixteen digits that no other of its Events has.
  private func name(at now: Timestamp) -> String {
    var hash = StableHash(seed: UInt64(bitPattern: now.seconds))
    hash.combine(UInt64(now.nanoseconds))
    hash.combine(Effect.event(note).stableHash)
    hash.combine(note.uid?.high ?? 0)
    hash.combine(note.uid?.low ?? 0)
    hash.combine(component)
    let digits = String(hash.value, radix: 16)
    return namePrefix + String(repeating: "0", count: 16 - digits.count) + digits
  }

  private func body(_ message: String, at now: Timestamp) -> Value {
    let time = Value(now.text(.seconds))
    var object: Value = [
      "apiVersion": Value(note.type.apiVersion), "kind": Value(note.type.kind),
      "name": Value(note.object.name),
    ]
    if !note.object.namespace.isEmpty { object[member: "namespace"] = Value(note.object.namespace) }
    if let uid = note.uid { object[member: "uid"] = Value(uid.description) }
    return [
      "involvedObject": object, "reason": Value(note.reason), "message": Value(message),
      "type": Value(type), "count": 1, "firstTimestamp": time, "lastTimestamp": time,
      "source": ["component": Value(component)], "reportingComponent": Value(component),
      "reportingInstance": "",
    ]
  }
}
