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
  /// O15, at the end: all processes start anew, and find nothing to do.
  ///
  /// What is done must follow from what is, and not from how it came about. A copy of the world is taken on; this one
  /// stays as it is.
  mutating func judgeLevelTrigger() {
    // Books in memory go with their processes, and to fill them again is work.
    guard isJudged(.levelTrigger), memoryPools.isEmpty else { return }
    judges.busy.insert(.levelTrigger)
    var fork = self
    fork.isOver = false
    fork.timeline = nil
    fork.judges = Judges(WorldPlan(oracles: OracleSettings(judged: OracleSet())), isTold: false)
    for process in fork.processes.indices where fork.processes[process].isRunning {
      fork.crash(process, because: "for a look at what it does anew")
    }
    fork.settle()
    guard let difference = firstDifference(from: fork) else { return }
    report(found(.levelTrigger, difference.kind, difference.text))
  }

  private func firstDifference(from other: World) -> (kind: String, text: String)? {
    for type in server.registry.types
    where type.kind != "Lease" && !EventRecord.isEvent(type)
      && (server.store.count(type) > 0 || other.server.store.count(type) > 0)
    {
      let here = server.store.objects(type)
      let there = other.server.store.objects(type)
      for (key, object) in here {
        guard let again = there[key] else {
          return (type.kind, Self.anew(type, key, "takes it away"))
        }
        if again.contentHash != object.contentHash {
          return (type.kind, Self.anew(type, key, "changes it"))
        }
      }
      for (key, _) in there where here[key] == nil {
        return (type.kind, Self.anew(type, key, "makes it"))
      }
    }
    return nil
  }

  private static func anew(_ type: ResourceType, _ key: ObjectKey, _ change: String) -> String {
    "\(type.kind) \(key) depends on how it came about: started anew at rest, a controller \(change)."
  }
}
