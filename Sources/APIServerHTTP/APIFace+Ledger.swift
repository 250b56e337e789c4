import APIMachinery
import APIServer
import Allocation
import ControllerRuntime
import LocalCluster
import NIOCore
import ValueTree

/// Pools for programs outside: a ledger over HTTP, below `/ledger/v1/pools`.
///
/// - `GET /ledger/v1/pools/POOL/grants[?owner=UID]` tells what is out.
/// - `POST /ledger/v1/pools/POOL/ensure` sees to it that an owner holds a number of items; `key` says which of the
///   owner's requests it is, and asking twice with one key is asking once.
/// - `POST …/release` takes back what an owner holds, or one item of it. Who holds nothing has nothing to give back.
/// - `POST …/allocate` and `POST …/free` are for programs that know no owners' keys: asking twice takes twice, and who
///   frees is not asked whose it is.
extension APIFace {
  func ledger(
    _ segments: [String], _ question: HTTPQuestion, from client: Int
  ) throws(StatusError) -> HTTPAnswer {
    guard let path = LedgerPath(segments) else { return Self.pageNotFound }
    if path.isReading {
      guard question.method == .get else { throw .methodNotAllowed }
      let owner = question.query["owner"]
      if owner.isEmpty { return try grants(.outstanding(pool: path.pool), client) }
      return try grants(.held(pool: path.pool, owner: try Self.uid(owner)), client)
    }
    guard question.method == .post else { throw .methodNotAllowed }
    let asked = try LedgerQuestion(reading: try BodyReader.value(question))
    switch path.verb {
    case "ensure": return try grants(.ensure(try asked.request(path.pool)), client)
    case "allocate": return try grants(.takeRaw(try asked.request(path.pool)), client)
    case "free":
      return try grants(.freeRaw(pool: path.pool, item: try asked.requiredItem()), client)
    default: return try release(asked, path.pool, client)
    }
  }

  private func release(
    _ asked: LedgerQuestion, _ pool: String, _ client: Int
  ) throws(StatusError) -> HTTPAnswer {
    let owner = try asked.requiredOwner()
    guard let item = asked.item else {
      // Sealed first: whoever asks for the same owner from now on is refused.
      _ = try answered(.beginRelease(pool: pool, owner: owner), client)
      return try grants(.finishRelease(pool: pool, owner: owner), client)
    }
    let held = try answered(.held(pool: pool, owner: owner), client)
    guard let grant = held.first(where: { $0.item == item }) else {
      throw StatusError(.conflict, "\(item) of pool \(pool) is not held by \(owner)")
    }
    return try grants(
      .release(
        pool: pool, item: item, generation: asked.generation ?? grant.generation, owner: owner),
      client)
  }

  private func grants(
    _ call: AllocatorCall, _ client: Int
  ) throws(StatusError) -> HTTPAnswer {
    let grants = try answered(call, client)
    return HTTPAnswer(["grants": Value(grants.map(Self.value))])
  }

  private func answered(
    _ call: AllocatorCall, _ client: Int
  ) throws(StatusError) -> [Grant] {
    do { return try cluster.call(call, by: clientName(client)).get() } catch {
      throw StatusError(error, call)
    }
  }

  private static func value(_ grant: Grant) -> Value {
    [
      "pool": Value(grant.pool), "item": Value(grant.item),
      "generation": Value(Int64(grant.generation)), "owner": Value(grant.owner.description),
      "key": Value(grant.requestKey), "state": Value(grant.state.rawValue),
    ]
  }

  static func uid(_ text: String) throws(StatusError) -> UID {
    guard let uid = UID(text) else {
      throw StatusError(
        .badRequest, "owner \(Value(text)) is no UID; expected the metadata.uid of the object")
    }
    return uid
  }
}

/// A path of the ledger: a pool, and what is asked of it.
struct LedgerPath {
  let pool: String
  let verb: String

  var isReading: Bool { verb == "grants" }

  init?(_ segments: [String]) {
    let verbs = ["grants", "ensure", "allocate", "free", "release"]
    guard segments.count == 5, segments[0] == "ledger", segments[1] == "v1",
      segments[2] == "pools", verbs.contains(segments[4])
    else { return nil }
    pool = segments[3]
    verb = segments[4]
  }
}

/// The body of a question to the ledger.
private struct LedgerQuestion {
  private let owner: UID?
  private let holder: String
  private let key: String
  private let count: Int
  private let selector: [AttributeRequirement]
  let item: String?
  let generation: UInt32?

  private static let fields = [
    "owner", "holder", "key", "count", "selector", "item", "generation",
  ]

  init(reading value: Value) throws(StatusError) {
    guard value.isMap else {
      throw StatusError(.badRequest, "the body must be a map such as {\"owner\": UID}")
    }
    for member in value.members where !Self.fields.contains(member.key.text) {
      throw StatusError(
        .badRequest,
        "unknown field \"\(member.key)\"; expected one of \(Self.fields.joined(separator: ", "))")
    }
    var owner: UID?
    if let text = value["owner"]?.string { owner = try APIFace.uid(text) }
    self.owner = owner
    holder = value["holder"]?.string ?? owner?.description ?? ""
    key = value["key"]?.string ?? "default"
    let count = value["count"].map(\.int) ?? 1
    guard let count, (1...100_000).contains(count) else {
      throw StatusError(.badRequest, "count must be a number from 1 to 100000")
    }
    self.count = Int(count)
    selector = (value["selector"] ?? .emptyMap).members.map {
      AttributeRequirement($0.key.text, $0.value.string ?? "\($0.value)")
    }
    item = value["item"]?.string
    generation = value["generation"]?.int.flatMap(UInt32.init(exactly:))
  }

  func requiredOwner() throws(StatusError) -> UID {
    guard let owner else {
      throw StatusError(.badRequest, "owner is missing; expected the metadata.uid of the object")
    }
    return owner
  }

  func requiredItem() throws(StatusError) -> String {
    guard let item else { throw StatusError(.badRequest, "item is missing; expected its name") }
    return item
  }

  func request(_ pool: String) throws(StatusError) -> AllocationRequest {
    AllocationRequest(
      pool: pool, owner: try requiredOwner(), holder: holder, key: key, count: count,
      selector: selector)
  }
}

extension StatusError {
  /// How a pool's refusal is told over HTTP.
  fileprivate init(_ error: AllocationError, _ call: AllocatorCall) {
    let reason: Reason
    switch error {
    case .exhausted: reason = .tooManyRequests
    case .ownerSealed, .notOwner, .staleGeneration, .fenced: reason = .conflict
    case .unknownPool, .unknownItem: reason = .notFound
    case .notReady, .unavailable: reason = .serviceUnavailable
    case .timeout: reason = .timeout
    case .invalid: reason = .badRequest
    }
    self.init(reason, "cannot \(call.operation) in pool \(call.pool): \(error)")
    if case .exhausted = error { retryAfterSeconds = 1 }
  }
}
