import APIMachinery
import Allocation

extension World {
  /// I3: what a live object begins to record is granted to it, with the same generation.
  func judgeGranted(_ record: AllocationRecord) -> Violation? {
    guard !record.isTerminating, isBackedByLedger(record.pool) else { return nil }
    let open = ledger.openGrants(pool: record.pool, item: record.item)
    if open.contains(where: { !$0.isClosing && record.tells(of: $0.grant) }) { return nil }
    let truth: String
    if let other = open.first {
      truth =
        other.isClosing
        ? "it is being given back by \(other.holder)" : "it is granted to \(other.holder)"
    } else {
      truth = "it is granted to nobody"
    }
    return dangling(record, truth)
  }

  /// I3: what is given back is not recorded by a live object any more.
  func judgeClosed(_ grant: Grant, by actor: String, for request: ObjectKey?) -> Violation? {
    guard let record = liveRecord(of: grant) else { return nil }
    return dangling(
      record, "\(account(actor, request)) has given it back", actor, .prematureRelease)
  }

  /// I3: what is being given back is not recorded by a live object any more.
  func judgeClosing(_ grant: Grant, by actor: String, for request: ObjectKey?) -> Violation? {
    guard let record = liveRecord(of: grant) else { return nil }
    return dangling(
      record, "\(account(actor, request)) is giving it back", actor, .prematureRelease)
  }

  private func liveRecord(of grant: Grant) -> AllocationRecord? {
    records.records(pool: grant.pool, item: grant.item)
      .first { !$0.isTerminating && $0.tells(of: grant) }
  }

  private func account(_ actor: String, _ request: ObjectKey?) -> String {
    request.map { "\(actor), at work on \($0)," } ?? actor
  }

  private func dangling(
    _ record: AllocationRecord, _ truth: String, _ actor: String = "",
    _ bugClass: Violation.BugClass = .doubleAllocation
  ) -> Violation {
    Violation(
      oracle: .danglingRecord,
      sentence: "\(record.holder) records \(record.item) of pool \(record.pool), but \(truth).",
      step: step, time: now, pool: record.pool, item: record.item,
      subject: Violation.kind(of: record.holder)
        + (actor.isEmpty ? "" : ", \(Violation.controller(of: actor))"),
      bugClass: bugClass)
  }

  /// Books in a process's memory are gone after a crash while records stay, so what they do not know proves nothing;
  /// what they give back does.
  private func isBackedByLedger(_ pool: String) -> Bool { books.index(ofPool: pool) != nil }
}
