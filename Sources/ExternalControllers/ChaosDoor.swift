import APIMachinery
import APIServerHTTP
import Scalars
import Synchronization

/// The door of a run: numbers requests and events, carries a plan out, keeps the log, and knows when all is quiet.
final class ChaosDoor: RequestDoor {
  /// What the run's thread is asked to do.
  enum Wish: Sendable, Hashable {
    case startSecond
  }

  /// A request or an event as it was seen first, for the plans of other runs.
  struct Seen: Sendable {
    let name: RequestName
    let faults: [DoorFault]
    let isWrite: Bool
    let isLease: Bool
    let isTelling: Bool
    /// The place among all requests and events.
    let order: Int
  }

  fileprivate struct State {
    var counts: [RequestName: Int] = [:]
    var plan: [RequestName: DoorFault] = [:]
    /// The namespace that plans call `default`.
    var namespace = NamespaceMove.origin
    var fired: Set<RequestName> = []
    var log = RunLog()
    var seen: [Seen] = []
    var seenEvents: Set<EventKey> = []
    var knownReads: Set<String> = []
    var lastActivity: GoDuration
    /// Until when something is on its way that nobody sees.
    var busyUntil: GoDuration = .zero
    var processes: [Int: ControllerProcess] = [:]
    var wishes: [Wish] = []
    /// Instances that are killed at their next request, or at this time without one.
    var kills: [Int: GoDuration] = [:]
    var requestCount = 0
    var clients: Set<Int> = []
    /// When an instance last asked for something for the first time since it was started.
    var lastArrival: GoDuration = .zero
    var order = 0
    var names: [DoorRequest: [RequestName]] = [:]
  }

  /// An event is told to many watches, and again when it was held; it is counted once for an instance.
  fileprivate struct EventKey: Hashable {
    let instance: Int
    let resource: String
    let revision: UInt64
  }

  private let state: Mutex<State>
  private let clock: RunClock
  private let delays: FaultDelays

  init(clock: RunClock, delays: FaultDelays) {
    state = Mutex(State(lastActivity: clock.elapsed))
    self.clock = clock
    self.delays = delays
  }

  /// Begins a run: counts and log start anew, for a plan whose default namespace is this one.
  func begin(_ plan: FaultPlan, namespace: String) {
    let now = clock.elapsed
    state.withLock { state in
      var fresh = State(lastActivity: now)
      for fault in plan.faults { fresh.plan[fault.place] = fault.fault }
      fresh.namespace = namespace
      fresh.processes = state.processes
      fresh.clients = state.clients
      fresh.lastArrival = state.lastArrival
      fresh.names = state.names
      state = fresh
    }
  }

  /// Lets nothing more happen.
  func disarm() { state.withLock { $0.plan = [:] } }

  // MARK: Requests

  func verdict(on request: DoorRequest) -> RequestVerdict {
    let now = clock.elapsed
    return state.withLock { state in
      state.requestCount += 1
      if state.clients.insert(request.client).inserted {
        state.lastActivity = now
        state.lastArrival = now
      }
      state.order += 1
      if state.kills.removeValue(forKey: request.client) != nil {
        state.processes[request.client]?.kill()
        return .drop
      }
      guard request.verb != "read" else { return .pass }
      let name = state.name(RequestName(request, in: state.namespace))
      state.names[request, default: []].append(name)
      let isLease = request.resource == "leases.coordination.k8s.io"
      if isLease ? false : request.isWrite {
        state.lastActivity = now
        state.knownReads = []
      } else if !isLease, state.knownReads.insert(request.withoutPosition).inserted {
        state.lastActivity = now
      }
      let faults = DoorFault.possible(for: request)
      state.seen.append(
        Seen(
          name: name, faults: faults, isWrite: request.isWrite, isLease: isLease,
          isTelling: request.resource.hasPrefix("events"), order: state.order))
      guard let fault = state.plan[name], faults.contains(fault) || fault.concernsProcess else {
        return .pass
      }
      return state.fire(fault, at: name, now, delays, request)
    }
  }

  func note(_ request: DoorRequest, answered status: Int, _ message: String) {
    let now = clock.elapsed
    state.withLock { state in
      guard request.verb != "read" else { return }
      let name = state.names[request]?.first
      if let name {
        state.names[request]?.removeFirst()
        if state.names[request]?.isEmpty == true { state.names[request] = nil }
        let detail = message.isEmpty ? "" : " \(message)"
        state.log.note(
          .request, Self.actor(request.client), "\(name) → \(status)\(detail)", at: now)
      }
    }
  }

  // MARK: Events

  func verdict(on event: DoorEvent) -> EventVerdict {
    let now = clock.elapsed
    return state.withLock { state in
      let key = EventKey(
        instance: event.client, resource: event.resource, revision: event.revision)
      guard state.seenEvents.insert(key).inserted else { return .pass }
      state.order += 1
      let name = state.name(RequestName(event, in: state.namespace))
      let isLease = event.resource == "leases.coordination.k8s.io"
      state.seen.append(
        Seen(
          name: name, faults: DoorFault.possibleForEvents, isWrite: false, isLease: isLease,
          isTelling: event.resource.hasPrefix("events"), order: state.order))
      guard let fault = state.plan[name] else { return .pass }
      state.fired.insert(name)
      state.log.note(.fault, Self.actor(event.client), "\(name): \(fault.sentence)", at: now)
      switch fault {
      case .delayed:
        state.busyUntil = max(state.busyUntil, now + delays.long)
        return .hold(delays.long)
      case .watchCut: return .cut
      case .watchExpired: return .expired
      default: return .pass
      }
    }
  }

