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
  /// O4, at rest: finalizers that wait for each other.
  ///
  /// One waits for another where it goes by itself once somebody has taken the other one off. That is tried, in copies of
  /// the world, which cost nothing until something is stuck. Where each of two waits for the other, none of them is to
  /// blame alone; where only one does, the other is what is stuck.
  mutating func judgeFinalizerCycles() {
    guard isJudged(.finalizerCycle) else { return }
    let stuck = heldFinalizers
    guard (2...Self.triedFinalizersMax).contains(stuck.count) else { return }
    judges.busy.insert(.finalizerCycle)
    let freed = stuck.map { finalizersThatGo(without: $0, of: stuck) }
    var told: Set<Int> = []
    for first in stuck.indices where !told.contains(first) {
      let ring = stuck.indices.filter { other in
        other == first || (freed[first].contains(other) && freed[other].contains(first))
      }
      guard ring.count > 1 else { continue }
      told.formUnion(ring)
      let names = ring.map { "\(stuck[$0].name) of \(stuck[$0].type.kind) \(stuck[$0].key)" }
      report(
        found(
          .finalizerCycle, ring.map { stuck[$0].name }.joined(separator: ", "),
          "The finalizers \(names.joined(separator: " and ")) wait for each other: take one of "
            + "them off, and \(ring.count == 2 ? "the other one goes" : "all others go")."))
    }
  }

  private static let triedFinalizersMax = 8

  private struct HeldFinalizer {
    let type: ResourceType
    let key: ObjectKey
    let uid: UID
    let name: String
  }

  /// The finalizers of all that is being deleted.
  private var heldFinalizers: [HeldFinalizer] {
    var held: [HeldFinalizer] = []
    for type in server.registry.types where server.store.count(type) > 0 {
      server.store.objects(type).forEachValue { object in
        guard object.isDeleting else { return }
        for name in object.finalizers {
          held.append(HeldFinalizer(type: type, key: object.key, uid: object.uid, name: name))
        }
      }
    }
    return held
  }

  /// Which of the others go by themselves once one has been taken off.
  private func finalizersThatGo(
    without one: HeldFinalizer, of stuck: [HeldFinalizer]
  ) -> Set<Int> {
    var fork = self
    fork.violations = []
    fork.isOver = false
    fork.timeline = nil
    fork.judges = Judges(WorldPlan(oracles: OracleSettings(judged: OracleSet())), isTold: false)
    fork.workloadPosition = plan.workload.count
    fork.stripFinalizers(of: one.type, one.key, [one.name], by: Self.foreigner)
    fork.settle()
    return Set(
      stuck.indices.filter { index in
        let other = stuck[index]
        guard other.uid != one.uid || other.name != one.name else { return false }
        let object = fork.server.store.object(other.type, other.key)
        return object?.uid != other.uid || object?.finalizers.contains(other.name) != true
      })
  }
}
