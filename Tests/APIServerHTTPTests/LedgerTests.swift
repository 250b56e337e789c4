import APIMachinery
import Testing
import ValueTree

@testable import APIServerHTTP

@Suite("Pools over HTTP: what controllers in other languages allocate from")
struct LedgerTests {
  private let pools = "/apis/drydock.dev/v1alpha1/pools"
  private let owner = "0000000a-0000-4000-8000-000000000001"
  private let other = "0000000a-0000-4000-8000-000000000002"

  private func server() throws -> Fixture {
    let server = try Fixture()
    let pool = """
      {"apiVersion":"drydock.dev/v1alpha1","kind":"Pool","metadata":{"name":"ports"},
      "spec":{"type":"port","ranges":["30000-30002"]}}
      """
    #expect(server.ask(.post, pools, pool).status == 201)
    return server
  }

  private func items(_ answer: HTTPAnswer) throws -> [String] {
    try (answer.value["grants"] ?? .emptyList).elements.compactMap { $0["item"]?.string }
  }

  @Test("Asking twice with one key is asking once")
  func ensure() throws {
    let server = try server()
    let body = #"{"owner":"\#(owner)","holder":"A default/a","count":2}"#
    let first = server.ask(.post, "/ledger/v1/pools/ports/ensure", body)
    #expect(first.status == 200)
    #expect(try items(first).count == 2)
    let second = server.ask(.post, "/ledger/v1/pools/ports/ensure", body)
    #expect(try items(second) == items(first))
    #expect(try items(server.ask(.get, "/ledger/v1/pools/ports/grants")) == items(first))
    let none = server.ask(.get, "/ledger/v1/pools/ports/grants?owner=\(other)")
    #expect(try items(none) == [])
  }