  func noteTold(_ event: DoorEvent) {
    let now = clock.elapsed
    state.withLock { state in
      guard event.resource != "leases.coordination.k8s.io" else { return }
      state.lastActivity = now
      state.knownReads = []
      guard !event.resource.hasPrefix("events") else { return }
      let path = event.namespace.isEmpty ? event.name : "\(event.namespace)/\(event.name)"
      state.log.note(
        .event, Self.actor(event.client),
        "sees \(event.resource) \(path) \(event.type.lowercased())", at: now)
    }
  }

  func name(ofClient client: Int) -> String { Self.actor(client) }

  static func actor(_ client: Int) -> String { client == 0 ? "controller" : "second" }

  // MARK: The run's thread

  /// Lets the door kill and stop an instance, which has asked for nothing yet.
  func know(_ process: ControllerProcess, instance: Int) {
    state.withLock { state in
      state.processes[instance] = process
      state.clients.remove(instance)
    }
  }

  func forget(instance: Int) { state.withLock { $0.processes[instance] = nil } }

  /// Kills those that have had their reply for long enough.
  func carryOutKills() {
    let now = clock.elapsed
    let due = state.withLock { state in
      let due = state.kills.filter { $0.value <= now }.map(\.key)
      for instance in due { state.kills[instance] = nil }
      return due.compactMap { state.processes[$0] }
    }
    for process in due { process.kill() }
  }

  func takeWishes() -> [Wish] {
    state.withLock { state in
      defer { state.wishes = [] }
      return state.wishes
    }
  }

  /// Notes a happening that did not come through the door; it counts as activity.
  func note(_ kind: RunLog.Kind, _ actor: String, _ text: String) {
    let now = clock.elapsed
    state.withLock { state in
      if kind == .user || kind == .process {
        state.lastActivity = now
        state.knownReads = []
      }
      state.log.note(kind, actor, text, at: now)
    }
  }

  /// Since when nothing has happened.
  var quietTime: GoDuration {
    let now = clock.elapsed
    return state.withLock { state in
      if state.busyUntil > now { return .zero }
      return now - max(state.lastActivity, state.busyUntil)
    }
  }

  /// Whether an instance has asked for anything yet.
  func hasHeard(from instance: Int) -> Bool {
    state.withLock { $0.clients.contains(instance) }
  }

  /// When the youngest instance first asked for something.
  var lastArrival: GoDuration { state.withLock { $0.lastArrival } }

  var log: RunLog { state.withLock { $0.log } }
  var seen: [Seen] { state.withLock { $0.seen } }
  var fired: Set<RequestName> { state.withLock { $0.fired } }
  var requestCount: Int { state.withLock { $0.requestCount } }
}

extension ChaosDoor.State {
  /// The name of the next of a family.
  mutating func name(_ family: RequestName) -> RequestName {
    let count = (counts[family] ?? 0) + 1
    counts[family] = count
    return family.with(occurrence: count)
  }

  mutating func fire(
    _ fault: DoorFault, at name: RequestName, _ now: GoDuration, _ delays: FaultDelays,
    _ request: DoorRequest
  ) -> RequestVerdict {
    fired.insert(name)
    lastActivity = now
    log.note(
      .fault, ChaosDoor.actor(request.client), "\(name): \(fault.sentence)", at: now)
    let process = processes[request.client]
    switch fault {
    case .lostReply: return .loseReply
    case .killAfter:
      process?.kill()
      return .loseReply
    case .killBefore:
      process?.kill()
      return .drop
    case .killReplied:
      kills[request.client] = now + FaultDelays.reply
      return .pass
    case .late:
      busyUntil = max(busyUntil, now + delays.short)
      return .late(delays.short)
    case .slow:
      busyUntil = max(busyUntil, now + delays.long)
      return .slow(delays.long)
    case .conflict:
      return .refuse(
        StatusError(
          .conflict,
          "Operation cannot be fulfilled on \(request.resource) \"\(request.name)\": "
            + StatusError.modifiedDetail))
    case .refused:
      return .refuse(StatusError(.internalError, "Internal error occurred: injected by Drydock"))
    case .throttled:
      return .refuse(
        StatusError(
          .tooManyRequests, "Too many requests, please try again later.", retryAfterSeconds: 1))
    case .expired:
      return .refuse(StatusError(.expired, "The provided continue parameter is too old"))
    case .stale: return .stale
    case .overlap:
      wishes.append(.startSecond)
      return .pass
    case .pause:
      process?.pause()
      wishes.append(.startSecond)
      busyUntil = max(busyUntil, now + delays.pause)
      return .pass
    case .delayed, .watchCut, .watchExpired: return .pass
    }
  }
}

extension DoorRequest {
  /// The request without how far a reader is, so that a read that is repeated is known again.
  fileprivate var withoutPosition: String {
    guard let mark = line.firstIndex(of: "?") else { return "\(client) \(line)" }
    let kept = line[line.index(after: mark)...].split(separator: "&").filter { item in
      !["resourceVersion=", "continue=", "timeoutSeconds="].contains { item.hasPrefix($0) }
    }
    return "\(client) \(line[..<mark])?\(kept.joined(separator: "&"))"
  }
}

/// How long what is late is late.
struct FaultDelays: Sendable {
  /// How long a controller has for a reply before it is killed for it.
  static let reply = GoDuration.milliseconds(50)
  /// For a request that is carried out behind its time-out.
  var short: GoDuration
  /// For what is slow, and events that are held.
  var long: GoDuration
  /// For a controller that is stopped past its lease.
  var pause: GoDuration
}
