import APIMachinery
import APIServer
import APIStore
import Testing
import ValueTree

@Suite("Semantics 2.5: pages and continue tokens")
struct PagingTests {
  private func bench(_ count: Int = 10) throws -> Bench {
    var bench = Bench()
    try bench.create("namespaces", "x")
    for number in 0..<count {
      try bench.create("configmaps", "c\(number + 10)")
      try bench.create("configmaps", "c\(number + 10)", metadata: ["namespace": "x"])
    }
    return bench
  }

  @Test("2.5: a page says where it ends, how many are left, and at which revision it is")
  func pages() throws {
    var bench = try bench(5)
    let revision = bench.revision
    let all = try bench.pages("configmaps", .of(limit: 4))
    #expect(
      all.map(Bench.Listed.init) == [
        .init(
          "default/c10 default/c11 default/c12 default/c13", revision, remaining: 6,
          hasToken: true),
        .init("default/c14 x/c10 x/c11 x/c12", revision, remaining: 2, hasToken: true),
        .init("x/c13 x/c14", revision),
      ])
    let one = try bench.pages("configmaps", .of(limit: 2, namespace: "x"))
    #expect(
      one.map(Bench.Listed.init) == [
        .init("x/c10 x/c11", revision, remaining: 3, hasToken: true),
        .init("x/c12 x/c13", revision, remaining: 1, hasToken: true),
        .init("x/c14", revision),
      ])
    let whole = try bench.pages("configmaps", .of(limit: 5, namespace: "x"))
    #expect(whole.map(\.objects.count) == [5], "a page that everything fits on is the last one")
    // A later page may have another limit, or none.
    var rest = try ListOptions.of(token: all[0].continueToken)
    #expect(try bench.list("configmaps", rest).objects.count == 6)
    rest.limit = 1
    #expect(
      try Bench.Listed(bench.list("configmaps", rest))
        == .init("default/c14", revision, remaining: 5, hasToken: true))
    let nodes = try bench.pages("namespaces", .of(limit: 2))
    #expect(nodes.map(\.objects.count) == [2, 2, 1], "kinds without namespaces have pages too")
  }

  @Test("2.5: the token is base64url of version, revision and the key behind the page")
  func tokens() throws {
    var bench = try bench(2)
    let text = TokenText.decode(try bench.list("configmaps", .of(limit: 1)).continueToken)
    #expect(
      text == #"{"remaining":3,"rv":\#(bench.revision),"start":"default/c10\u0000","#
        + #""v":"meta.k8s.io/v1"}"#, "\(text)")
    let named = try bench.list("configmaps", .of(limit: 1, namespace: "x")).continueToken
    #expect(TokenText.decode(named).contains(#""start":"c10\u0000""#))
    // One that another server has made, without anything but that.
    func list(_ start: String, _ namespace: String? = nil) throws -> [String] {
      let json = #"{"v":"meta.k8s.io/v1","rv":\#(bench.revision),"start":"\#(start)"}"#
      let options = try ListOptions.of(
        limit: 2, namespace: namespace, token: TokenText.encode(json))
      return try bench.list("configmaps", options).objects.map(\.key.path)
    }
    #expect(try list(#"default/c10\u0000"#) == ["default/c11", "x/c10"])
    #expect(try list("default/c10") == ["default/c10", "default/c11"], "the key itself")
    #expect(try list("/default/c11") == ["default/c11", "x/c10"])
    #expect(try list("x") == ["x/c10", "x/c11"])
    #expect(try list(#"c10\u0000"#, "x") == ["x/c11"])
    #expect(try list("c1", "x") == ["x/c10", "x/c11"])
    #expect(try list("zzz").isEmpty)
    let options = try ListOptions.of(
      limit: 1,
      token: TokenText.encode(
        #"{"v":"meta.k8s.io/v1","rv":\#(bench.revision),"start":"default/c10\u0000"}"#))
    #expect(try bench.list("configmaps", options).remainingItemCount == 2, "it is counted then")
  }

  @Test(
    "2.5: tokens that no server has made",
    arguments: [
      ("*", "illegal base64 data at input byte 0"),
      ("YWJj=", "illegal base64 data at input byte 4"),
      ("A", "illegal base64 data at input byte 1"), (TokenText.encode("{"), ""),
      (TokenText.encode("[]"), "json: "), (TokenText.encode(#"{"v":1}"#), "json: "),
      (TokenText.encode(#"{"v":"meta.k8s.io/v1","rv":"1","start":"a"}"#), "json: "),
      (TokenText.encode(#"{"v":"meta.k8s.io/v1","rv":1,"start":2}"#), "json: "),
      (
        TokenText.encode(#"{"v":"meta.k8s.io/v2","rv":1,"start":"a"}"#),
        "server does not recognize this encoded version meta.k8s.io/v2"
      ),
      (TokenText.encode("{}"), "server does not recognize this encoded version "),
      (
        TokenText.encode(#"{"v":"meta.k8s.io/v1","start":"a"}"#),
        "incorrect encoded start resourceVersion (version meta.k8s.io/v1)"
      ),
      (
        TokenText.encode(#"{"v":"meta.k8s.io/v1","rv":1}"#),
        "encoded start key empty (version meta.k8s.io/v1)"
      ),
      (TokenText.encode(#"{"v":"meta.k8s.io/v1","rv":1,"start":"../a"}"#), "../a"),
      (TokenText.encode(#"{"v":"meta.k8s.io/v1","rv":1,"start":"a//b"}"#), "a//b"),
      (TokenText.encode(#"{"v":"meta.k8s.io/v1","rv":1,"start":"a/./b"}"#), "a/./b"),
      (TokenText.encode(#"{"v":"meta.k8s.io/v1","rv":1,"start":"a/"}"#), "a/"),
    ])
  func malformed(_ token: String, _ reason: String) throws {
    var bench = try bench(2)
    let error = try bench.refusal { try $0.list("configmaps", .of(limit: 1, token: token)) }
    #expect(error.reason == .badRequest && error.code == 400)
    let beginning = "invalid continue token: continue key is not valid: \(reason)"
    #expect(error.message.hasPrefix(beginning), "\(error.message)")
  }

  @Test("2.5 row 12: a token says the revision; none may stand beside it, but for 0")
  func tokenAndVersion() throws {
    var bench = try bench(2)
    let token = try bench.list("configmaps", .of(limit: 3)).continueToken
    for version in ["1", "abc", "\(bench.revision)"] {
      let error = try bench.refusal {
        try $0.list("configmaps", .of(version, limit: 3, token: token))
      }
      #expect(error.reason == .badRequest)
      #expect(
        error.message == "specifying resource version is not allowed when using continue")
    }
    #expect(try bench.list("configmaps", .of("0", limit: 3, token: token)).objects.count == 1)
  }

  @Test("2.5: all pages are of one state, whatever is written in between")
  func consistent() throws {
    var bench = try bench()
    let expected = try bench.list("configmaps", .of()).objects
    let revision = bench.revision
    var page = try bench.list("configmaps", .of(limit: 7))
    var seen = page.objects
    while !page.continueToken.isEmpty {
      for object in expected.suffix(5) {
        try bench.change(object, ["data": ["n": Value("\(seen.count)")]])
      }
      try bench.create("configmaps", "c19-\(seen.count)")
      page = try bench.list("configmaps", .of(limit: 7, token: page.continueToken))
      #expect(page.revision == revision)
      #expect(
        page.remainingItemCount
          == (page.continueToken.isEmpty ? nil : 20 - seen.count - page.objects.count))
      seen += page.objects
    }
    #expect(seen == expected)
  }

  @Test("2.5: a token of a forgotten revision has expired, and the answer has one that goes on")
  func expired() throws {
    var bench = Bench(historyLimit: 4)
    for number in 0..<6 { try bench.create("configmaps", "c\(number)") }
    let first = try bench.list("configmaps", .of(limit: 2))
    #expect(first.objects.map(\.name) == ["c0", "c1"])
    for number in 0..<5 { try bench.create("configmaps", "c1-\(number)") }
    let error = try bench.refusal {
      try $0.list("configmaps", .of(limit: 3, token: first.continueToken))
    }
    #expect(error.reason == .expired && error.code == 410)
    #expect(
      error.message.hasPrefix(
        "The provided continue parameter is too old to display a consistent list result. You can "
          + "start a new list without the continue parameter, or use the continue token in this "
          + "response"))
    let token = try #require(error.continueToken)
    #expect(error.value["metadata"] == ["continue": Value(token)])
    #expect(
      TokenText.decode(token) == #"{"rv":-1,"start":"default/c1\u0000","v":"meta.k8s.io/v1"}"#)
    let rest = try bench.list("configmaps", .of(limit: 3, token: token))
    #expect(
      Bench.Listed(rest)
        == .init(
          "default/c1-0 default/c1-1 default/c1-2", bench.revision, remaining: 6, hasToken: true),
      "the newest state from the same key on")
    let decoded = TokenText.decode(rest.continueToken)
    #expect(decoded.contains(#""rv":\#(bench.revision)"#), "and from there on consistent again")
  }

  @Test("2.5: a token of a revision to come is a timeout")
  func future() throws {
    var bench = try bench(2)
    let json = #"{"v":"meta.k8s.io/v1","rv":\#(bench.revision + 5),"start":"a"}"#
    let error = try bench.refusal {
      try $0.list("configmaps", .of(token: TokenText.encode(json)))
    }
    #expect(error == .tooLargeResourceVersion(bench.revision + 5, current: bench.revision))
  }

  @Test("2.5: deletecollection is a list and deletions: its options choose, page by page")
  func deleteCollection() throws {
    func names(_ options: ListOptions, _ bench: inout Bench) throws -> (ObjectList, String) {
      let request = APIRequest.deleteCollection(bench.kind("configmaps"), options)
      guard case .list(let list) = try bench.server.handle(request, at: bench.now) else {
        preconditionFailure("a deletion of many is answered with a list")
      }
      let left = try bench.list("configmaps", .of()).objects.map(\.key.path)
      return (list, left.joined(separator: " "))
    }
    var bench = try bench(2)
    var fork = bench
    let page = try names(.of(limit: 3), &bench)
    #expect(page.0.objects.map(\.key.path) == ["default/c10", "default/c11", "x/c10"])
    #expect(page.1 == "x/c11" && !page.0.continueToken.isEmpty)
    let one = try names(.of(namespace: "x"), &fork)
    #expect(one.0.objects.count == 2 && one.1 == "default/c10 default/c11")
    let named = try names(.of(fields: "metadata.name=c11"), &fork)
    #expect(named.0.objects.map(\.key.path) == ["default/c11"] && named.1 == "default/c10")
    // Of an old state: what is gone already is no error, and what is there is deleted whatever its age.
    let old = try names(.of("\(fork.revision - 1)", match: "Exact"), &fork)
    #expect(old.0.objects.count == 2 && old.1 == "")
  }
}
