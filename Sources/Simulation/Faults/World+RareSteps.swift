import APIMachinery
import APIServer
import APIStore
import ControllerRuntime
import PersistentCollections
import Scalars
import ValueTree

/// Steps of a workload that people take less often, and what limits bring with them.
extension World {
  /// Takes a step of the workload that is more than one plain request.
  mutating func takeRareStep(_ action: WorldPlan.UserAction) {
    switch action {
    case .patchPart(let type, let key, let patch, let part):
      requestByUser(
        .mergePatch(type, key, patch, subresource: part),
        "changes the \(part.rawValue) of \(type.definition.singular) \(key)")
      if part == .status { noteOverride("the user edited the status of \(type.plural) \(key)") }
    case .scale(let type, let key, let count):
      requestByUser(
        .mergePatch(type, key, ["spec": ["replicas": Value(count)]]),
        "scales \(type.definition.singular) \(key) to \(count)")
    case .recreate(let type, let key):
      guard let object = server.store.object(type, key) else { return }
      recreate(object, by: "user")
    case .stripFinalizers(let type, let key, let names):
      stripFinalizers(of: type, key, names, by: "user")
      noteOverride("the user took finalizers off \(type.plural) \(key)")
    case .forceDelete(let type, let key):
      guard let object = server.store.object(type, key) else { return }
      forceDelete(object, by: "user")
      noteOverride("the user deleted \(type.plural) \(key) by force")
    case .release(let item, let pool): release(item: item, of: pool, by: "user")
    case .take(let item, let pool): take(item: item, of: pool, by: "user")
    case .restart(let name): stop(name, "because the user restarts it")
    case .upgrade(let name):
      guard let process = stop(name, "because the user upgrades it") else { return }
      processes[process].changeVersion()
    case .apply, .patch, .delete, .look:
      preconditionFailure("plain steps are taken where they are read")
    }
  }

  @discardableResult
  private mutating func stop(_ name: String, _ reason: String) -> Int? {
    guard let process = processes.firstIndex(where: { $0.plan.name == name }) else { return nil }
    if processes[process].isRunning { crash(process, because: reason) }
    return process
  }

  /// The next time at which the world stops for a decision; nil where none is left.
  var nextAppointment: Timestamp? {
    if plan.appointments.isEmpty { return nil }
    for delay in plan.appointments where plan.startTime + delay > now {
      return plan.startTime + delay
    }
    return nil
  }

  /// Whether the store is kept as it was before each of the user's steps.
  var keepsSnapshots: Bool { plan.keepsSnapshots && snapshots.count < 16 }

  /// Kills a process whose caches hold more than it has memory for.
  mutating func killIfTooLarge(_ process: Int, _ most: Int) {
    guard processes[process].isRunning else { return }
    let count = processes[process].informers.reduce(0) { $0 + $1.cache.objects.count }
    guard count > most else { return }
    judges.memoryKills[process, default: 0] += 1
    crash(process, because: "for want of memory (OOMKilled): \(count) objects in its caches")
  }
}
