import APIMachinery
import Allocation
import ControllerRuntime

extension World {
  /// Tells of an effect, what came back, and the fault, if there was one.
  mutating func tellEffect(
    _ effect: Effect, _ reply: Reply?, _ outcome: Decision.Outcome, _ process: Int,
    _ controller: Int, _ worker: Int
  ) {
    guard timeline != nil else { return }
    let base = "\(effect.operation) \(effect.subject)"
    let result = reply.map(Self.account) ?? ""
    let text: String
    switch outcome {
    case .normal: text = "\(base)\(result)"
    case .refused: text = "\(base): REFUSED, not carried out"
    case .conflict: text = "\(base): CONFLICT, another write came first"
    case .lostReply: text = "\(base)\(result), but the REPLY IS LOST"
    case .crashBefore: text = "\(base): not sent"
    case .crashAfter: text = "\(base)\(result)"
    }
    tell(.worker(process, controller, worker), text, isFault: outcome != .normal)
  }

  private static func account(of reply: Reply) -> String {
    switch reply {
    case .cached(nil): ": nothing in the cache"
    case .cached(let object?): ": revision \(object.resourceVersion)\(state(of: object))"
    case .cachedList(let objects): ": \(objects.count)"
    case .api(.success(.object(let object))):
      ": revision \(object.resourceVersion)\(state(of: object))"
    case .api(.success(.list(let objects, let revision))):
      ": \(objects.count) at revision \(revision)"
    case .api(.failure(let error)): ": \(error.reason.rawValue)"
    case .allocator(.success(let grants)):
      grants.isEmpty ? "" : ": " + grants.map(\.item).joined(separator: ", ")
    case .allocator(.failure(let error)): ": \(error)"
    case .number, .memory, .done: ""
    }
  }

  private static func state(of object: APIObject) -> String {
    object.isDeleting ? ", being deleted" : ""
  }
}
