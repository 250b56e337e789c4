public import Allocation
public import Scalars

/// How a controller outside is run.
public struct ExternalSettings: Sendable {
  /// What the shell runs.
  public var command: String
  /// The file of Drydock, which holds processes.
  public var program: String
  /// How long nothing must happen until all is at rest.
  public var quiet: GoDuration
  /// How much longer nothing must happen until what looks wrong at rest is called wrong: many controllers try again
  /// some seconds later, and kopf waits five for events of its own writes.
  public var confirm: GoDuration
  /// How long coming to rest may take.
  public var settleMax: GoDuration
  /// How long the controller may take until it asks for something.
  public var startMax: GoDuration
  /// How long after its end a controller is started again.
  public var restartDelay: GoDuration
  /// For how long the controller is stopped by a pause; longer than its lease.
  public var pause: GoDuration

  /// Settings.
  public init(
    command: String, program: String, quiet: GoDuration = .seconds(1),
    confirm: GoDuration = .seconds(6), settleMax: GoDuration = .seconds(30),
    startMax: GoDuration = .seconds(20),
    restartDelay: GoDuration = .milliseconds(100), pause: GoDuration = .seconds(20)
  ) {
    self.command = command
    self.program = program
    self.quiet = quiet
    self.confirm = confirm
    self.settleMax = settleMax
    self.startMax = startMax
    self.restartDelay = restartDelay
    self.pause = pause
  }

  var delays: FaultDelays {
    FaultDelays(
      short: min(quiet, .milliseconds(500)), long: quiet + quiet, pause: pause)
  }
}

/// What became of one run.
public struct ExternalResult: Sendable {
  /// Something that must not be.
  public struct Finding: Sendable, Hashable {
    /// The oracle.
    public let oracle: String
    /// What it says.
    public let sentence: String
    /// The item that it is about: pool and name.
    public let item: Item?
    /// Whether it is wrong only if nothing more is done about it, since it was looked for at rest; other things are
    /// wrong when they happen.
    let isAtRest: Bool
    /// Whether it is wrong also of a controller that does not come to rest: what it holds so long it has forgotten.
    var isWrongWithoutRest: Bool {
      !isAtRest || ["leak", "stuck-deletion", "finalizer-cycle"].contains(oracle)
    }
  }

  /// An item of a pool.
  public struct Item: Sendable, Hashable {
    /// The pool.
    public let pool: String
    /// The item.
    public let name: String
  }

  /// What was done to the controller.
  public let plan: FaultPlan
  /// Those faults whose place came.
  public let fired: Set<RequestName>
  /// What must not be.
  public let findings: [Finding]
  /// Why the run could not be judged; nil where it was.
  public let failure: String?
  /// What happened.
  public let log: RunLog
  /// The lives of the items that findings are about.
  public let biographies: [(item: Item, entries: [Ledger.Entry])]
  /// When the server was started.
  public let start: Timestamp
  /// How long it took.
  public let elapsed: GoDuration
  /// How many requests there were.
  public let requestCount: Int
  let seen: [ChaosDoor.Seen]
  /// Whether each property of the scenario has held at some moment, in its order.
  public let propertiesHeld: [Bool]

  /// Whether all faults of the plan came to pass.
  public var isComplete: Bool { plan.faults.allSatisfy { fired.contains($0.place) } }
}
