public import Simulation

/// PCT: the enabled turn of the actor with the highest priority is taken, and priorities change at a few random places.
///
/// A run of `n` actors and `k` decisions meets each bug of depth `d` with a probability of at least 1/(n·k^(d-1)).
/// Faults are drawn besides, as on a walk. A run that is four times as long as it should be goes on in the default order.
public struct PrioritySource: DecisionSource {
  private var random: SplitMix64
  private var faults: FaultDraw
  private var script: FaultScript
  private var enabled: [Decision] = []
  /// Actors in the order in which they were first seen, with their priorities; the highest acts.
  private var priorities: [(actor: UInt64, priority: UInt64)] = []
  /// The steps at which whoever acts falls behind everybody, the next one last.
  private var changes: [Int]
  private var fallen: UInt64
  /// From this step on turns come as on the default schedule.
  ///
  /// Priorities hold an actor back for as long as another one has work. Where that never ends (two controllers that undo
  /// each other's work until an event comes) a run would tell of the schedule, and not of the controllers.
  private let fairFrom: Int

  /// Priorities for a run.
  ///
  /// - Parameters:
  ///   - seed: The same seed takes the same decisions.
  ///   - depth: How many orderings a bug needs; there is one place of change less.
  ///   - length: About how many decisions a run takes.
  ///   - budget: Which faults may be drawn.
  ///   - script: Faults at fixed places, besides.
  public init(
    seed: UInt64, depth: Int, length: Int, budget: FaultBudget = .none,
    script: FaultScript = FaultScript()
  ) {
    random = SplitMix64(state: seed)
    faults = FaultDraw(budget)
    self.script = script
    fallen = UInt64(max(1, depth))
    fairFrom = max(2_000, 4 * length)
    changes = []
    for _ in 1..<max(2, depth) where depth > 1 {
      changes.append(random.next(below: max(1, length)))
    }
    changes.sort(by: >)
  }

  public var missed: [FaultScript.Fault] { script.missed }

  public mutating func choose(in world: World) throws(Divergence) -> Decision? {
    world.enabledDecisions(into: &enabled)
    guard var decision = enabled.first else { return nil }
    if enabled.count == 1 {
      // The only turn is the default, but where so many were taken at once that time passes first.
      if world.isTimeDue { decision = .wait }
    } else if world.step >= fairFrom {
      decision = world.defaultDecision ?? decision
    } else {
      var best = priority(of: decision)
      for candidate in enabled.dropFirst() {
        let priority = priority(of: candidate)
        if priority > best { (best, decision) = (priority, candidate) }
      }
    }
    while let place = changes.last, place <= world.step {
      changes.removeLast()
      fallen -= 1
      setPriority(of: decision, to: fallen)
    }
    let scripted = script.applied(to: decision, in: world)
    if scripted != decision { return scripted }
    return faults.applied(to: decision, in: world, &random)
  }

  private mutating func priority(of decision: Decision) -> UInt64 {
    let actor = decision.actorCode
    for known in priorities where known.actor == actor { return known.priority }
    // Above all that have fallen.
    let drawn = random.next() | 1 << 63
    priorities.append((actor, drawn))
    return drawn
  }

  private mutating func setPriority(of decision: Decision, to priority: UInt64) {
    let actor = decision.actorCode
    for index in priorities.indices where priorities[index].actor == actor {
      priorities[index].priority = priority
    }
  }
}

extension Decision {
  /// Stands for who acts, whatever it does.
  fileprivate var actorCode: UInt64 {
    func pack(_ kind: UInt64, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0) -> UInt64 {
      kind | UInt64(a) << 4 | UInt64(b) << 20 | UInt64(c) << 36
    }
    switch self {
    case .deliver(let process, let informer): return pack(1, process, informer)
    case .start(let process, let controller, let worker),
      .proceed(let process, let controller, let worker, _):
      return pack(2, process, controller, worker)
    case .crash(let process): return pack(3, process)
    case .user: return pack(4)
    case .wait, .resync: return pack(5)
    case .remove: return pack(6)
    case .arrive: return pack(7)
    case .inject: return pack(8)
    }
  }
}
