import APIMachinery
import APIServer
import Scalars
import Testing
import ValueTree

@Suite("Semantics 1.1: the fields of metadata and who writes them")
struct MetadataTests {
  @Test("1.1: what only the server may say is wiped at create; finalizers are kept")
  func wipedAtCreate() throws {
    var bench = Bench()
    let created = try bench.create(
      "configmaps", "a",
      metadata: [
        "uid": "01234567-89ab-cdef-fedc-ba9876543210", "generation": 7,
        "creationTimestamp": "2001-01-01T00:00:00Z", "deletionTimestamp": "2001-01-01T00:00:00Z",
        "deletionGracePeriodSeconds": 5, "selfLink": "/x", "finalizers": ["example.com/a"],
      ])
    #expect(created.uid != UID("01234567-89ab-cdef-fedc-ba9876543210"))
    #expect(created.header.creationTimestamp == bench.now)
    #expect(!created.isDeleting && created.header.deletionGracePeriodSeconds == nil)
    #expect(created.finalizers == ["example.com/a"])
    #expect(created.header.generation == 0, "a ConfigMap has no generation")
    #expect(created.resourceVersion == bench.revision)
    #expect(try bench.get(created) === created)
  }

  @Test("1.1: times are cut to the second")
  func seconds() throws {
    var bench = Bench()
    bench.now = Timestamp(seconds: bench.now.seconds, nanoseconds: 999)
    let object = try bench.object("pods", "a", metadata: ["finalizers": ["example.com/a"]])
    let time = Timestamp(seconds: 1_800_000_000, nanoseconds: 5)
    let created = try bench.server.create(object, at: time)
    #expect(created.header.creationTimestamp == Timestamp(seconds: 1_800_000_000))
    let deleted = try bench.server.delete(object.type, object.key, at: time).object
    #expect(deleted.header.deletionTimestamp == Timestamp(seconds: 1_800_000_000))
  }

  @Test("1.1: generation is 1 at create, +1 when the spec changes, and never the client's")
  func generation() throws {
    var bench = Bench()
    var binding = try bench.create("devicebindings", "a", body: ["spec": ["gpus": 1]])
    #expect(binding.header.generation == 1)
    let table: [(Value, Subresource?, Int64)] = [
      (["spec": ["gpus": 2]], nil, 2), (["metadata": ["labels": ["a": "b"]]], nil, 2),
      (["status": ["phase": "Bound"]], .status, 2), (["status": ["phase": "Free"]], nil, 2),
      (["metadata": ["finalizers": ["example.com/a"]]], nil, 2), (["extra": 1], nil, 3),
      (["spec": ["gpus": 2]], nil, 3), (["metadata": ["generation": 99]], nil, 3),
      (["metadata": ["generation": 1], "spec": .null], nil, 4),
    ]
    for (patch, subresource, generation) in table {
      binding = try bench.change(binding, patch, subresource)
      #expect(binding.header.generation == generation, "\(patch)")
    }
    binding = try bench.patch(binding, ["spec": ["gpus": 5]])
    #expect(binding.header.generation == 5)
    var configMap = try bench.create("configmaps", "a", body: ["data": ["a": "b"]])
    configMap = try bench.change(configMap, ["data": ["a": "c"]])
    #expect(configMap.header.generation == 0)
    // Without a status subresource, status is content like any other.
    let widgets = bench.server.register(
      .init(group: "example.com", version: "v1", kind: "Widget", plural: "widgets"))
    var widget = try bench.create(widgets.plural, "a", body: ["status": 1])
    #expect(widget.body["status"] == 1)
    widget = try bench.change(widget, ["status": 2])
    #expect(widget.header.generation == 2)
  }

  @Test("1.1: uid and creationTimestamp stay through every write")
  func identity() throws {
    var bench = Bench()
    let created = try bench.create(
      "devicebindings", "a", metadata: ["finalizers": ["example.com/a"]])
    var object = try bench.change(created, ["spec": 1])
    object = try bench.patch(object, ["metadata": ["creationTimestamp": "2001-01-01T00:00:00Z"]])
    object = try bench.change(object, ["metadata": ["uid": .null, "creationTimestamp": .null]])
    object = try bench.delete(object)
    #expect(object.uid == created.uid)
    #expect(object.header.creationTimestamp == created.header.creationTimestamp)
  }

