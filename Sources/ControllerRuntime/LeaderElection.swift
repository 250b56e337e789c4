public import APIMachinery
public import Allocation
public import Scalars
import ValueTree

/// One of several processes works at a time: the one that holds a Lease (semantics 4.6).
///
/// ```swift
/// let controller = Controller("ports", for: Listener.self, reconciler: PortKeeper())
///   .elected(LeaderElection(lease: "port-keeper"))
/// ```
///
/// - Flow: informers fill their caches and queues from the start; workers take keys once the lease is held. A process
///   that loses the lease, or cannot renew it in time, ends itself.
/// - Guarantees: expiry is judged by the local clock, from the moment when a change of the lease was *observed*, so
///   that clocks need not agree.
/// - Caveats: the server does not fence. What a process has sent before it finds out that it leads no more is carried
///   out; pools refuse it once a later leader has called, unless `isFencing` is false.
public struct LeaderElection: Sendable, Hashable {
  /// The Lease.
  public var lease: ObjectKey
  /// How long others wait, after they have seen the lease change, before they take it over.
  public var leaseDuration: GoDuration
  /// How long the leader goes on trying to renew.
  public var renewDeadline: GoDuration
  /// How often it is tried.
  public var retryPeriod: GoDuration
  /// Whether calls to pools say how often the lease has changed hands, so that a leader's come too late after
  /// those of the next.
  public var isFencing: Bool

  /// client-go's JitterFactor.
  static let jitterPercent: Int64 = 120

  /// An election with client-go's times, unless others are given.
  ///
  /// - Precondition: the lease lasts longer than its renewal may take, and that longer than a jittered retry.
  public init(
    lease: String, namespace: String = "default", leaseDuration: GoDuration = .seconds(15),
    renewDeadline: GoDuration = .seconds(10), retryPeriod: GoDuration = .seconds(2),
    isFencing: Bool = true
  ) {
    self.isFencing = isFencing
    self.lease = ObjectKey(namespace: namespace, name: lease)
    self.leaseDuration = leaseDuration
    self.renewDeadline = renewDeadline
    self.retryPeriod = retryPeriod
    precondition(problem == nil, problem ?? "")
  }

  /// What is wrong with the times; nil where nothing is.
  public var problem: String? {
    Self.problem(
      leaseDuration: leaseDuration, renewDeadline: renewDeadline, retryPeriod: retryPeriod)
  }

  /// What is wrong with these times; nil where nothing is.
  public static func problem(
    leaseDuration: GoDuration, renewDeadline: GoDuration, retryPeriod: GoDuration
  ) -> String? {
    if leaseDuration <= renewDeadline { return "leaseDuration must be longer than renewDeadline" }
    let jittered = retryPeriod.nanoseconds / 100 * jitterPercent
    if renewDeadline.nanoseconds <= jittered {
      return "renewDeadline must be longer than 1.2 times retryPeriod"
    }
    return retryPeriod > .zero ? nil : "retryPeriod must be positive"
  }

  /// The name in process memory that is there while the process leads.
  public var gate: String { "leading \(lease.path)" }

  /// The controllers that hold the leases of others, one a lease.
  ///
  /// - Parameters:
  ///   - controllers: The controllers of a process.
  ///   - identity: The name by which the process holds leases.
  /// - Returns: controllers that watch nothing and come back by themselves.
  public static func electors(of controllers: [Controller], identity: String) -> [Controller] {
    var electors: [Controller] = []
    var seen: [ObjectKey] = []
    for election in controllers.compactMap(\.election) where !seen.contains(election.lease) {
      seen.append(election.lease)
      let name = "leader-election-\(election.lease.name)"
      var elector = Controller(
        name,
        program: .steps { _ in LeaderElector(election, identity: identity) })
      elector.startKeys = [election.lease]
      electors.append(elector)
    }
    return electors
  }
}

/// What lies in memory while a process leads.
public struct LeaderPass: Sendable, Hashable {
  /// As whom it leads.
  public let token: FencingToken
  /// Whether pools are told, so that they refuse whoever led before.
  public let isFencing: Bool
}

/// What a process knows of a lease.
private struct LeaseKnowledge: Hashable, Sendable {
  var isLeading = false
  /// The revision of the lease that was seen last, and when it was first seen.
  var seen: UInt64 = 0
  var seenAt: Timestamp?
  /// When the lease was last renewed.
  var renewedAt: Timestamp?
  /// How often the lease had changed hands when it was taken.
  var transitions: Int64 = 0
}

/// Tries once to acquire or renew a lease, and comes back after the retry period.
struct LeaderElector: StepReconcile {
  static let leaseType = ResourceRegistry.builtIn("coordination.k8s.io/v1", "Lease")

  private enum Place: UInt64 { case start, clock, memory, read, written, remembered, gate, random }

  private let election: LeaderElection
  private let identity: String
  private var place = Place.start
  private var now: Timestamp?
  private var known = LeaseKnowledge()

