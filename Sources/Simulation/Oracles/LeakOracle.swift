import Allocation
import Scalars

extension World {
  /// O1: at rest, every grant that is out is recorded by its owner, which is still there.
  func leaks() -> [Violation] {
    ledger.openGrants.compactMap { open in
      let records = records.records(pool: open.grant.pool, item: open.grant.item)
      if records.contains(where: { $0.tells(of: open.grant) }) { return nil }
      return Violation(
        oracle: .leak, sentence: leakSentence(open), step: step, time: now,
        pool: open.grant.pool, item: open.grant.item)
    }
  }

  private func leakSentence(_ open: Ledger.OpenGrant) -> String {
    let item = "\(open.grant.item) of pool \(open.grant.pool)"
    let cause =
      faultAfter(open.openedAt, of: open.actor, holder: open.holder)
      .map { ", " + accountOf($0) } ?? ""
    return "\(item) leaked: \(open.actor) took it for \(open.holder)\(cause), "
      + "and no object records it."
  }

  /// The first fault that hit the taker at or after the time.
  private func faultAfter(
    _ time: Timestamp, of actor: String, holder: String
  ) -> FaultNote? {
    faults.first { fault in
      guard fault.time >= time, let process = fault.process else { return false }
      return actor.hasPrefix(processes[process].plan.name) && holder.hasSuffix("\(fault.request)")
    }
  }

  private func accountOf(_ fault: FaultNote) -> String {
    switch fault.outcome {
    case .crashAfter: "its process crashed before it had the reply to \(fault.operation)"
    case .crashBefore: "its process crashed before it could send \(fault.operation)"
    case .lostReply: "the reply to its \(fault.operation) was lost"
    case .refused: "its \(fault.operation) was refused"
    case .conflict: "its \(fault.operation) met a conflict"
    case .normal: "nothing went wrong"
    }
  }
}
