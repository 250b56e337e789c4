import APIAllocation
import APIMachinery
import Allocation
import ControllerRuntime
import ValueTree

extension World {
  /// Tells of an effect, what came back, and the fault, if there was one.
  mutating func tellEffect(
    _ effect: Effect, _ reply: Reply?, _ outcome: Decision.Outcome, _ process: Int,
    _ controller: Int, _ worker: Int
  ) {
    guard timeline != nil else { return }
    let base = "\(effect.operation) \(Self.subject(of: effect))"
    var result = reply.map(account) ?? ""
    if case .allocator(.held) = effect, result.isEmpty { result = ": nothing" }
    let text: String
    switch outcome {
    case .normal: text = "\(base)\(result)"
    case .refused: text = "\(base): REFUSED, not carried out"
    case .conflict: text = "\(base): CONFLICT, as if another write had come first"
    case .lostReply: text = "\(base)\(result), but the REPLY IS LOST"
    case .crashBefore: text = "\(base): never sent"
    case .crashAfter: text = "\(base)\(result)"
    case .lateSuccess: text = "\(base): TIMED OUT, and is still on its way"
    case .sentTwice: text = "\(base)\(result), and SENT TWICE"
    case .slowReply: text = "\(base)\(result), but the REPLY IS SLOW"
    case .exhausted: text = "\(base): told that the pool is EXHAUSTED"
    case .notFound: text = "\(base): told that NOTHING IS THERE"
    case .throttled, .serverError, .rejected, .webhookTimeout, .quota:
      text = "\(base): not carried out, \(outcome.rawValue.uppercased())"
    }
    tell(
      .worker(process, controller, worker), text, isFault: outcome != .normal,
      isMinor: !effect.isWrite)
  }

  /// What the effect is about, in more words than a schedule needs.
  private static func subject(of effect: Effect) -> String {
    guard case .allocator(let call) = effect else { return effect.subject }
    switch call {
    case .ensure(let request), .takeRaw(let request):
      return "\(request.count) of \(effect.subject)"
    case .release(_, let item, _, _), .freeRaw(_, let item): return "\(item) of \(effect.subject)"
    case .held: return "by its owner of \(effect.subject)"
    default: return effect.subject
    }
  }

  private func account(of reply: Reply) -> String {
    switch reply {
    case .cached(nil): ": nothing in the cache"
    case .cached(let object?): ": revision \(object.resourceVersion)\(state(of: object))"
    case .cachedList(let objects): ": \(objects.count)"
    case .api(.success(.removed(let object))): ": revision \(object.resourceVersion), gone"
    case .api(.success(.object(let object))):
      ": revision \(object.resourceVersion)\(state(of: object))"
    case .api(.success(.list(let list))): ": \(list.objects.count) at revision \(list.revision)"
    case .discovered(.success(let types)):
      types.isEmpty ? ": not served" : types.count == 1 ? "" : ": \(types.count)"
    case .api(.failure(let error)), .discovered(.failure(let error)): ": \(error.reason.rawValue)"
    case .allocator(.success(let grants)):
      grants.isEmpty ? "" : ": " + grants.map(\.item).joined(separator: ", ")
    case .allocator(.failure(let error)): ": \(error)"
    case .number, .memory, .time, .done: ""
    }
  }

  private func state(of object: APIObject) -> String {
    if let content = object.remainingContent { return ", being deleted. \(content)" }
    if object.isDeleting { return object.isHeld ? ", being deleted" : ", gone" }
    let items = plan.recordRules.records(of: object)?.map(\.item) ?? []
    return items.isEmpty ? "" : ", records " + items.joined(separator: ", ")
  }
}

extension APIObject {
  /// Whether something keeps the object although it is being deleted.
  fileprivate var isHeld: Bool {
    hasFinalizers || (header.deletionGracePeriodSeconds ?? 0) > 0
      || body[FieldPath(Fields.spec, Fields.finalizers)].map { !$0.isEmptyCollection } ?? false
  }
}
