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
  /// Lets the oracles see a write.
  mutating func noteWrite(_ object: APIObject, isRemoval: Bool, by actor: String) {
    lastProgress = now
    guard let new = isRemoval ? [] : plan.recordRules.records(of: object) else { return }
    let change = records.update(of: object.uid, to: new)
    for record in change.removed where !change.added.contains(where: { $0.isSameClaim(as: record) })
    {
      ledger.noteRecord(record, isGone: true, by: actor, at: now)
      for open in ledger.openGrants(pool: record.pool, item: record.item)
      where record.tells(of: open.grant) {
        grantStories.mutateValue(forKey: GrantStory.Name(open.grant)) { $0.unrecordedAt = step }
      }
    }
    if !change.added.isEmpty { judges.busy.insert(.danglingRecord) }
    for record in change.added {
      if !change.removed.contains(where: { $0.isSameClaim(as: record) }) {
        ledger.noteRecord(record, isGone: false, by: actor, at: now)
      }
      if let violation = judgeRecorded(record) ?? judgeGranted(record) { report(violation) }
    }
  }

  /// What must hold when nothing moves any more.
  mutating func judgeAtRest(isEnd: Bool = false) {
    for violation in leaks() { report(violation) }
    let stuck = stuckDeletions()
    for violation in stuck { report(violation) }
    if !stuck.isEmpty { judgeFinalizerCycles() }
    // What follows is often a consequence of those, which are the shorter story.
    guard violations.isEmpty else { return }
    judgeOwners()
    judgeDemand()
    judgeBooksAndCaches()
    judgeIdempotence()
    if !plan.properties.isEmpty { judgePropertiesAtRest(isEnd: isEnd) }
    guard isEnd, violations.isEmpty else { return }
    judgeThresholds()
    judgeLevelTrigger()
  }

  /// O4: at rest nothing is being deleted.
  private func stuckDeletions() -> [Violation] {
    var found: [Violation] = []
    for type in server.registry.types
    where server.store.count(type) > 0 && (!type.isNamespace || hasNamespaceController) {
      server.store.objects(type).forEachValue { object in
        guard object.isDeleting else { return }
        let writer = judges.lastWriters[object.uid]
        let finalizers = object.finalizers
        let obstacle =
          switch finalizers.count {
          case 0:
            type.isNamespace
              ? object.remainingContent ?? "its content stays" : "its grace has not been ended"
          case 1: "its finalizer \(finalizers[0]) stays"
          default: "its finalizers \(finalizers.joined(separator: ", ")) stay"
          }
        found.append(
          Violation(
            oracle: .stuckDeletion,
            sentence: "\(type.kind) \(object.key) is being deleted and never goes: "
              + "\(obstacle), and nobody works on it"
              + (writer.map { "; \($0) wrote it last." } ?? "."),
            step: step, time: now,
            subject: ([type.kind] + finalizers).joined(separator: ", ")))
      }
    }
    return found
  }

  /// Whether anybody takes care of namespaces; without, they stay as in a cluster without a control plane.
  private var hasNamespaceController: Bool {
    plan.processes.contains { process in
      process.controllers.contains { $0.type?.isNamespace == true }
    }
  }

  /// O5: a run must come to rest.
  func neverSettled() -> Violation {
    let why =
      hasTakenTooMany
      ? "after \(step) decisions" : "though nothing has changed for \(now - lastProgress)"
    var waiting: [String] = []
    var subject = ""
    for process in processes.indices {
      // Once is bad luck; who does not fit into its memory is killed again as soon as it has listed.
      if let count = judges.memoryKills[process], count > 1,
        let most = plan.processes[process].cacheMax
      {
        if subject.isEmpty { subject = plan.processes[process].controllers.first?.name ?? "" }
        waiting.append(
          "\(processes[process].plan.name) was killed for want of memory \(count) times (more than "
            + "\(most) object\(most == 1 ? "" : "s") in its caches)")
      }
      for controller in processes[process].controllers.indices {
        let state = processes[process].controllers[controller]
        for (key, _) in state.queue.delayedKeys where state.queue.failures(of: key) > 0 {
          if subject.isEmpty { subject = state.controller.name }
          let place = Judges.FailurePlace(process: process, controller: controller, key: key)
          let count = state.queue.failures(of: key)
          waiting.append(
            "\(processes[process].plan.name)/\(state.controller.name) keeps failing on \(key) "
              + "(\(count) time\(count == 1 ? "" : "s"))"
              + (judges.errors[place].map { ": \($0)" } ?? ""))
        }
        for (worker, work) in state.workers.enumerated() {
          guard let request = work.request, let effect = work.pending else { continue }
          if subject.isEmpty { subject = state.controller.name }
          waiting.append(
            "\(actorName(process, controller, worker)) is still at work on \(request), "
              + "about to \(effect.operation)")
        }
      }
    }
    let detail = waiting.isEmpty ? "" : ": " + waiting.joined(separator: "; ")
    return Violation(
      oracle: .neverSettled, sentence: "The world did not come to rest \(why)\(detail).",
      step: step, time: now, subject: subject)
  }
}

extension AllocationRecord {
  /// Whether both say the same of the same item, apart from the owner being deleted or not.
  fileprivate func isSameClaim(as other: AllocationRecord) -> Bool {
    pool == other.pool && item == other.item && owner == other.owner
      && generation == other.generation
  }
}

extension ResourceType {
  fileprivate var isNamespace: Bool { definition.group.isEmpty && kind == "Namespace" }
}
