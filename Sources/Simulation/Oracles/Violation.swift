public import Scalars

/// Something that must never be, and was.
public struct Violation: Sendable, Hashable {
  /// Which rule was broken.
  public enum Oracle: String, Sendable, Hashable, CaseIterable {
    /// O1: at rest, every grant has a live or terminating owner that records it.
    case leak
    /// O2: an item has one holder at a time.
    case doubleHolder = "double-holder"
    /// I3, O9: what a live object records is granted to it.
    case danglingRecord = "dangling-record"
    /// O4: at rest, no object is being deleted.
    case stuckDeletion = "stuck-deletion"
    /// O5: without faults the world comes to rest.
    case neverSettled = "never-settled"
    /// A reconcile did what cannot be repeated.
    case escapedReconcile = "escaped-reconcile"
    /// O2: at rest, no claim records more than it asks for.
    case surplus
    /// L3, O3: at rest, every claim has what it asks for, or says why not.
    case unsatisfied
    /// O6: no key fails with one error again and again.
    case boundedError = "bounded-error"
    /// O8: what has lost all its owners goes.
    case orphan
    /// O8: what has an owner is not collected.
    case wrongfulDelete = "wrongful-delete"
    /// O10: no allocator carries out what a deposed leader asks.
    case staleLeader = "stale-leader"
    /// O11: what was decided about one object does not hit its successor of the same name.
    case wrongIncarnation = "wrong-incarnation"
    /// O16: a finalizer stands before the first grant, and goes after the last.
    case order
    /// I4–I9, L4: server, books, queues and caches keep their own promises.
    case invariant
    /// What the scenario says must hold.
    case property
    /// A release took longer than the scenario allows.
    case threshold
    /// Objects that own each other, and that nobody else owns.
    case ownerCycle = "owner-cycle"
    /// O4: finalizers that wait for each other.
    case finalizerCycle = "finalizer-cycle"
    /// O7: the run ends like the one without faults.
    case differential
    /// O12: who writes has not read backwards before.
    case session
    /// O13: a reconcile of what is settled writes nothing.
    case idempotence
    /// O14: all schedules end alike.
    case confluence
    /// O15: whoever starts anew at rest finds nothing to do.
    case levelTrigger = "level-trigger"
    /// O17: writes use the server as it is meant.
    case apiContract = "api-contract"

    /// Whether what the rule finds is a hint and no proof of a mistake.
    public var isSuspicion: Bool {
      switch self {
      case .ownerCycle, .finalizerCycle, .differential, .session, .idempotence, .confluence,
        .levelTrigger, .apiContract:
        true
      default: false
      }
    }

    /// Whether the rule is judged in every run; the others are asked for.
    public var isDefault: Bool {
      switch self {
      case .boundedError, .order, .property, .threshold, .differential, .session, .idempotence,
        .confluence, .levelTrigger, .apiContract:
        false
      default: true
      }
    }

    /// The sort of bug that breaks the rule, where it says nothing more precise.
    var bugClass: BugClass {
      switch self {
      case .leak, .order: .leak
      case .doubleHolder, .danglingRecord, .staleLeader, .surplus: .doubleAllocation
      case .wrongIncarnation, .wrongfulDelete, .orphan, .ownerCycle: .wrongDeletion
      case .unsatisfied: .capacity
      case .stuckDeletion, .neverSettled, .boundedError, .threshold, .finalizerCycle: .stuck
      default: .other
      }
    }

    /// The rule's bit in a set.
    var bit: UInt32 {
      switch self {
      case .leak: 1 << 0
      case .doubleHolder: 1 << 1
      case .danglingRecord: 1 << 2
      case .stuckDeletion: 1 << 3
      case .neverSettled: 1 << 4
      case .escapedReconcile: 1 << 5
      case .surplus: 1 << 6
      case .unsatisfied: 1 << 7
      case .boundedError: 1 << 8
      case .orphan: 1 << 9
      case .wrongfulDelete: 1 << 10
      case .staleLeader: 1 << 11
      case .wrongIncarnation: 1 << 12
      case .order: 1 << 13
      case .invariant: 1 << 14
      case .property: 1 << 15
      case .threshold: 1 << 16
      case .ownerCycle: 1 << 17
      case .differential: 1 << 18
      case .session: 1 << 19
      case .idempotence: 1 << 20
      case .confluence: 1 << 21
      case .levelTrigger: 1 << 22
      case .apiContract: 1 << 23
      case .finalizerCycle: 1 << 24
      }
    }
  }

