import APIMachinery
import APIServer
import APIStore
import Testing
import ValueTree

@Suite("Semantics 2.5: reads")
struct ReadTests {
  /// Config maps a to e of `default` at revisions 5 to 9, c changed at 10 and d deleted at 11.
  ///
  /// The namespaces of every cluster come before.
  private func bench(historyLimit: Int = 100_000) throws -> Bench {
    var bench = Bench(historyLimit: historyLimit)
    for name in ["a", "b", "c", "d", "e"] {
      try bench.create("configmaps", name, metadata: ["labels": ["n": Value(name)]])
    }
    let c = try bench.object("configmaps", "c", metadata: ["labels": ["n": "changed"]])
    try bench.update(c)
    try bench.delete(try bench.object("configmaps", "d"))
    #expect(bench.revision == 11)
    return bench
  }

  private func get(_ bench: inout Bench, _ name: String, _ version: String) throws -> UInt64 {
    let key = ObjectKey(namespace: "default", name: name)
    let request = APIRequest.get(
      bench.kind("configmaps"), key, GetOptions(resourceVersion: version))
    let object = try bench.server.handle(request, at: bench.now).object
    return try #require(object).resourceVersion
  }

  @Test("2.5 rows 1 and 2: GET of \"\" and \"0\" is the most recent state")
  func getRecent() throws {
    var bench = try bench()
    #expect(try get(&bench, "c", "") == 10)
    #expect(try get(&bench, "c", "0") == 10)
    for version in ["", "0", "11"] {
      #expect(try bench.refusal { try get(&$0, "d", version) }.isNotFound)
    }
  }

