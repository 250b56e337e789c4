import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// Runs the cluster on its event loop: behind the requests of a turn of the loop the controllers work, what was
/// written is kept, answers that waited for that go out, and watchers are told.
///
/// Everything here happens on one event loop, so nothing is locked.
final class ClusterHost {
  let face: APIFace
  let loop: any EventLoop
  private let clock: () -> Timestamp
  private let report: (String) -> Void
  private var isTurnScheduled = false
  private var timer: Scheduled<Void>?
  private var timerTime: Timestamp?
  /// Answers that go out once what they say is kept.
  private var waiting: [(ConnectionHandler, HTTPAnswer)] = []
  /// By the place of their kind.
  private var watchers: [Int: [ObjectIdentifier: ConnectionHandler]] = [:]
  /// The revisions of kinds up to which watchers were told.
  private var toldRevisions: [Int: UInt64] = [:]
  private var connections: [ObjectIdentifier: ConnectionHandler] = [:]
  /// Watchers that something could not be told yet.
  private var untold: [ObjectIdentifier: ConnectionHandler] = [:]
  private var lastTelling = NIODeadline.now()
  private var isTellingScheduled = false
  private(set) var isStopping = false
  /// What the server was before; kept only for a door that may ask for it.
  var memory = ServerMemory()

  /// How long events may be gathered, so that many share one write.
  private static let gathering = TimeAmount.milliseconds(1)
  /// How many turns controllers take before requests have theirs again.
  private static let turnsMax = 2_000

  init(
    _ face: APIFace, on loop: any EventLoop, clock: @escaping () -> Timestamp,
    report: @escaping (String) -> Void
  ) {
    self.face = face
    self.loop = loop
    self.clock = clock
    self.report = report
  }

  var now: Timestamp { clock() }

  // MARK: Connections

  func add(_ connection: ConnectionHandler) {
    connections[ObjectIdentifier(connection)] = connection
  }

  func remove(_ connection: ConnectionHandler) {
    connections[ObjectIdentifier(connection)] = nil
  }

  /// Lets a connection be told of a kind.
  func watch(_ connection: ConnectionHandler, _ type: ResourceType) {
    watchers[type.index, default: [:]][ObjectIdentifier(connection)] = connection
    face.metrics.watchers += 1
  }

  func endWatch(_ connection: ConnectionHandler, _ type: ResourceType) {
    if watchers[type.index]?.removeValue(forKey: ObjectIdentifier(connection)) != nil {
      face.metrics.watchers -= 1
    }
  }

  // MARK: Questions

  /// Answers a question: at once, or when what it wrote is kept.
  func take(_ question: HTTPQuestion, from connection: ConnectionHandler) {
    if let door = face.door { return take(question, from: connection, through: door) }
    let before = face.cluster.changeCount
    let outcome = face.outcome(of: question, at: clock(), from: connection.client)
    if face.cluster.changeCount != before { scheduleTurn() }
    switch outcome {
    case .answer(let answer):
      // Whatever is answered now may tell of writes that are not kept yet, a refusal and a list as well.
      if face.cluster.needsCommit {
        waiting.append((connection, answer))
        scheduleTurn()
      } else {
        connection.send(answer)
      }
    case .watch(let feed): connection.begin(feed)
    }
  }

  /// Whether a watcher may be told of what there is; one that may not, since it is not kept yet, is told afterwards.
  func mayTell(_ connection: ConnectionHandler) -> Bool {
    guard face.cluster.needsCommit else { return true }
    untold[ObjectIdentifier(connection)] = connection
    scheduleTurn()
    return false
  }

  /// Lets the controllers work, keeps what was written, and tells watchers, behind what the loop is at now.
  func scheduleTurn() {
    guard !isTurnScheduled else { return }
    isTurnScheduled = true
    loop.assumeIsolated().execute { self.turn() }
  }

  private func turn() {
    isTurnScheduled = false
    let cluster = face.cluster
    cluster.advance(to: clock())
    let hasMore = cluster.run(turnsMax: Self.turnsMax)
    for warning in cluster.takeWarnings() { report("warning: \(warning)") }
    guard keep() else { return }
    // Watchers first: a client whose answer goes out may have its next question read, and with it the next write.
    tellIfDue()
    let answered = waiting
    waiting = []
    for (connection, answer) in answered { connection.send(answer) }
    if hasMore { scheduleTurn() } else { scheduleTimer() }
  }

  /// Keeps what was written; where that fails, nobody is told that it is done, and the server ends.
  private func keep() -> Bool {
    do {
      try face.cluster.commit()
      return true
    } catch {
      report("error: \(error)")
      let refusal = StatusError(
        .internalError, "Internal error occurred: the state cannot be kept: \(error)")
      for (connection, _) in waiting { connection.send(HTTPAnswer(refusal)) }
      waiting = []
      failure?()
      return false
    }
  }

  /// Called when the state can be kept no longer.
  var failure: (() -> Void)?

  private func scheduleTimer() {
    let due = face.cluster.nextDue
    if let timerTime, timerTime <= due { return }
    timer?.cancel()
    timerTime = due
    let wait = TimeAmount.nanoseconds(max(1_000_000, (due - clock()).nanoseconds))
    timer = loop.assumeIsolated().scheduleTask(in: wait) {
      self.timerTime = nil
      self.scheduleTurn()
    }
  }

  // MARK: Watchers

  /// Tells watchers, or sees to it that they are told by the next turn that is far enough from the latest.
  private func tellIfDue() {
    let late = untold
    untold = [:]
    for connection in late.values { connection.tell() }
    guard !watchers.isEmpty else { return }
    let next = lastTelling + Self.gathering
    if NIODeadline.now() >= next { return tell() }
    guard !isTellingScheduled else { return }
    isTellingScheduled = true
    loop.assumeIsolated().scheduleTask(deadline: next) {
      self.isTellingScheduled = false
      self.scheduleTurn()
    }
  }

  /// Tells watchers of kinds that were written.
  private func tell() {
    lastTelling = NIODeadline.now()
    for (place, connections) in watchers {
      guard let type = connections.values.first?.watchedType else { continue }
      let revision = face.cluster.lastRevision(type)
      guard toldRevisions[place] != revision else { continue }
      toldRevisions[place] = revision
      for connection in connections.values { connection.tell() }
    }
    face.chunks.clear()
  }

  // MARK: The end

  /// Ends watches, lets requests that are being answered be answered, and closes what is idle.
  func stop() {
    isStopping = true
    turn()
    tell()
    for connection in connections.values { connection.finish() }
  }

  var isIdle: Bool { connections.isEmpty }
}
