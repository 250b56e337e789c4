import Allocation
import ControllerRuntime

/// What a call to an allocator answered, and what it did to the books.
struct BookAnswer {
  var result: Result<[Grant], AllocationError>
  /// Handed out, with the holder for people.
  var opened: [(grant: Grant, holder: String)] = []
  /// Being given back from now on.
  var closing: [Grant] = []
  /// Given back.
  var closed: [Grant] = []
  /// Whether items were freed without asking whose they are.
  var wasBlind = false

  /// Whether the call read what was there, and nobody has to hear of it.
  var changesNothing: Bool {
    guard case .success = result else { return false }
    return opened.isEmpty && closing.isEmpty && closed.isEmpty
  }

  init(_ result: Result<[Grant], AllocationError>) { self.result = result }
}

extension PoolBook {
  /// Carries out a call and says what it did; `token` is that of a process that leads.
  mutating func perform(_ call: AllocatorCall, as token: FencingToken? = nil) -> BookAnswer {
    do {
      if let token, call.isWrite { try admit(token) }
      return try answer(call)
    } catch {
      return BookAnswer(.failure(error))
    }
  }

  private mutating func answer(_ call: AllocatorCall) throws(AllocationError) -> BookAnswer {
    switch call {
    case .ensure(let request):
      let (grants, newCount) = try ensureCountingNew(request)
      var answer = BookAnswer(.success(grants))
      if newCount > 0 {
        let holder = request.holder
        answer.opened = grants.suffix(newCount).map { ($0, holder) }
      }
      return answer
    case .takeRaw(let request):
      let grants = try takeRaw(request.count, by: request)
      var answer = BookAnswer(.success(grants))
      let holder = request.holder
      answer.opened = grants.map { ($0, holder) }
      return answer
    case .held(_, let owner):
      return BookAnswer(.success(grants(of: owner)))
    case .outstanding:
      return BookAnswer(.success(Array(allGrants)))
    case .beginRelease(_, let owner):
      let closing = beginRelease(owner: owner)
      var answer = BookAnswer(.success(closing))
      answer.closing = closing
      return answer
    case .finishRelease(_, let owner):
      var answer = BookAnswer(.success([]))
      answer.closed = grants(of: owner, state: .closing)
      finishRelease(owner: owner)
      return answer
    case .release(_, let item, let generation, let owner):
      let before = grants(of: owner)
      try release(item: item, generation: generation, owner: owner)
      let after = grants(of: owner)
      var answer = BookAnswer(.success([]))
      answer.closed = before.filter { !after.contains($0) }
      return answer
    case .freeRaw(_, let item):
      var answer = BookAnswer(.success([]))
      answer.wasBlind = true
      if let grant = grant(ofItem: item) { answer.closed = [grant] }
      try freeRaw(item: item)
      return answer
    case .rebuild(_, let records, let isComplete):
      guard isComplete || isReady else { throw .notReady }
      let adopted = rebuild(from: records).adopted
      var answer = BookAnswer(.success(adopted))
      answer.opened = adopted.map { ($0, holder(of: $0.item) ?? "") }
      return answer
    }
  }
}
