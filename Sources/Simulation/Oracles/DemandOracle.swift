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
  /// O2 and L3, at rest: a claim records neither more than it asks for, nor less without saying why.
  mutating func judgeDemand() {
    guard isJudged(.surplus) || isJudged(.unsatisfied) else { return }
    judgeDemand(DeviceBinding.self)
    judgeDemand(GPUClaim.self)
    judgeDemand(IPClaim.self)
    judgeDemand(PortClaim.self)
  }

  private mutating func judgeDemand<Claim: PoolClaim>(_: Claim.Type) {
    guard server.store.count(Claim.type) > 0, isServed(Claim.type) else { return }
    for (_, object) in server.store.objects(Claim.type) where !object.isDeleting {
      judges.busy.insert(.surplus)
      judges.busy.insert(.unsatisfied)
      let claim = Claim(object)
      let records = plan.recordRules.records(of: object) ?? []
      let had = records.count
      if had > claim.count {
        report(
          found(
            .surplus, Claim.type.kind,
            "\(claim.holder) asks for \(claim.count) of pool \(claim.pool) and records "
              + "\(records.map(\.item).joined(separator: ", "))."))
      } else if had < claim.count, claim.message ?? "" == "" {
        let free = allBooks.first { $0.name == claim.pool }?.freeCount ?? 0
        report(
          found(
            .unsatisfied, Claim.type.kind,
            "\(claim.holder) asks for \(claim.count) of pool \(claim.pool), has \(had), and its "
              + "status does not say why; \(free) \(free == 1 ? "is" : "are") free."))
      }
    }
  }

  /// Whether a controller of the plan works on objects of the kind.
  private func isServed(_ type: ResourceType) -> Bool {
    plan.processes.contains { process in
      process.controllers.contains { $0.type?.index == type.index }
    }
  }
}