  init(_ election: LeaderElection, identity: String) {
    self.election = election
    self.identity = identity
  }

  private var memoryName: String { "lease \(election.lease.path)" }

  var stateHash: UInt64 {
    var hash = StableHash(seed: place.rawValue)
    hash.combine(known.isLeading ? 1 : 0)
    hash.combine(known.seen)
    return hash.value
  }

  mutating func next(_ reply: Reply?) -> Step {
    switch (place, reply) {
    case (.start, _): return go(.clock, .clock)
    case (.clock, .time(let time)?):
      now = time
      return go(.memory, .readMemory(memoryName))
    case (.memory, .memory(let stored)?):
      known = stored?.value as? LeaseKnowledge ?? LeaseKnowledge()
      return go(.read, .api(.get(Self.leaseType, election.lease)))
    case (.read, .api(let result)?): return decide(result)
    case (.written, .api(.success(let response))?):
      known.isLeading = true
      known.transitions = response.object?.body[Self.transitionsPath]?.int ?? 0
      known.renewedAt = now
      known.seen = response.object?.resourceVersion ?? 0
      known.seenAt = now
      return remember()
    case (.written, .api(.failure)?): return failed()
    case (.remembered, _):
      return known.isLeading
        ? go(.gate, .writeMemory(election.gate, pass)) : go(.random, .random)
    case (.gate, _): return .finish(.requeue(after: election.retryPeriod))
    case (.random, .number(let number)?):
      // Candidates spread their tries, or they would meet for ever.
      let percent = Int64(number % UInt64(LeaderElection.jitterPercent))
      let period = election.retryPeriod.nanoseconds
      return .finish(
        .requeue(after: GoDuration(nanoseconds: period + period / 100 * percent)))
    default: return .finish(.requeue(after: election.retryPeriod))
    }
  }

  /// What lies in memory while the process leads: with what it calls allocators, if they are to look at it.
  private var pass: MemoryValue {
    MemoryValue(
      LeaderPass(
        token: FencingToken(lease: election.lease.path, transitions: known.transitions),
        isFencing: election.isFencing))
  }

  private mutating func go(_ next: Place, _ effect: Effect) -> Step {
    place = next
    return .effect(effect)
  }

  private mutating func remember() -> Step {
    go(.remembered, .writeMemory(memoryName, MemoryValue(known)))
  }

  /// No answer, or a refusal: the leader goes on until its deadline.
  private mutating func failed() -> Step {
    guard known.isLeading, let now, let renewedAt = known.renewedAt,
      now - renewedAt >= election.renewDeadline
    else { return remember() }
    return .fail(ProcessExit("leader election lost: \(election.lease) was not renewed in time"))
  }

  private mutating func decide(_ result: Result<APIResponse, StatusError>) -> Step {
    guard let now else { return .finish(.requeue(after: election.retryPeriod)) }
    switch result {
    case .failure(let error) where error.isNotFound:
      return go(.written, .api(.create(lease(nil, at: now))))
    case .failure: return failed()
    case .success(let response):
      guard let object = response.object else { return failed() }
      let holder = object.body[Self.holderPath]?.string ?? ""
      if object.resourceVersion != known.seen {
        known.seen = object.resourceVersion
        known.seenAt = now
      }
      if holder != identity, known.isLeading {
        return .fail(ProcessExit("leader election lost: \(holder) holds \(election.lease)"))
      }
      let isFree = holder.isEmpty || holder == identity
      let isExpired = known.seenAt.map { now - $0 >= election.leaseDuration } ?? false
      guard isFree || isExpired else { return remember() }
      return go(.written, .api(.update(lease(object, at: now))))
    }
  }

  // MARK: The Lease

  private static let holderPath = FieldPath(Fields.spec, "holderIdentity")
  private static let transitionsPath = FieldPath(Fields.spec, "leaseTransitions")
  private static let acquiredPath = FieldPath(Fields.spec, "acquireTime")

  private func lease(_ old: APIObject?, at now: Timestamp) -> APIObject {
    let isOurs = old?.body[Self.holderPath]?.string == identity
    let time = Value(now.text(.microseconds))
    let transitions = old?.body[Self.transitionsPath]?.int ?? 0
    let spec: Value = [
      "acquireTime": isOurs ? old?.body[Self.acquiredPath] ?? time : time,
      "holderIdentity": Value(identity),
      "leaseDurationSeconds": Value(election.leaseDuration.nanoseconds / 1_000_000_000),
      "leaseTransitions": Value(old == nil || isOurs ? transitions : transitions + 1),
      "renewTime": time,
    ]
    let header =
      old?.header
      ?? ObjectHeader(namespace: election.lease.namespace, name: election.lease.name)
    let body = (old?.body ?? .emptyMap).setting(Fields.spec, to: spec)
    return APIObject(type: Self.leaseType, header: header, body: body)
  }
}
