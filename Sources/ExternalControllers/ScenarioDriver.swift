import APIMachinery
import APIServerHTTP
import Glibc
import LocalCluster
import Scalars
import Simulation

/// The user of a run, who waits until all is quiet where the scenario says so.
struct ScenarioDriver {
  let steps: [WorldPlan.Step]
  /// Whether the controller has been started by somebody else, who may take a while.
  let isAttached: Bool
  let settings: ExternalSettings
  let clock: RunClock
  let door: ChaosDoor
  let listener: APIListener
  let crew: ControllerCrew
  let isInterrupted: @Sendable () -> Bool

  private enum Rest {
    case quiet
    case restless
    case failed(String)
  }

  func run() throws -> (findings: [ExternalResult.Finding], failure: String?) {
    if let failure = try waitForStart() { return ([], failure) }
    let begin = clock.elapsed
    for step in steps {
      switch step.moment {
      case .immediately: break
      case .after(let delay):
        while clock.elapsed < begin + delay, !isInterrupted() { try tick() }
      case .when(let condition):
        if let failure = try waitUntil(condition) { return ([], failure) }
        guard try holds(condition) else {
          door.note(.user, "user", "has waited in vain until \(condition)")
          continue
        }
      case .settled:
        let (findings, failure) = try judged(isEnd: false)
        if !findings.isEmpty || failure != nil { return (findings, failure) }
      }
      if isInterrupted() { return ([], "interrupted") }
      let isMissing = try listener.withCluster { cluster in
        UserText.object(of: step.action).map { !cluster.contains($0.type, $0.key) } ?? false
      }
      door.note(
        .user, "user", UserText.of(step.action) + (isMissing ? ", which is not there" : ""))
      try listener.withCluster { $0.act(step.action) }
    }
    return try judged(isEnd: true)
  }

  private func holds(_ condition: WorldPlan.Condition) throws -> Bool {
    try listener.withCluster { condition.holds(in: $0.server) }
  }

  /// Waits until a condition holds, or until all is at rest without it.
  private func waitUntil(_ condition: WorldPlan.Condition) throws -> String? {
    let deadline = clock.elapsed + settings.settleMax
    while !(try holds(condition)), clock.elapsed < deadline {
      if isInterrupted() { return "interrupted" }
      if let failure = try tick() { return failure }
      if crew.isSteady, door.quietTime >= settings.quiet { break }
    }
    return nil
  }

  /// Judges at rest; what looks wrong there is judged again after a longer rest.
  private func judged(isEnd: Bool) throws -> (findings: [ExternalResult.Finding], failure: String?)
  {
    // Who stirs again and again, and leaves what is wrong as it is, does nothing about it.
    var deadline = clock.elapsed + settings.settleMax
    while true {
      let rest = try waitForRest()
      if case .failed(let failure) = rest { return ([], failure) }
      let findings = try judge(isEnd: isEnd)
      if case .restless = rest {
        let restless = ExternalResult.Finding(
          oracle: "never-settled",
          sentence: "The controller did not come to rest within \(settings.settleMax).", item: nil,
          isAtRest: false)
        return (findings.filter(\.isWrongWithoutRest) + [restless], nil)
      }
      let certain = findings.filter { !$0.isAtRest }
      if !certain.isEmpty || findings.isEmpty || clock.elapsed > deadline {
        return (certain.isEmpty ? findings : certain, nil)
      }
      var confirmation = RestConfirmation(
        for: settings.confirm, after: try lookAround(), lastArrival: door.lastArrival)
      var isStirred = false
      while !isStirred, !confirmation.isOver(try lookAround()) {
        if isInterrupted() { return ([], "interrupted") }
        if let failure = try tick() { return ([], failure) }
        // Somebody is at work on it after all.
        isStirred = door.quietTime < settings.quiet
      }
      deadline = deadline + confirmation.leaseTime
      if !isStirred { return (try judge(isEnd: isEnd), nil) }
    }
  }

