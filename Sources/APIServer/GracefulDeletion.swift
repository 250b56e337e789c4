import APIMachinery
import Scalars
import ValueTree

/// How a deletion's grace moves on (semantics 1.2, phase A, and 1.7).
enum GracefulDeletion {
  enum Outcome {
    /// The object has a period of grace, which the header now says.
    case graceful
    /// Nothing changes: the grace that runs is not longer than the one asked for.
    case pending
    /// Only finalizers can hold the object.
    case notGraceful
  }

  /// What a deletion means for an object, whose header is changed where grace begins or becomes shorter.
  static func outcome(
    of stored: APIObject, _ options: DeleteOptions, _ header: inout ObjectHeader,
    at now: Timestamp, _ settings: ServerSettings
  ) -> Outcome {
    guard stored.type.isPod else { return .notGraceful }
    let wanted = options.gracePeriodSeconds.map { $0 < 0 ? 1 : $0 }
    guard let time = header.deletionTimestamp else {
      let grace = grace(of: stored, wanted)
      header.deletionTimestamp = (now + .seconds(grace)).truncatedToSecond
      header.deletionGracePeriodSeconds = grace
      bumpGeneration(&header, stored.type, settings)
      return .graceful
    }
    // An earlier request has set the time and was cut off before the removal.
    guard let running = header.deletionGracePeriodSeconds, running > 0 else { return .notGraceful }
    guard let wanted, wanted < running else { return .pending }
    var due = time - .seconds(running) + .seconds(wanted)
    var left = wanted
    if due < now {
      due = now.truncatedToSecond
      // Another actor still has to send the last deletion, with no grace at all.
      if wanted > 0 { left = 1 }
    }
    header.deletionTimestamp = due
    header.deletionGracePeriodSeconds = left
    return .graceful
  }

  /// Marks an object that finalizers hold.
  static func markAsDeleting(
    _ header: inout ObjectHeader, _ type: ResourceType, at now: Timestamp,
    _ settings: ServerSettings
  ) {
    let current = now.truncatedToSecond
    if header.deletionTimestamp == nil { bumpGeneration(&header, type, settings) }
    header.deletionTimestamp = header.deletionTimestamp.map { min($0, current) } ?? current
    header.deletionGracePeriodSeconds = 0
  }

  /// Once, when the time is first set, and of kinds that count at all (semantics 1.6).
  private static func bumpGeneration(
    _ header: inout ObjectHeader, _ type: ResourceType, _ settings: ServerSettings
  ) {
    guard header.generation > 0,
      !settings.kindsWithSilentDeletion.contains(type.qualifiedPlural)
    else { return }
    header.generation += 1
  }

  private static let gracePath = FieldPath(Fields.spec, "terminationGracePeriodSeconds")
  private static let nodePath = FieldPath(Fields.spec, "nodeName")
  private static let phasePath = FieldPath(Fields.status, "phase")
  /// What the server sets where a pod says nothing.
  private static let defaultSeconds: Int64 = 30

  /// The grace of a pod: none where no node runs it any more.
  private static func grace(of pod: APIObject, _ wanted: Int64?) -> Int64 {
    if (pod.body[nodePath]?.string ?? "").isEmpty { return 0 }
    let phase = pod.body[phasePath]?.string
    if phase == "Succeeded" || phase == "Failed" { return 0 }
    let grace = wanted ?? pod.body[gracePath]?.int ?? defaultSeconds
    return grace < 0 ? 1 : grace
  }
}

extension ResourceType {
  /// Whether objects of this kind are pods, the only built-in kind with a period of grace.
  var isPod: Bool { kind == "Pod" && definition.group.isEmpty }
}
