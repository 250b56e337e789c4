public import APIMachinery
import APIAllocation
import APIServer
import APIStore
import Allocation
public import Scalars

extension World {
  /// Sends a request of a user to the server; a world at rest goes on from there.
  ///
  /// - Returns: the server's answer, or its refusal, after which nothing has changed.
  @discardableResult
  public mutating func perform(
    _ request: APIRequest, by actor: String = "user"
  ) -> Result<APIResponse, StatusError> {
    if let refusal = refusalOfClaim(request) { return .failure(refusal) }
    let result = send(request, by: actor)
    if case .success = result {
      // The bound on decisions is meant for one way to rest, and grows with what there is to do.
      decisionsAllowance = isOver ? step : decisionsAllowance + Self.decisionsPerRequest
      isOver = false
      lastProgress = now
    }
    return result
  }

  /// More than what a request brings with it, and few enough to find out that something never comes to rest.
  private static let decisionsPerRequest = 200

  /// Whether more decisions have been taken than the plan allows for coming to rest.
  var hasTakenTooMany: Bool { step - decisionsAllowance >= plan.decisionsMax }

  /// Follows the default schedule until nothing moves any more, or something is found.
  ///
  /// - Returns: how many decisions that took.
  @discardableResult
  public mutating func settle() -> Int {
    let start = step
    while let decision = defaultDecision { take(decision) }
    return step - start
  }

  /// Hands over what the oracles have found, and lets the world go on from there.
  public mutating func takeViolations() -> [Violation] {
    defer { violations = [] }
    return violations
  }

  /// When something last changed; what only waits for time to pass does not count.
  public var lastChange: Timestamp {
    max(lastProgress, plan.startTime, lastEvent ?? plan.startTime)
  }

  /// Lets the books follow a write to a Pool.
  mutating func followPools(_ event: StoreEvent) {
    guard event.object.type == Pool.type else { return }
    if event.kind == .deleted {
      forget(poolNamed: event.object.name)
    } else {
      // The write was checked before it was sent.
      try? follow(Pool(event.object))
    }
  }
}