  private func lookAround() throws -> RestConfirmation.Look {
    let leases = try listener.withCluster { cluster in
      cluster.objects(apiVersion: "coordination.k8s.io/v1", kind: "Lease")
    }
    let (elapsed, now) = (clock.elapsed, RunClock.timestamp)
    return RestConfirmation.Look(
      at: elapsed, leases: leases.compactMap { HeldLease($0, at: elapsed, now) })
  }

  private func judge(isEnd: Bool) throws -> [ExternalResult.Finding] {
    try listener.withCluster { cluster in
      let (onTheWay, atRest) = cluster.judgeNow(isEnd: isEnd)
      return onTheWay.map { ExternalResult.Finding($0, isAtRest: false) }
        + atRest.map { ExternalResult.Finding($0, isAtRest: true) }
    }
  }

  private func waitForStart() throws -> String? {
    let deadline = clock.elapsed + settings.startMax
    while !door.hasHeard(from: 0) {
      if isInterrupted() { return "interrupted" }
      if let failure = try tick() { return failure }
      if !isAttached, clock.elapsed > deadline {
        return "the controller asked for nothing within \(settings.startMax)"
          + crew.lastWords
      }
    }
    switch try waitForRest() {
    case .failed(let failure): return failure
    case .restless: return "the controller did not come to rest before the user had done anything"
    case .quiet: return nil
    }
  }

  /// Waits until all is at rest, or until that has taken too long.
  func waitForQuiet() throws { _ = try waitForRest() }

  private func waitForRest() throws -> Rest {
    var deadline = clock.elapsed + settings.settleMax
    if settings.pause > settings.settleMax { deadline = deadline + settings.pause }
    while true {
      if isInterrupted() { return .failed("interrupted") }
      if let failure = try tick() { return .failed(failure) }
      if crew.isSteady, door.quietTime >= settings.quiet {
        let isIdle = try listener.withCluster { $0.world.dueDecision == nil }
        if isIdle { return .quiet }
      }
      if clock.elapsed > deadline { return .restless }
    }
  }

  /// Lets a moment pass, and looks after the processes.
  @discardableResult
  private func tick() throws -> String? {
    usleep(4_000)
    return try crew.tend()
  }
}

/// What a user does, in words.
enum UserText {
  /// The object that must be there for an action to do anything; nil for one that needs none.
  static func object(of action: WorldPlan.UserAction) -> (type: ResourceType, key: ObjectKey)? {
    switch action {
    case .patch(let type, let key, _), .delete(let type, let key, _),
      .patchPart(let type, let key, _, _), .scale(let type, let key, _),
      .recreate(let type, let key), .stripFinalizers(let type, let key, _),
      .forceDelete(let type, let key):
      (type, key)
    case .apply, .look, .release, .take, .restart, .upgrade: nil
    }
  }

  static func of(_ action: WorldPlan.UserAction) -> String {
    switch action {
    case .apply(let object): "applies \(object.type.kind) \(object.key)"
    case .patch(let type, let key, _): "changes \(type.kind) \(key)"
    case .delete(let type, let key, _): "deletes \(type.kind) \(key)"
    case .look: "looks"
    case .patchPart(let type, let key, _, let part):
      "changes the \(part.rawValue) of \(type.kind) \(key)"
    case .scale(let type, let key, let count): "scales \(type.kind) \(key) to \(count)"
    case .recreate(let type, let key): "deletes \(type.kind) \(key) and makes it anew"
    case .stripFinalizers(let type, let key, _): "takes finalizers off \(type.kind) \(key)"
    case .forceDelete(let type, let key): "deletes \(type.kind) \(key) by force"
    case .release(let item, let pool): "gives \(item) of pool \(pool) back behind its holder"
    case .take(let item, let pool): "takes \(item) of pool \(pool)"
    case .restart, .upgrade: "cannot restart processes that it does not know"
    }
  }
}

extension ExternalResult.Finding {
  fileprivate init(_ violation: Violation, isAtRest: Bool) {
    self.init(
      oracle: violation.oracle.rawValue, sentence: violation.sentence,
      item: violation.item.map { ExternalResult.Item(pool: $0.pool, name: $0.name) },
      isAtRest: isAtRest)
  }
}
