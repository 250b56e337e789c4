import APIAllocation
import APIMachinery
import APIServer
import APIStore
import Allocation
import ControllerRuntime
import PersistentCollections
import Scalars
import ValueTree

/// What oracles remember between the steps of a run.
///
/// Everything here stands aside of the simulation: no decision, no reply and no hash depends on it.
struct Judges: Sendable {
  /// The rules that are judged.
  let judged: OracleSet
  /// Whether what workers read and are answered is looked at.
  let isWatching: Bool
  /// Whether the run's turns are noted for its story.
  let isTelling: Bool
  /// The rules that had something to judge, besides those that show in ledger and store.
  var busy = OracleSet()
  /// By kind: writes that the server has forgotten, in order.
  var forgotten: [Int: [StoreEvent]] = [:]
  /// Hints that are no proof.
  var suspicions: [Violation] = []
  /// By pool and lease: the latest leader that has called.
  var leaders: [Leader] = []
  /// By worker: what it has read in the reconcile that it is at.
  var threads: [Int: ReconcileThread] = [:]
  /// By process and object: the latest revision that the process has seen of it.
  var sessions: [SessionPlace: UInt64] = [:]
  /// Until this step nobody looks whether objects go to and fro.
  var calmUntil = Judges.calmSteps
  /// The user's last step.
  var lastUserStep = 0
  /// By object: how often each of its states was written while nobody disturbed it.
  var oscillation: [UID: [UInt64: Int]] = [:]
  /// By key: the error with which it fails, and how often in a row.
  var failures: [FailurePlace: Failure] = [:]
  /// By key: the error with which it failed last.
  var errors: [FailurePlace: any Error] = [:]
  /// By process: how often it was killed for want of memory.
  var memoryKills: [Int: Int] = [:]
  /// Writes that were sent since all objects were last told of once more.
  var writesAtRest: [WriteAtRest] = []
  /// What properties have come to.
  var properties: [PropertyState] = []
  /// Reconciles that began, for the phases of finalizers.
  var turns: [TurnNote] = []
  /// What informers saw, likewise.
  var deliveries: [DeliveryNote] = []
  /// What controllers believed that was not so, when they wrote.
  var beliefs: [Belief] = []
  /// By object that is being deleted: who wrote it last.
  var lastWriters: [UID: String] = [:]

  /// How many steps without fault and user nobody looks at.
  static let calmSteps = 5_000

  init(_ plan: WorldPlan, isTold: Bool) {
    judged = plan.oracles.judged
    isTelling = isTold
    let readers: [Violation.Oracle] = [.session, .idempotence, .apiContract, .boundedError]
    isWatching =
      isTold || readers.contains(where: plan.oracles.judged.contains)
      || (plan.oracles.judged.contains(.wrongIncarnation) && plan.recreatesObjects)
    properties = plan.properties.map { _ in PropertyState() }
  }

  struct Leader: Sendable {
    let pool: String
    let lease: String
    var epoch: Int64
    var actor: String
  }

  struct SessionPlace: Sendable, Hashable {
    let process: Int
    let type: Int
    let key: ObjectKey
  }

  struct FailurePlace: Sendable, Hashable {
    let process: Int
    let controller: Int
    let key: ObjectKey
  }

  struct Failure: Sendable {
    var error: String
    var count: Int
  }

  struct WriteAtRest: Sendable {
    let actor: String
    let operation: String
    let request: ObjectKey
  }

  struct DeliveryNote: Sendable {
    let step: Int
    let time: Timestamp
    let uid: UID
    let isDeleting: Bool
  }

  struct TurnNote: Sendable {
    let step: Int
    let time: Timestamp
    let actor: String
    let key: ObjectKey
  }
}

/// What a worker has read in a reconcile.
struct ReconcileThread: Sendable {
  struct Read: Sendable {
    let type: ResourceType
    let key: ObjectKey
    /// Nil where nothing was there.
    let object: APIObject?
    let isCached: Bool
    let step: Int
  }

  /// The latest read of each object.
  var reads: [Read] = []
  /// An object that was read older than the process had seen it before.
  var backwards: ObjectKey?
  /// An object about which a conflict came back and nothing was done since.
  var conflict: ObjectKey?

  func read(_ type: ResourceType, _ key: ObjectKey) -> Read? {
    reads.last { $0.type.index == type.index && $0.key == key }
  }

  mutating func note(_ read: Read) {
    reads.removeAll { $0.type.index == read.type.index && $0.key == read.key }
    reads.append(read)
  }
}

/// What a controller took for true when it wrote, where it was not.
public struct Belief: Sendable, Hashable {
  /// The decision that wrote.
  public let step: Int
  /// Who.
  public let actor: String
  /// What it did.
  public let action: String
  /// What it believed.
  public let belief: String
  /// What was so.
  public let truth: String
  /// Whether the write was carried out.
  public let isApplied: Bool
}

extension WorldPlan {
  /// Whether users make an object that they or others may have deleted before.
  var recreatesObjects: Bool {
    var seen: [ObjectKey] = objects.map(\.key)
    var hasDeletion = false
    for step in workload {
      switch step.action {
      case .delete: hasDeletion = true
      case .apply(let object):
        if hasDeletion, seen.contains(object.key) { return true }
        seen.append(object.key)
      case .recreate, .forceDelete: return true
      case .patch, .patchPart, .scale, .stripFinalizers, .release, .take, .restart, .upgrade,
        .look:
        continue
      }
    }
    return false
  }
}

extension World {
  /// Hints that the oracles have found: no proof of a mistake, and no end of the run.
  public var suspicions: [Violation] { judges.suspicions }

  /// What controllers believed that was not so, when they wrote; noted in runs that are told.
  public var beliefs: [Belief] { judges.beliefs }

  /// Whether a rule is judged.
  func isJudged(_ oracle: Violation.Oracle) -> Bool { judges.judged.contains(oracle) }

  /// Enters what an oracle has found, on the side where it belongs.
  mutating func report(_ violation: Violation) {
    guard judges.judged.contains(violation.oracle) else { return }
    guard violation.oracle.isSuspicion else { return violations.append(violation) }
    let isKnown = judges.suspicions.contains {
      $0.oracle == violation.oracle && $0.subject == violation.subject
    }
    if !isKnown { judges.suspicions.append(violation) }
  }

  /// A finding of now.
  func found(
    _ oracle: Violation.Oracle, _ subject: String, _ sentence: String,
    _ bugClass: Violation.BugClass? = nil
  ) -> Violation {
    Violation(
      oracle: oracle, sentence: sentence, step: step, time: now, subject: subject,
      bugClass: bugClass)
  }

  /// The rules that had something to judge in this run.
  public var busyOracles: OracleSet {
    var busy = judges.busy
    if ledger.revision > 0 {
      for oracle in [Violation.Oracle.leak, .doubleHolder] { busy.insert(oracle) }
    }
    busy.insert(.neverSettled)
    busy.insert(.invariant)
    if processes.contains(where: { !$0.plan.controllers.isEmpty }) {
      busy.insert(.escapedReconcile)
    }
    busy.bits &= judges.judged.bits
    return busy
  }

  /// Takes a write in, as the server's log has it.
  mutating func judge(_ event: StoreEvent, by actor: String) {
    judgeServer(event)
    if event.kind == .deleted || event.object.isDeleting { judgeDeletion(event, by: actor) }
    if step > judges.calmUntil { judgeOscillation(event, by: actor) }
  }
}
