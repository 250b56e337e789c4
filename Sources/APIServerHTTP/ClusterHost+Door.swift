import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// What the door decides, carried out.
extension ClusterHost {
  /// Lets the door decide what becomes of a question.
  func take(
    _ question: HTTPQuestion, from connection: ConnectionHandler, through door: any RequestDoor
  ) {
    var request = DoorRequest(question, from: connection.client, in: face.directory)
    if let oldest = request.oldestRevision,
      memory.server(before: question, in: face).map({ $0.store.revision < oldest }) ?? true
    {
      request.oldestRevision = nil
    }
    switch door.verdict(on: request) {
    case .pass: carryOut(question, request, for: connection, door)
    case .refuse(let error):
      door.note(request, answered: error.code, error.message)
      connection.send(HTTPAnswer(error))
    case .drop: connection.abandon()
    case .loseReply:
      carryOut(question, request, for: nil, door)
      connection.abandon()
    case .late(let delay):
      let error = StatusError(
        .timeout, "Timeout: request did not complete within the requested timeout")
      door.note(request, answered: error.code, error.message)
      connection.send(HTTPAnswer(error))
      after(delay) { self.carryOut(question, request, for: nil, door) }
    case .slow(let delay):
      after(delay) { self.carryOut(question, request, for: connection, door) }
    case .stale:
      face.past = memory.server(before: question, in: face)
      carryOut(question, request, for: connection, door)
      face.past = nil
    }
  }

  private func after(_ delay: GoDuration, _ work: @escaping () -> Void) {
    loop.assumeIsolated().scheduleTask(in: .nanoseconds(delay.nanoseconds)) { work() }
  }

  /// Carries a question out; without a connection nobody hears of the answer.
  private func carryOut(
    _ question: HTTPQuestion, _ request: DoorRequest, for connection: ConnectionHandler?,
    _ door: any RequestDoor
  ) {
    if request.isWrite { memory.keep(face.cluster.server) }
    let before = face.cluster.changeCount
    switch face.outcome(of: question, at: now, from: request.client) {
    case .answer(let answer):
      door.note(request, answered: answer.status, answer.refusalMessage)
      connection?.send(answer)
      if face.cluster.changeCount != before { scheduleTurn() }
    case .watch(let feed):
      door.note(request, answered: 200, "")
      connection?.begin(feed)
    }
  }
}

/// What the server was, a few writes back.
struct ServerMemory {
  private var servers: [APIServer] = []
  private static let serversMax = 64

  /// Keeps the server as it is before a write.
  mutating func keep(_ server: APIServer) {
    if servers.count == Self.serversMax { servers.removeFirst() }
    servers.append(server)
  }

  /// The server before the latest write to the kind that is asked for; nil where there was none.
  func server(before question: HTTPQuestion, in face: APIFace) -> APIServer? {
    guard let path = ResourcePath(question.segments),
      let type = face.directory.type(
        group: path.group, version: path.version, plural: path.plural)
    else { return nil }
    let current = face.cluster.lastRevision(type)
    return servers.last { $0.store.lastRevision(type) < current }
  }
}

extension HTTPAnswer {
  /// What a refusal says; empty for what was done.
  fileprivate var refusalMessage: String {
    guard status >= 400 else { return "" }
    let bytes = Array(body.readableBytesView)
    guard let value = try? BodyReader.json(bytes) else { return "" }
    return value["message"]?.string ?? ""
  }
}
