import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// The face of the server without its sockets: a question in, an answer out, or a watch that goes on.
///
/// It belongs to the event loop that owns the cluster.
final class APIFace {
  /// What becomes of a question.
  enum Outcome {
    case answer(HTTPAnswer)
    case watch(WatchFeed)
  }

  let cluster: ServedCluster
  /// Host and port, as clients reach them.
  var address = "127.0.0.1"
  var encoding = ObjectEncoding()
  var chunks = WatchChunks()
  var metrics = RequestMetrics()
  /// Who decides what becomes of requests; nil where all are carried out.
  var door: (any RequestDoor)?
  /// Through which port the question came that is being answered.
  private(set) var caller = 0
  /// Where reads are answered from instead of the cluster, while a question is answered.
  var past: APIServer?
  private let allocator = ByteBufferAllocator()
  /// What is served, as of `directoryRevision`.
  private var known: ResourceDirectory?
  private var directoryRevision: UInt64 = 0
  private var documents = OpenAPIDocuments()

  init(cluster: ServedCluster) { self.cluster = cluster }

  /// The kinds that are served; made anew when a definition has changed.
  var directory: ResourceDirectory {
    let revision = definitionsRevision
    if let known, directoryRevision == revision { return known }
    let made = ResourceDirectory(cluster.server.registry)
    known = made
    directoryRevision = revision
    return made
  }

  private lazy var definitions = cluster.server.registry.type(
    apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition")

  private var definitionsRevision: UInt64 {
    definitions.map { cluster.lastRevision($0) } ?? 0
  }

  func buffer(_ capacity: Int) -> ByteBuffer { allocator.buffer(capacity: capacity) }

  /// Answers a question at a time.
  func outcome(
    of question: HTTPQuestion, at now: Timestamp, from client: Int = 0
  ) -> Outcome {
    cluster.advance(to: now)
    caller = client
    let outcome: Outcome
    do throws(StatusError) {
      outcome = try answered(question, at: now, from: client)
    } catch {
      outcome = .answer(HTTPAnswer(error))
    }
    guard !question.accept.isEmpty, question.accept != "application/json",
      case .answer(let answer) = outcome, answer.contentType == HTTPAnswer.json,
      case .yaml? = try? AnswerForm(accepting: question.accept)
    else { return outcome }
    return .answer(answer.asYAML)
  }

  private func answered(
    _ question: HTTPQuestion, at now: Timestamp, from client: Int
  ) throws(StatusError) -> Outcome {
    let segments = question.segments
    if Self.isWatchPath(segments) {
      // An older way to ask for a watch, which Go's first client libraries used.
      var segments = segments
      segments.remove(at: segments[0] == "api" ? 2 : 3)
      var question = question
      question.query.set("watch", "true")
      return try answered(segments, question, at: now, from: client)
    }
    return try answered(segments, question, at: now, from: client)
  }

  private func answered(
    _ segments: [String], _ question: HTTPQuestion, at now: Timestamp, from client: Int
  ) throws(StatusError) -> Outcome {
    switch segments.first {
    case "api" where segments.count > 2, "apis" where segments.count > 3:
      guard let path = ResourcePath(segments) else { return .answer(Self.pageNotFound) }
      return try resource(path, question, at: now)
    case "ledger": return .answer(try ledger(segments, question, from: client))
    default:
      return .answer(try document(segments, question))
    }
  }

  /// What the ledger calls who came through a port.
  func clientName(_ client: Int) -> String { door?.name(ofClient: client) ?? "client" }
  private static func isWatchPath(_ segments: [String]) -> Bool {
    segments.count > 3 && segments[0] == "api" && segments[2] == "watch"
      || segments.count > 4 && segments[0] == "apis" && segments[3] == "watch"
  }

  /// What is said of a path that leads nowhere.
  static let pageNotFound = HTTPAnswer(text: "404 page not found\n", status: 404)

  // MARK: Documents

  private func document(
    _ segments: [String], _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer {
    guard question.method == .get || question.method == .head else {
      throw .methodNotAllowed
    }
    switch segments.first {
    case "api", "apis": return try discovery(segments, question)
    case "version" where segments.count == 1: return HTTPAnswer(ServerVersion.value)
    case "healthz", "livez", "readyz":
      let isVerbose = question.query.has("verbose")
      return HTTPAnswer(text: isVerbose ? "[+]ping ok\n\(segments[0]) check passed\n" : "ok")
    case "metrics": return HTTPAnswer(text: metrics.text(cluster))
    case "openapi" where segments.count > 1 && segments[1] == "v3":
      return try documents.answer(
        Array(segments.dropFirst(2)), question, directory, cluster.server,
        revision: definitionsRevision)
    case nil:
      let paths = ["/api", "/apis", "/healthz", "/livez", "/metrics", "/openapi/v3", "/readyz"]
      return HTTPAnswer(["paths": Value((paths + ["/version"]).map { Value($0) })])
    default: return Self.pageNotFound
    }
  }

  private func discovery(
    _ segments: [String], _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer {
    let discovery = Discovery(directory: directory, address: address)
    let form = try AnswerForm(accepting: question.accept)
    let isCore = segments[0] == "api"
    if segments.count == 1 {
      if case .groupDiscovery(let version) = form {
        return HTTPAnswer(
          discovery.aggregated(isCore: isCore, version: version),
          contentType:
            "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList")
      }
      return HTTPAnswer(isCore ? discovery.versions : discovery.groups)
    }
    let found: Value?
    if isCore {
      found = discovery.resources(group: "", version: segments[1])
    } else if segments.count == 2 {
      found = discovery.group(segments[1])
    } else {
      found = discovery.resources(group: segments[1], version: segments[2])
    }
    return found.map { HTTPAnswer($0) } ?? Self.pageNotFound
  }
}

/// The version of Kubernetes whose ways the server has.
enum ServerVersion {
  static let value: Value = [
    "major": "1", "minor": "36", "gitVersion": "v1.36.0+drydock", "gitCommit": "",
    "gitTreeState": "clean", "buildDate": "2026-01-01T00:00:00Z", "goVersion": "none",
    "compiler": "swift", "platform": "linux/amd64",
  ]
}
