import Allocation
import PersistentCollections
import Scalars

extension World {
  /// O1: at rest, every grant that is out is recorded by its owner, which is still there.
  func leaks() -> [Violation] {
    var found: [Violation] = []
    ledger.forEachOpenGrant { open in
      if records.tells(of: open.grant) { return }
      found.append(
        Violation(
          oracle: .leak, sentence: leakSentence(open), step: step, time: now,
          pool: open.grant.pool, item: open.grant.item,
          subject: "\(Violation.kind(of: open.holder)), \(Violation.controller(of: open.actor))"))
    }
    return found
  }

  private func leakSentence(_ open: Ledger.OpenGrant) -> String {
    let story = grantStories[GrantStory.Name(open.grant)]
    var sentence = "\(open.grant.item) of pool \(open.grant.pool) leaked: "
    sentence += "\(open.actor) took it for \(open.holder), "
    if let story, let fault = fault(behind: story) {
      sentence += account(of: fault, for: story.request, in: story.process) + ", "
    }
    return sentence + "and no object records it"
      + (story?.unrecordedAt == nil ? "." : " any more.")
  }
}
