import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation
import ControllerRuntime
import PersistentCollections
import Scalars
import ValueTree

extension World {
  /// O5: an object that nobody disturbs does not go through the same states again and again.
  ///
  /// Nobody looks before a run has gone on for thousands of steps without fault and user, which none does that comes
  /// to rest.
  mutating func judgeOscillation(_ event: StoreEvent, by actor: String) {
    let disturbed = max(faults.last?.step ?? 0, judges.lastUserStep)
    if disturbed + Judges.calmSteps >= step {
      judges.calmUntil = disturbed + Judges.calmSteps
      judges.oscillation = [:]
      return
    }
    guard event.kind == .modified, event.object.type.kind != "Lease" else { return }
    var states = judges.oscillation[event.object.uid] ?? [:]
    let count = (states[event.object.contentHash] ?? 0) + 1
    states[event.object.contentHash] = count
    judges.oscillation[event.object.uid] = states
    guard count >= Self.repeatsMax else { return }
    let kind = event.object.type.kind
    violations.append(
      found(
        .neverSettled, "\(kind), \(Violation.controller(of: actor))",
        "The world does not come to rest: \(kind) \(event.object.key) goes round through "
          + "\(states.count) states, lastly by \(actor), and nobody disturbs it."))
  }

  private static let repeatsMax = 20
}