  @Test("An exhausted pool says when to try again")
  func exhausted() throws {
    let server = try server()
    let answer = server.ask(
      .post, "/ledger/v1/pools/ports/ensure", #"{"owner":"\#(owner)","count":4}"#)
    #expect(answer.status == 429)
    #expect(answer.headers.contains { $0.name == "Retry-After" })
  }

  @Test("Who has given everything back is sealed; nobody gives back what another holds")
  func release() throws {
    let server = try server()
    let ensure = "/ledger/v1/pools/ports/ensure"
    let release = "/ledger/v1/pools/ports/release"
    let held = try items(server.ask(.post, ensure, #"{"owner":"\#(owner)"}"#))
    let item = try #require(held.first)
    let stolen = server.ask(.post, release, #"{"owner":"\#(other)","item":"\#(item)"}"#)
    #expect(stolen.status == 409)
    #expect(server.ask(.post, release, #"{"owner":"\#(owner)"}"#).status == 200)
    #expect(server.ask(.post, release, #"{"owner":"\#(owner)"}"#).status == 200)
    #expect(server.ask(.post, ensure, #"{"owner":"\#(owner)"}"#).status == 409)
    #expect(try items(server.ask(.get, "/ledger/v1/pools/ports/grants")) == [])
  }

  @Test("The naive way takes twice, and frees whosever it is")
  func naive() throws {
    let server = try server()
    let allocate = "/ledger/v1/pools/ports/allocate"
    let first = try items(server.ask(.post, allocate, #"{"owner":"\#(owner)"}"#))
    let second = try items(server.ask(.post, allocate, #"{"owner":"\#(owner)"}"#))
    #expect(first.count == 1 && second.count == 1 && first != second)
    let free = server.ask(.post, "/ledger/v1/pools/ports/free", #"{"item":"\#(first[0])"}"#)
    #expect(free.status == 200)
    #expect(try items(server.ask(.get, "/ledger/v1/pools/ports/grants")) == second)
  }

  @Test(
    "A mistake says what was expected",
    arguments: [
      (#"{"owner":"nobody"}"#, 400, "metadata.uid"), (#"{"count":1}"#, 400, "owner is missing"),
      (#"{"owner":"0000000a-0000-4000-8000-000000000001","cuont":1}"#, 400, "cuont"),
      (#"{"owner":"0000000a-0000-4000-8000-000000000001","count":0}"#, 400, "count"),
      ("[]", 400, "map"),
    ])
  func mistakes(body: String, status: Int, words: String) throws {
    let answer = try server().ask(.post, "/ledger/v1/pools/ports/ensure", body)
    #expect(answer.status == status)
    #expect(try answer.value["message"]?.string?.contains(words) == true)
  }

  @Test("There is no such pool, verb or method")
  func notThere() throws {
    let server = try server()
    let body = #"{"owner":"\#(owner)"}"#
    #expect(server.ask(.post, "/ledger/v1/pools/none/ensure", body).status == 404)
    #expect(server.ask(.post, "/ledger/v1/pools/ports/steal", body).status == 404)
    #expect(server.ask(.get, "/ledger/v1/pools/ports/ensure").status == 405)
  }

  @Test("A request at the door is called by what it is about")
  func doorNames() throws {
    let server = try server()
    func seen(
      _ method: HTTPQuestion.Method, _ uri: String, _ body: String = ""
    ) -> DoorRequest {
      var question = HTTPQuestion(method, uri)
      question.body = Array(body.utf8)
      return DoorRequest(question, from: 0, in: server.face.directory)
    }
    let create = seen(
      .post, "/api/v1/namespaces/default/configmaps", #"{"metadata":{"generateName":"a-"}}"#)
    #expect(create.verb == "create" && create.name == "a-*" && create.isWrite)
    let status = seen(.patch, "/apis/apps/v1/namespaces/x/deployments/web/status")
    #expect(status.resource == "deployments.apps" && status.subresource == "status")
    #expect(status.namespace == "x" && status.name == "web" && status.verb == "patch")
    #expect(seen(.get, "/api/v1/pods?watch=true").verb == "watch")
    #expect(seen(.get, "/api/v1/pods").verb == "list")
    #expect(seen(.delete, "/api/v1/namespaces/x/pods").verb == "deletecollection")
    let review = seen(.post, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "{}")
    #expect(!review.isWrite)
    let ensure = seen(
      .post, "/ledger/v1/pools/ports/ensure", #"{"owner":"x","holder":"A default/a"}"#)
    #expect(ensure.verb == "ensure" && ensure.resource == "pool/ports" && ensure.isWrite)
    #expect(seen(.get, "/version").verb == "read")
  }

  @Test(
    "Only a read that allows it can be answered from an old state",
    arguments: [
      ("", nil), ("?resourceVersion=", nil), ("?resourceVersion=0", 0),
      ("?resourceVersion=7", 7), ("?resourceVersion=7&resourceVersionMatch=NotOlderThan", 7),
      ("?resourceVersion=7&resourceVersionMatch=Exact", nil),
      ("?resourceVersion=7&limit=5", nil), ("?resourceVersion=0&limit=5", 0),
      ("?resourceVersion=0&continue=abc", nil),
    ] as [(String, UInt64?)])
  func oldAnswers(query: String, oldest: UInt64?) throws {
    let server = try Fixture()
    let list = HTTPQuestion(.get, "/api/v1/namespaces/default/configmaps" + query)
    #expect(DoorRequest(list, from: 0, in: server.face.directory).oldestRevision == oldest)
  }

  @Test(
    "Only who names a revision can meet a conflict",
    arguments: [
      (HTTPQuestion.Method.put, #"{"metadata":{"resourceVersion":"7"}}"#, true),
      (.put, #"{"metadata":{}}"#, false),
      (.patch, #"{"metadata":{"resourceVersion":"7"},"data":{}}"#, true),
      (.patch, #"{"data":{}}"#, false),
      (.patch, #"[{"op":"test","path":"/data/a","value":"b"}]"#, false),
      (.delete, #"{"preconditions":{"resourceVersion":"7"}}"#, true), (.delete, "", false),
    ])
  func revisions(method: HTTPQuestion.Method, body: String, isNamed: Bool) throws {
    let server = try Fixture()
    var question = HTTPQuestion(method, "/api/v1/namespaces/default/configmaps/a")
    question.body = Array(body.utf8)
    question.contentType = method == .patch ? "application/merge-patch+json" : ""
    #expect(DoorRequest(question, from: 0, in: server.face.directory).hasRevision == isNamed)
  }
}
