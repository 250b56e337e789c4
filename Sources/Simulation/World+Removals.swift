import APIMachinery
import APIServer
import APIStore
import ControllerRuntime
import Scalars

/// A deletion that has found its object free and has not taken it out: others can come in between (semantics 1.2, C6).
struct RemovalInFlight: Sendable {
  /// The worker that waits for the answer.
  struct Waiter: Sendable {
    let process: Int
    let controller: Int
    let worker: Int
    /// The process's life in which it asked.
    let incarnation: UInt64
    let effect: Effect
  }

  let removal: PendingRemoval
  let actor: String
  /// Nil for a user, and where the reply will not arrive.
  let waiter: Waiter?
}

/// Deletions in two steps, in worlds whose server has the race between finalizers and deletions.
extension World {
  /// The removal that a deletion comes down to; nil where it does something else, or the race is mended.
  func pendingRemoval(_ request: APIRequest) -> PendingRemoval? {
    guard server.settings.deleteFinalizerRace == .legacy,
      case .delete(let type, let key, let options) = request, !options.isDryRun,
      refusal(of: request) == nil
    else { return nil }
    var trial = server
    guard case .pending(let removal)? = try? trial.beginDeletion(type, key, options, at: now) else {
      return nil
    }
    return removal
  }

  /// Lets the removal wait for its turn, and with it the worker that asked for it.
  mutating func hold(
    _ removal: PendingRemoval, by actor: String, for waiter: RemovalInFlight.Waiter?
  ) {
    removals.append(RemovalInFlight(removal: removal, actor: actor, waiter: waiter))
  }

  /// Takes an object out whose deletion has begun before, and answers whoever waits for it.
  mutating func finishRemoval(_ index: Int) {
    let flight = removals.remove(at: index)
    let removal = flight.removal
    let result: Result<APIResponse, StatusError> = observing(removal.type, by: flight.actor) {
      world in
      do throws(StatusError) {
        let deletion = try world.server.finish(removal, at: world.now)
        return .success(deletion.isRemoval ? .removed(deletion.object) : .object(deletion.object))
      } catch { return .failure(error) }
    }
    let reply = Reply.api(result)
    mixTrace(reply.stableHash)
    tell(.world, "the server removes \(removal.type.definition.singular) \(removal.key)")
    guard let waiter = flight.waiter, processes[waiter.process].isRunning,
      processes[waiter.process].incarnation == waiter.incarnation
    else { return }
    resume(waiter.process, waiter.controller, waiter.worker, waiter.effect, with: reply)
  }
}
