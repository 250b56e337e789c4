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
      door.note(.user, "user", UserText.of(step.action))
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

  private func judged(isEnd: Bool) throws -> (findings: [ExternalResult.Finding], failure: String?)
  {
    switch try waitForRest() {
    case .failed(let failure): return ([], failure)
    case .restless:
      // What cannot come to rest has given nothing back that it holds now.
      var findings = try judge(isEnd: isEnd)
      findings.append(
        ExternalResult.Finding(
          oracle: "never-settled",
          sentence: "The controller did not come to rest within \(settings.settleMax).", item: nil))
      return (findings, nil)
    case .quiet:
      let findings = try judge(isEnd: isEnd)
      if findings.isEmpty { return ([], nil) }
      return try confirmed(findings, isEnd: isEnd)
    }
  }

  /// What is still wrong after a longer rest.
  private func confirmed(
    _ findings: [ExternalResult.Finding], isEnd: Bool
  ) throws -> (findings: [ExternalResult.Finding], failure: String?) {
    guard settings.confirm > .zero, findings.allSatisfy(\.isAtRest) else { return (findings, nil) }
    let since = clock.elapsed
    while clock.elapsed - since < settings.confirm {
      if isInterrupted() { return ([], "interrupted") }
      if let failure = try tick() { return ([], failure) }
      // Somebody is at work on it after all.
      if door.quietTime < settings.quiet { return try judged(isEnd: isEnd) }
    }
    return (try judge(isEnd: isEnd), nil)
  }

  private func judge(isEnd: Bool) throws -> [ExternalResult.Finding] {
    try listener.withCluster { cluster in
      cluster.judgeNow(isEnd: isEnd).map { violation in
        ExternalResult.Finding(
          oracle: violation.oracle.rawValue, sentence: violation.sentence,
          item: violation.item.map { ExternalResult.Item(pool: $0.pool, name: $0.name) })
      }
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
