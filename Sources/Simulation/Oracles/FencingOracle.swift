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
  /// O10: once a leader has called a pool, no call of one that led before is carried out.
  mutating func judgeFencing(
    _ call: AllocatorCall, _ epoch: FencingToken, by actor: String
  ) {
    judges.busy.insert(.staleLeader)
    for index in judges.leaders.indices
    where judges.leaders[index].pool == call.pool && judges.leaders[index].lease == epoch.lease {
      let latest = judges.leaders[index]
      if epoch.transitions < latest.epoch {
        report(
          found(
            .staleLeader, "\(call.pool), \(Violation.controller(of: actor))",
            "pool \(call.pool) carries out \(call.operation) for \(actor), which has lost the lease "
              + "\(epoch.lease) to \(latest.actor) before."))
      } else {
        judges.leaders[index].epoch = epoch.transitions
        judges.leaders[index].actor = actor
      }
      return
    }
    judges.leaders.append(
      Judges.Leader(
        pool: call.pool, lease: epoch.lease, epoch: epoch.transitions, actor: actor))
  }
}