  /// The sorts of bugs that finalizers and allocators have.
  public enum BugClass: String, Sendable, Hashable, CaseIterable {
    /// Something is handed out and nobody knows of it.
    case leak
    /// Two hold one thing.
    case doubleAllocation = "double allocation"
    /// What is in use is given back.
    case prematureRelease = "premature release"
    /// Something never goes, or never ends.
    case stuck
    /// What was to stay is deleted, or what was to go stays.
    case wrongDeletion = "wrong deletion"
    /// What is free and what is asked for do not meet.
    case capacity = "capacity miscount"
    /// None of these.
    case other
  }

  /// Which rule was broken.
  public let oracle: Oracle
  /// The sort of bug.
  public let bugClass: BugClass
  /// The kinds, finalizers and controllers that it is about: two violations with one rule and one subject are
  /// two sights of one finding.
  public let subject: String
  /// What happened, in one sentence.
  public let sentence: String
  /// The decision after which it was seen.
  public let step: Int
  /// The virtual time at which it was seen.
  public let time: Timestamp
  /// The item, where the rule is about one: pool and name.
  public var item: (pool: String, name: String)? {
    itemName.map { (itemPool, $0) }
  }

  private let itemPool: String
  private let itemName: String?

  init(
    oracle: Oracle, sentence: String, step: Int, time: Timestamp, pool: String = "",
    item: String? = nil, subject: String = "", bugClass: BugClass? = nil
  ) {
    self.oracle = oracle
    self.bugClass = bugClass ?? oracle.bugClass
    self.subject = subject
    self.sentence = sentence
    self.step = step
    self.time = time
    itemPool = pool
    itemName = item
  }

  /// The controller of an actor's name, such as `binder-0/binding/1`.
  static func controller(of actor: String) -> String {
    let parts = actor.split(separator: "/", maxSplits: 2)
    return parts.count > 1 ? String(parts[1]) : actor
  }

  /// Whether an actor is a worker of the controller of that name; no text is made to find out.
  static func isController(_ name: String, of actor: String) -> Bool {
    let rest = actor.utf8.drop { $0 != UInt8(ascii: "/") }
    guard !rest.isEmpty else { return name == actor }
    return rest.dropFirst().prefix { $0 != UInt8(ascii: "/") }.elementsEqual(name.utf8)
  }

  /// The kind of a holder, such as `PortClaim default/web`.
  static func kind(of holder: String) -> String {
    // By bytes: every grant of every run is asked.
    guard let space = holder.utf8.firstIndex(of: UInt8(ascii: " ")) else { return holder }
    return String(holder[..<space])
  }
}

/// A set of rules.
public struct OracleSet: Sendable, Hashable {
  var bits: UInt32 = 0

  /// A set of these.
  public init(_ oracles: [Violation.Oracle] = []) {
    for oracle in oracles { insert(oracle) }
  }

  /// What is judged where nobody says anything.
  public static let standard = OracleSet(Violation.Oracle.allCases.filter(\.isDefault))

  /// Whether the rule is in the set.
  public func contains(_ oracle: Violation.Oracle) -> Bool { bits & oracle.bit != 0 }

  /// Adds a rule.
  public mutating func insert(_ oracle: Violation.Oracle) { bits |= oracle.bit }

  /// Takes a rule out.
  public mutating func remove(_ oracle: Violation.Oracle) { bits &= ~oracle.bit }

  /// Adds those of another set.
  public mutating func formUnion(_ other: OracleSet) { bits |= other.bits }

  /// Whether there is none.
  public var isEmpty: Bool { bits == 0 }

  /// The rules, in their order.
  public var oracles: [Violation.Oracle] { Violation.Oracle.allCases.filter(contains) }
}