  @Test("2.5 row 3: GET of N is not older than N; of a revision to come it is a timeout")
  func getNotOlder() throws {
    var bench = try bench()
    for version in ["1", "5", "10", "11"] { #expect(try get(&bench, "c", version) == 10) }
    let error = try bench.refusal { try get(&$0, "c", "12") }
    #expect(error.reason == .timeout && error.code == 504)
    #expect(error.message == "Timeout: Too large resource version: 12, current: 11")
    #expect(error.retryAfterSeconds == 1)
    #expect(
      error.causes == [
        StatusError.Cause(
          type: "ResourceVersionTooLarge", message: "Too large resource version")
      ])
    #expect(
      error.value["details"] == [
        "causes": [
          ["reason": "ResourceVersionTooLarge", "message": "Too large resource version"]
        ], "retryAfterSeconds": 1,
      ])
  }

  @Test(
    "2.5: what is no resource version is a bad request",
    arguments: [
      ("abc", "invalid syntax"), ("-1", "invalid syntax"), ("1.0", "invalid syntax"),
      ("+1", "invalid syntax"), (" 1", "invalid syntax"),
      ("99999999999999999999", "value out of range"),
    ])
  func malformed(_ version: String, _ reason: String) throws {
    var bench = try bench()
    let message =
      "invalid resource version: resourceVersion: Invalid value: \"\(version)\": "
      + "strconv.ParseUint: parsing \"\(version)\": \(reason)"
    let refusals = [
      try bench.refusal { try get(&$0, "c", version) },
      try bench.refusal { try $0.list("configmaps", .of(version)) },
      try bench.refusal { try $0.watch("configmaps", WatchOptions(.of(version))) },
    ]
    for error in refusals {
      #expect(error.reason == .badRequest && error.code == 400)
      #expect(error.message == message)
    }
  }

  @Test(
    "2.5: LIST by resource version, match and limit",
    arguments: [
      // Row 4: "" is the most recent state.
      ("row 4", "", "", 0, "a b c e", 11),
      // Row 5: "0" is any state, and Kubernetes' cache knows no pages for it.
      ("row 5", "0", "", 0, "a b c e", 11), ("row 5", "0", "NotOlderThan", 0, "a b c e", 11),
      ("row 5 with a limit", "0", "", 2, "a b c e", 11),
      ("row 5 with a limit", "0", "NotOlderThan", 2, "a b c e", 11),
      // Row 7: N without a match and without a limit is not older than N.
      ("row 7", "8", "", 0, "a b c e", 11), ("row 7", "1", "", 0, "a b c e", 11),
      // Row 8: with a limit it is exactly N.
      ("row 8", "8", "", 100, "a b c d", 8), ("row 8", "11", "", 100, "a b c e", 11),
      // Row 9: not older than N.
      ("row 9", "8", "NotOlderThan", 0, "a b c e", 11),
      ("row 9 with a limit", "8", "NotOlderThan", 100, "a b c e", 11),
      // Row 10: exactly N.
      ("row 10", "8", "Exact", 0, "a b c d", 8), ("row 10", "9", "Exact", 0, "a b c d e", 9),
      ("row 10", "4", "Exact", 0, "", 4), ("row 10", "11", "Exact", 0, "a b c e", 11),
    ])
  func table(
    _ row: String, _ version: String, _ match: String, _ limit: Int, _ names: String,
    _ revision: UInt64
  ) throws {
    var bench = try bench()
    let list = try bench.list("configmaps", .of(version, match: match, limit: limit))
    #expect(list.objects.map(\.name).joined(separator: " ") == names, "\(row)")
    #expect(list.revision == revision, "\(row)")
    #expect(list.continueToken.isEmpty && list.remainingItemCount == nil, "\(row)")
  }

  @Test("2.5 row 10: objects of an exact list are as they were")
  func exactContent() throws {
    var bench = try bench()
    let list = try bench.list("configmaps", .of("9", match: "Exact", labels: "n=c"))
    #expect(list.objects.map(\.resourceVersion) == [7])
    #expect(try bench.list("configmaps", .of("10", match: "Exact", labels: "n=c")).objects.isEmpty)
  }

  @Test(
    "2.5: combinations that are forbidden, with their causes",
    arguments: [
      // Row 6.
      (
        "0", "Exact", "",
        ["Forbidden: resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""]
      ),
      // Row 11.
      (
        "", "Exact", "",
        ["Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided"]
      ),
      (
        "", "NotOlderThan", "",
        ["Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided"]
      ),
      // Row 12.
      (
        "8", "Exact", "x",
        ["Forbidden: resourceVersionMatch is forbidden when continue is provided"]
      ),
      (
        "8", "exact", "",
        ["Unsupported value: \"exact\": supported values: \"Exact\", \"NotOlderThan\", \"\""]
      ),
      (
        "", "Newest", "x",
        [
          "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided",
          "Forbidden: resourceVersionMatch is forbidden when continue is provided",
          "Unsupported value: \"Newest\": supported values: \"Exact\", \"NotOlderThan\", \"\"",
        ]
      ),
    ])
  func forbidden(
    _ version: String, _ match: String, _ token: String, _ details: [String]
  ) throws {
    var bench = try bench()
    let options = try ListOptions.of(version, match: match, token: token)
    let error = try bench.refusal { try $0.list("configmaps", options) }
    #expect(error.reason == .invalid && error.code == 422)
    let problems = details.map { "resourceVersionMatch: \($0)" }.joined(separator: ", ")
    let text = details.count == 1 ? problems : "[\(problems)]"
    #expect(error.message == "ListOptions.meta.k8s.io \"\" is invalid: \(text)")
    #expect(error.group == "meta.k8s.io" && error.kind == "ListOptions" && error.name == nil)
    #expect(error.causes.map(\.message) == details)
    #expect(error.causes.allSatisfy { $0.field == "resourceVersionMatch" })
    // A deletion of many reads its options the same way.
    let type = bench.kind("configmaps")
    let deletion = try bench.refusal {
      try $0.server.handle(.deleteCollection(type, options), at: $0.now)
    }
    #expect(deletion == error)
  }

  @Test(
    "2.5 rows 7 to 10: a revision to come is a timeout",
    arguments: [("", 0), ("", 5), ("NotOlderThan", 0), ("NotOlderThan", 5), ("Exact", 0)])
  func future(_ match: String, _ limit: Int) throws {
    var bench = try bench()
    let error = try bench.refusal {
      try $0.list("configmaps", .of("12", match: match, limit: limit))
    }
    #expect(error == .tooLargeResourceVersion(12, current: 11))
  }

  @Test("2.5 rows 8 and 10: an exact list of what is forgotten has expired; all others answer")
  func expired() throws {
    var bench = try bench()
    bench.server = APIServer(
      restoring: { store in
        var store = store
        store.compact(through: 9)
        return store
      }(bench.server.store), registry: bench.server.registry, identity: bench.server.identity)
    for (match, limit) in [("Exact", 0), ("Exact", 3), ("", 3)] {
      let error = try bench.refusal {
        try $0.list("configmaps", .of("8", match: match, limit: limit))
      }
      #expect(error.reason == .expired && error.code == 410)
      #expect(error.message == "The resourceVersion for the provided list is too old.")
      #expect(error.value["metadata"] == [:] && error.value["details"] == nil)
    }
    #expect(try bench.list("configmaps", .of("8")).objects.count == 4)
    #expect(try bench.list("configmaps", .of("8", match: "NotOlderThan", limit: 9)).revision == 11)
    #expect(try bench.list("configmaps", .of("9", match: "Exact")).objects.count == 5)
    #expect(try get(&bench, "c", "8") == 10, "a read of one object has no history")
  }

  @Test("2.5: selectors choose before the limit counts, and at any revision")
  func selectors() throws {
    var bench = Bench()
    for number in 0..<20 {
      let parity: Value = number % 2 == 0 ? "even" : "odd"
      try bench.create(
        "configmaps", "c\(number + 10)", metadata: ["labels": ["parity": parity]])
    }
    let first = try bench.list("configmaps", .of(limit: 3, labels: "parity=odd"))
    #expect(first.objects.map(\.name) == ["c11", "c13", "c15"])
    #expect(!first.continueToken.isEmpty && first.remainingItemCount == nil)
    let pages = try bench.pages("configmaps", .of(limit: 3, labels: "parity=odd"))
    #expect(pages.map(\.objects.count) == [3, 3, 3, 1])
    #expect(pages.allSatisfy { $0.remainingItemCount == nil })
    let fields = try bench.pages("configmaps", .of(limit: 7, fields: "metadata.name!=c12"))
    #expect(fields.map(\.objects.count) == [7, 7, 5])
    // More keys may be behind a page than objects that are chosen: Kubernetes gives a token for those too.
    let exact = try bench.pages("configmaps", .of(limit: 10, labels: "parity=even"))
    #expect(exact.map(\.objects.count) == [10, 0])
  }

  @Test("2.5: a selector of one name is a lookup, in one namespace and in all")
  func named() throws {
    var bench = Bench()
    for namespace in ["x", "y", "x-1", "z"] { try bench.create("namespaces", namespace) }
    for namespace in ["x", "y", "x-1"] {
      for name in ["a", "b"] {
        try bench.create("configmaps", name, metadata: ["namespace": Value(namespace)])
      }
    }
    func paths(_ fields: String, _ namespace: String? = nil, limit: Int = 0) throws -> String {
      let pages = try bench.pages(
        "configmaps", .of(limit: limit, fields: fields, namespace: namespace))
      return pages.map { $0.objects.map(\.key.path).joined(separator: " ") }.joined(
        separator: " | ")
    }
    #expect(try paths("metadata.name=b") == "x-1/b x/b y/b")
    #expect(try paths("metadata.name=b", limit: 2) == "x-1/b x/b | y/b")
    #expect(try paths("metadata.name=b", "x") == "x/b")
    #expect(try paths("metadata.name=b", "z") == "")
    #expect(try paths("metadata.name=b,metadata.namespace=y") == "y/b")
    #expect(try paths("metadata.name=b,metadata.namespace=y", "x") == "")
    #expect(try paths("metadata.name=a,metadata.name=b") == "")
    #expect(try paths("metadata.name=none") == "")
    #expect(try paths("metadata.namespace=x") == "x/a x/b")
    #expect(try paths("metadata.namespace=x", limit: 1) == "x/a | x/b")
    #expect(try paths("metadata.name=b,metadata.name!=b") == "")
    let nodes = try bench.list("namespaces", .of(fields: "metadata.name=x"))
    #expect(nodes.objects.map(\.name) == ["x"])
  }
}
