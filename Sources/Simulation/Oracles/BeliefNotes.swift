import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation
import ControllerRuntime
import PersistentCollections
import Scalars
import ValueTree

/// What a controller takes for true when it writes, and what is so: the heart of most stories.
extension World {
  mutating func noteBelief(
    _ effect: Effect, _ request: ObjectKey, _ thread: ReconcileThread, _ actor: String,
    _ isApplied: Bool, _ process: Int
  ) {
    let action = "\(effect.operation) \(effect.subject)"
    func note(_ belief: String, _ truth: String) {
      judges.beliefs.append(
        Belief(
          step: step, actor: actor, action: action, belief: belief, truth: truth,
          isApplied: isApplied))
    }
    var read: ReconcileThread.Read?
    switch effect {
    case .api(let write):
      guard let key = write.key else { return }
      read = thread.read(write.type, key)
    case .allocator(let call):
      read = thread.reads.last { $0.key == request }
      if let (belief, truth) = misjudgedHoldings(call, read, thread) { return note(belief, truth) }
    default: return
    }
    guard let read, let (belief, truth) = staleness(of: read) else { return }
    note(belief, truth)
  }

  /// What has become of an object since it was read, where that is something.
  private func staleness(of read: ReconcileThread.Read) -> (belief: String, truth: String)? {
    let present = server.store.object(read.type, read.key)
    let name = "\(read.type.kind) \(read.key)"
    guard let object = read.object else {
      guard let present else { return nil }
      return ("there is no \(name)", "it is there, at revision \(present.resourceVersion)")
    }
    let belief = "\(name) is as at revision \(object.resourceVersion)"
    guard let present else { return (belief, "it is gone") }
    if present.uid != object.uid {
      return (belief, "that one is gone, and another of its name is there")
    }
    if present.resourceVersion == object.resourceVersion { return nil }
    let changes = Self.changes(object, present)
    return (
      belief,
      "it is at revision \(present.resourceVersion)"
        + (changes.isEmpty ? "" : ": \(changes.joined(separator: ", "))")
    )
  }

  /// What has changed, in few words.
  private static func changes(_ old: APIObject, _ new: APIObject) -> [String] {
    var changes: [String] = []
    if new.isDeleting, !old.isDeleting { changes.append("it is being deleted") }
    for finalizer in new.finalizers where !old.finalizers.contains(finalizer) {
      changes.append("finalizer \(finalizer) was added")
    }
    for finalizer in old.finalizers where !new.finalizers.contains(finalizer) {
      changes.append("finalizer \(finalizer) was taken off")
    }
    for (field, value) in new.body.members where field != Fields.metadata {
      if old.body[field] != value { changes.append("its \(field.text) is another") }
    }
    return changes
  }

  /// What a caller of an allocator takes its owner to hold, where the ledger knows better.
  private func misjudgedHoldings(
    _ call: AllocatorCall, _ read: ReconcileThread.Read?, _ thread: ReconcileThread
  ) -> (belief: String, truth: String)? {
    guard let object = read?.object, let records = plan.recordRules.records(of: object) else {
      return nil
    }
    switch call {
    case .takeRaw(let request), .ensure(let request):
      let recorded = records.map(\.item)
      let held = openItems(of: request.owner, request.pool).filter { !recorded.contains($0) }
      guard !held.isEmpty else { return nil }
      return (
        "\(request.holder) holds \(recorded.isEmpty ? "nothing" : Self.listed(recorded)) "
          + "(its status at revision \(object.resourceVersion))",
        "\(Self.listed(held)) \(held.count == 1 ? "is" : "are") granted to it already"
      )
    case .freeRaw(let pool, let item):
      let open = ledger.openGrants(pool: pool, item: item)
      guard !open.contains(where: { $0.grant.owner == object.uid }) else { return nil }
      return (
        "\(item) of pool \(pool) is \(object.type.kind) \(object.key)'s",
        open.first.map { "it is granted to \($0.holder)" } ?? "it is free"
      )
    default: return nil
    }
  }

  private func openItems(of owner: UID, _ pool: String) -> [String] {
    var items: [String] = []
    ledger.forEachOpenGrant { open in
      if open.grant.owner == owner, open.grant.pool == pool { items.append(open.grant.item) }
    }
    return items
  }

  private static func listed(_ items: [String]) -> String { items.joined(separator: ", ") }
}
