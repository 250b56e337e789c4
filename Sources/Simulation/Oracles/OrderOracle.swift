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
  /// O16: an owner has a finalizer before something is handed out to it.
  mutating func judgeOrder(
    of grant: Grant, holder: String, for request: ObjectKey, _ process: Int, _ controller: Int
  ) {
    guard isJudged(.order),
      let type = processes[process].controllers[controller].controller.type,
      let owner = server.store.object(type, request), owner.uid == grant.owner
    else { return }
    judges.busy.insert(.order)
    if owner.hasFinalizers { return }
    report(
      found(
        .order, "\(type.kind), \(processes[process].controllers[controller].controller.name)",
        "\(grant.item) of pool \(grant.pool) is handed out to \(holder) before it has a finalizer: "
          + "deleted now, it goes and nobody gives the item back."))
  }

  /// O16: what an object holds is given back before its last finalizer goes.
  mutating func judgeOrder(_ event: StoreEvent, by actor: String) {
    guard isJudged(.order), let before = event.previous, before.isDeleting, before.hasFinalizers,
      !event.object.hasFinalizers || event.kind == .deleted
    else { return }
    judges.busy.insert(.order)
    var held: Ledger.OpenGrant?
    ledger.forEachOpenGrant { open in
      if held == nil, open.grant.owner == event.object.uid { held = open }
    }
    guard let held else { return }
    report(
      found(
        .order, "\(event.object.type.kind), \(Violation.controller(of: actor))",
        "\(actor) takes the last finalizer off \(event.object.type.kind) \(event.object.key), to "
          + "which \(held.grant.item) of pool \(held.grant.pool) is still handed out."))
  }
}