  @Test("1.1: a client can neither set, change nor clear deletion by PUT or PATCH")
  func deletionFields() throws {
    var bench = Bench()
    let live = try bench.create("pods", "a", metadata: ["finalizers": ["example.com/a"]])
    let dts: Value = ["metadata": ["deletionTimestamp": "2001-01-01T00:00:00Z"]]
    let message =
      "Pod \"a\" is invalid: metadata.deletionTimestamp: Invalid value: "
      + "2001-01-01 00:00:00 +0000 UTC: field is immutable"
    #expect(try bench.refusal { try $0.change(live, dts) }.message == message)
    #expect(try bench.refusal { try $0.patch(live, dts) }.message == message)
    let grace: Value = ["metadata": ["deletionGracePeriodSeconds": 5]]
    #expect(
      try bench.refusal { try $0.patch(live, grace) }.message
        == "Pod \"a\" is invalid: metadata.deletionGracePeriodSeconds: Invalid value: 5: field is "
        + "immutable")
    let deleting = try bench.delete(live)
    for patch: Value in [
      dts, ["metadata": ["deletionTimestamp": .null, "deletionGracePeriodSeconds": .null]],
    ] {
      let after = try bench.change(deleting, patch)
      #expect(after.header == deleting.header, "the old values are copied in")
      #expect(try bench.patch(deleting, patch).header == deleting.header)
    }
    #expect(try bench.refusal { try $0.change(live, grace) }.code == 422)
  }

  @Test("1.1: finalizers must be qualified; with a domain, but for a few, on built-in kinds")
  func finalizerNames() throws {
    let qualified =
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
      + "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used "
      + "for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
    let domain = "name is neither a standard finalizer name nor is it fully qualified"
    let table: [(String, Value, String?)] = [
      ("configmaps", ["example.com/a"], nil),
      ("configmaps", ["orphan"], nil), ("configmaps", ["foregroundDeletion"], nil),
      ("configmaps", ["kubernetes"], nil),
      ("configmaps", ["bare"], "metadata.finalizers[0]: Invalid value: \"bare\": \(domain)"),
      ("configmaps", ["a/b", "x"], "metadata.finalizers[1]: Invalid value: \"x\": \(domain)"),
      ("configmaps", ["a/b c"], "metadata.finalizers: Invalid value: \"a/b c\": \(qualified)"),
      ("devicebindings", ["bare"], nil),
      ("devicebindings", ["a b"], "metadata.finalizers: Invalid value: \"a b\": \(qualified)"),
      (
        "devicebindings", ["orphan", "foregroundDeletion"],
        "metadata.finalizers: Invalid value: []string{\"orphan\", \"foregroundDeletion\"}: "
          + "finalizer orphan and foregroundDeletion cannot be both set"
      ),
    ]
    for (kind, finalizers, problem) in table {
      var bench = Bench()
      let metadata: Value = ["finalizers": finalizers]
      guard let problem else {
        #expect(throws: Never.self) { try bench.create(kind, "a", metadata: metadata) }
        continue
      }
      let prefix = "\(bench.kind(kind).qualifiedKind) \"a\" is invalid: "
      let atCreate = try bench.refusal { try $0.create(kind, "a", metadata: metadata) }
      #expect(atCreate.message == prefix + problem)
      let object = try bench.create(kind, "a")
      let atUpdate = try bench.refusal { try $0.change(object, ["metadata": metadata]) }
      #expect(atUpdate.message == prefix + problem)
    }
  }

  @Test("1.1: owner references need all four fields; one controller at most; no Event")
  func owners() throws {
    func owner(_ changes: Value = [:]) -> Value {
      let whole: Value = ["apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "r", "uid": "u"]
      return whole.merging(changes)
    }
    let table: [(Value, [String])] = [
      ([owner()], []), ([owner(["controller": true]), owner(["controller": false])], []),
      ([owner(["kind": "Event"])], []),
      (
        [owner(["apiVersion": "apps/"])],
        ["metadata.ownerReferences.apiVersion: Invalid value: \"apps/\": version must not be empty"]
      ),
      (
        [[:]],
        [
          "metadata.ownerReferences.apiVersion: Invalid value: \"\": version must not be empty",
          "metadata.ownerReferences.kind: Invalid value: \"\": must not be empty",
          "metadata.ownerReferences.name: Invalid value: \"\": must not be empty",
          "metadata.ownerReferences.uid: Invalid value: \"\": must not be empty",
        ]
      ),
      (
        [owner(["apiVersion": "v1", "kind": "Event"])],
        [
          "metadata.ownerReferences: Invalid value: {\"apiVersion\":\"v1\",\"kind\":\"Event\","
            + "\"name\":\"r\",\"uid\":\"u\"}: /v1, Kind=Event is disallowed from being an owner"
        ]
      ),
    ]
    for (references, problems) in table {
      var bench = Bench()
      let metadata: Value = ["ownerReferences": references]
      if problems.isEmpty {
        #expect(throws: Never.self) { try bench.create("pods", "a", metadata: metadata) }
        continue
      }
      let error = try bench.refusal { try $0.create("pods", "a", metadata: metadata) }
      #expect(error.causes.map { "\($0.field ?? ""): \($0.message)" } == problems)
    }
    var bench = Bench()
    let both: Value = [owner(["controller": true]), owner(["name": "s", "controller": true])]
    let error = try bench.refusal {
      try $0.create("pods", "a", metadata: ["ownerReferences": both])
    }
    #expect(
      error.causes.map(\.message) == [
        "Invalid value: \(both): Only one reference can have Controller set to true. Found "
          + "\"true\" in references for ReplicaSet/r and ReplicaSet/s"
      ])
  }
}
