import APIMachinery
import APIServer
import Testing
import ValueTree

@Suite("Semantics 2.8: names and limits")
struct NameTests {
  private let label63 = String(repeating: "a", count: 63)

  @Test("2.8: the rule of each kind, and what it says")
  func rules() throws {
    let dots = String(repeating: "a.", count: 126) + "a"
    let table: [(String, String, String?)] = [
      ("pods", "a.b-c", nil), ("pods", dots, nil),
      ("pods", dots + "a", "must be no more than 253 characters"),
      ("pods", "A", "a lowercase RFC 1123 subdomain must consist of"),
      ("namespaces", label63, nil),
      ("namespaces", label63 + "a", "must be no more than 63 characters"),
      ("namespaces", "a.b", "must not contain dots"),
      ("services", "1a", nil), ("services", "a.b", "must not contain dots"),
      ("clusterroles", "System:Node", nil), ("clusterroles", "a/b", "may not contain '/'"),
      ("clusterroles", "a%b", "may not contain '%'"), ("clusterroles", "..", "may not be '..'"),
    ]
    for (kind, name, problem) in table {
      var bench = Bench()
      guard let problem else {
        #expect(throws: Never.self, "\(kind) \(name)") { try bench.create(kind, name) }
        continue
      }
      let error = try bench.refusal { try $0.create(kind, name) }
      #expect(error.code == 422)
      #expect(
        error.message.hasPrefix(
          "\(bench.kind(kind).qualifiedKind) \"\(name)\" is invalid: metadata.name: Invalid value: "
            + "\"\(name)\": \(problem)"), "\(error)")
    }
  }

  @Test("2.8: without a name and without generateName")
  func nameless() throws {
    var bench = Bench()
    let error = try bench.refusal { try $0.create("pods", "") }
    #expect(
      error.message
        == "Pod \"\" is invalid: metadata.name: Required value: name or generateName is required")
    #expect(error.causes.map(\.type) == ["FieldValueRequired"])
  }

  @Test("2.8: a namespaced object needs a namespace; a cluster-scoped one loses it")
  func scope() throws {
    var bench = Bench()
    let error = try bench.refusal { try $0.create("pods", "a", metadata: ["namespace": ""]) }
    #expect(error.code == 400)
    #expect(error.message == "an empty namespace may not be set during creation")
    var node = try bench.create("nodes", "n", metadata: ["namespace": "default"])
    #expect(node.namespace.isEmpty)
    node = try bench.update(
      bench.object("nodes", "n", metadata: ["namespace": "default"], body: ["spec": 1]))
    #expect(node.namespace.isEmpty && node.body["spec"] == 1)
  }

  @Test("2.8: generateName: the base cut to 58 characters, five more, each another one")
  func generated() throws {
    var bench = Bench()
    let alphabet = Set("bcdfghjklmnpqrstvwxz2456789")
    let base = String(repeating: "b", count: 70)
    var names: Set<String> = []
    for _ in 0..<50 {
      let pod = try bench.create("pods", "", metadata: ["generateName": Value(base)])
      #expect(pod.name.utf8.count == 63)
      #expect(pod.name.hasPrefix(base.prefix(58)))
      #expect(pod.name.suffix(5).allSatisfy(alphabet.contains))
      #expect(pod.body[FieldPath("metadata", "generateName")] == Value(base))
      names.insert(pod.name)
    }
    #expect(names.count == 50)
    let named = try bench.create("pods", "own", metadata: ["generateName": "web-"])
    #expect(named.name == "own", "a name goes before")
  }

  @Test("2.8: eight names are tried, then 409 with a hint and when to try again")
  func exhausted() throws {
    var bench = Bench()
    let identity = bench.server.identity
    func name(_ index: UInt32) -> String {
      "web-"
        + identity.nameSuffix(resource: "pods", namespace: "default", base: "web-", index: index)
    }
    var gap = bench
    for index in UInt32(0)..<8 where index != 5 { try gap.create("pods", name(index)) }
    #expect(
      try gap.create("pods", "", metadata: ["generateName": "web-"]).name == name(5),
      "the first that is free")
    for index in UInt32(0)..<7 { try bench.create("pods", name(index)) }
    var full = bench
    let eighth = try bench.create("pods", "", metadata: ["generateName": "web-"])
    #expect(eighth.name == name(7))
    try full.create("pods", name(7))
    let error = try full.refusal { try $0.create("pods", "", metadata: ["generateName": "web-"]) }
    #expect(error.reason == .alreadyExists && error.retryAfterSeconds == 1)
    #expect(
      error.message
        == "pods \"\(name(7))\" already exists, the server was not able to generate a unique name "
        + "for the object")
  }

  @Test("2.8: a refused create uses up no generated name")
  func refused() throws {
    var bench = Bench()
    var other = Bench()
    for metadata: Value in [
      ["generateName": "web-", "labels": ["a": "b c"]],
      ["generateName": "web-", "resourceVersion": "7"],
      ["generateName": "web-", "namespace": "none"],
    ] {
      _ = try bench.refusal { try $0.create("pods", "", metadata: metadata) }
    }
    let metadata: Value = ["generateName": "web-"]
    #expect(
      try bench.create("pods", "", metadata: metadata).name
        == other.create("pods", "", metadata: metadata).name)
  }

  @Test("2.8: generateName is held to the rule of names, whatever comes behind its last hyphen")
  func generatedRule() throws {
    var bench = Bench()
    #expect(throws: Never.self) {
      try bench.create("pods", "", metadata: ["generateName": "web-"])
    }
    let error = try bench.refusal { try $0.create("pods", "", metadata: ["generateName": "We_"]) }
    #expect(error.causes.map(\.field) == ["metadata.generateName", "metadata.name"])
  }

  @Test("2.8: labels: keys and values, 63 characters and their alphabet")
  func labels() throws {
    let table: [(Value, [String])] = [
      (["app": "", "example.com/a_B.c": Value(label63)], []),
      (["a b": "x"], ["Invalid value: \"a b\": name part must consist of"]),
      (
        ["a": Value(label63 + "a")],
        ["Invalid value: \"\(label63)a\": must be no more than 63 bytes"]
      ),
      (
        [Key(label63 + "a"): "x"],
        ["Invalid value: \"\(label63)a\": name part must be no more than 63 bytes"]
      ),
      (["a": "-"], ["Invalid value: \"-\": a valid label must be an empty string or consist of"]),
      (["/a": "b"], ["Invalid value: \"/a\": prefix part must be non-empty"]),
    ]
    for (labels, problems) in table {
      var bench = Bench()
      if problems.isEmpty {
        #expect(throws: Never.self) { try bench.create("pods", "a", metadata: ["labels": labels]) }
        continue
      }
      let error = try bench.refusal { try $0.create("pods", "a", metadata: ["labels": labels]) }
      #expect(error.causes.map(\.field) == problems.map { _ in "metadata.labels" })
      for (cause, problem) in zip(error.causes, problems) {
        #expect(cause.message.hasPrefix(problem), "\(cause.message)")
      }
      let pod = try bench.create("pods", "a")
      #expect(
        try bench.refusal { try $0.patch(pod, ["metadata": ["labels": labels]]) } == error,
        "an update says the same")
    }
  }

  @Test("2.8: annotations: keys in any case, 256 KiB with keys and values together")
  func annotations() throws {
    var bench = Bench()
    let limit = 256 * 1024
    func metadata(_ bytes: Int, _ key: Key = "Example.COM/a") -> Value {
      ["annotations": [key: Value(String(repeating: "x", count: bytes - 13))]]
    }
    let pod = try bench.create("pods", "full", metadata: metadata(limit))
    for (isUpdate, key) in [
      (false, "Example.COM/a"), (true, "Example.COM/a"), (false, "example.com/a"),
    ]
      as [(Bool, Key)]
    {
      let error = try bench.refusal {
        isUpdate
          ? try $0.patch(pod, ["metadata": metadata(limit + 1, key)])
          : try $0.create("pods", "over", metadata: metadata(limit + 1, key))
      }
      #expect(
        error.causes == [
          StatusError.Cause(
            type: "FieldValueTooLong", message: "Too long: may not be more than 262144 bytes",
            field: "metadata.annotations")
        ])
    }
    let error = try bench.refusal {
      try $0.create("pods", "a", metadata: ["annotations": ["a b": ""]])
    }
    #expect(error.causes.map(\.field) == ["metadata.annotations"])
  }

  @Test("2.7: several faults are said together, in Kubernetes' order")
  func several() throws {
    var bench = Bench()
    let error = try bench.refusal {
      try $0.create(
        "pods", "A",
        metadata: [
          "finalizers": ["x"], "labels": ["a": "-"], "annotations": ["a b": ""],
          "ownerReferences": [["kind": "Pod", "name": "p", "uid": "u"]],
        ])
    }
    #expect(
      error.causes.map(\.field) == [
        "metadata.name", "metadata.labels", "metadata.annotations",
        "metadata.ownerReferences.apiVersion", "metadata.finalizers[0]",
      ])
    #expect(error.message.hasPrefix("Pod \"A\" is invalid: [metadata.name: "))
    #expect(error.message.hasSuffix("]"))
  }
}
