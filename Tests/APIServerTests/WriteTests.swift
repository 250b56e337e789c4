import APIMachinery
import APIServer
import Testing
import ValueTree

@Suite("Semantics 2.1, 2.2, 2.4: revisions and writes")
struct WriteTests {
  @Test("2.1: one counter; an object's version is that of its own last write, a list's the store's")
  func revisions() throws {
    var bench = Bench()
    let pod = try bench.create("pods", "a")
    let node = try bench.create("nodes", "n")
    #expect([pod.resourceVersion, node.resourceVersion] == [5, 6])
    #expect(try bench.change(pod, ["spec": 1]).resourceVersion == 7)
    #expect(try bench.delete(node).resourceVersion == 8)
    #expect(try bench.get(pod).resourceVersion == 7)
    let list = try bench.server.handle(.list(pod.type, namespace: "default"), at: bench.now)
    #expect(list == .list([try bench.get(pod)], revision: 8))
  }

  @Test("2.1: create with a resource version is refused, after the fields and before AlreadyExists")
  func createWithVersion() throws {
    var bench = Bench()
    try bench.create("pods", "a")
    let error = try bench.refusal {
      try $0.create("pods", "a", metadata: ["resourceVersion": "5"])
    }
    #expect(error.code == 400)
    #expect(error.message == "resourceVersion should not be set on objects to be created")
    let invalid = try bench.refusal {
      try $0.create("pods", "A", metadata: ["resourceVersion": "5"])
    }
    #expect(invalid.reason == .invalid)
    #expect(throws: Never.self) {
      try bench.create("pods", "b", metadata: ["resourceVersion": "0"])
    }
  }

  @Test("2.2: PUT with an old resource version is a Conflict")
  func conflict() throws {
    var bench = Bench()
    let old = try bench.create("devicebindings", "a")
    try bench.change(old, ["spec": 1])
    for subresource in [nil, Subresource.status] {
      let error = try bench.refusal {
        try $0.update(old.with(body: ["spec": 2, "status": 2]), subresource)
      }
      #expect(error == .conflict(old.type, "a", StatusError.modifiedDetail))
      #expect(
        error.message
          == "Operation cannot be fulfilled on devicebindings.drydock.dev \"a\": the object has "
          + "been modified; please apply your changes to the latest version and try again")
    }
  }

  @Test("2.2: PUT without a resource version: most built-in kinds take it, others 422")
  func unconditional() throws {
    let table: [(String, Bool)] = [
      ("pods", true), ("configmaps", true), ("deployments", true), ("namespaces", true),
      ("devicebindings", false), ("leases", false),
    ]
    for (kind, isAllowed) in table {
      var bench = Bench()
      let object = try bench.create(kind, "a")
      let update = try bench.object(kind, "a", body: ["data": 1])
      if isAllowed {
        #expect(try bench.update(update).resourceVersion == object.resourceVersion + 1, "\(kind)")
        continue
      }
      let error = try bench.refusal { try $0.update(update) }
      #expect(error.code == 422)
      #expect(
        error.message
          == "\(object.type.qualifiedPlural) \"a\" is invalid: metadata.resourceVersion: Invalid "
          + "value: 0x0: must be specified for an update")
      #expect(error.kind == object.type.plural)
    }
  }

  @Test("2.2: PATCH without a resource version is unconditional, with one it is not")
  func patches() throws {
    var bench = Bench()
    let object = try bench.create("devicebindings", "a")
    try bench.change(object, ["spec": ["a": 1]])
    let patched = try bench.patch(object, ["spec": ["b": 2]])
    #expect(patched.body["spec"] == ["a": 1, "b": 2])
    let old: Value = ["metadata": ["resourceVersion": "5"], "spec": ["c": 3]]
    #expect(try bench.refusal { try $0.patch(object, old) }.isConflict)
    let current: Value = [
      "metadata": ["resourceVersion": Value("\(bench.revision)")], "spec": ["c": 3],
    ]
    #expect(try bench.patch(object, current).body["spec"] == ["a": 1, "b": 2, "c": 3])
  }

  @Test("2.2: a patch that is no map, breaks the metadata, or changes the key is refused")
  func badPatches() throws {
    var bench = Bench()
    let object = try bench.create("devicebindings", "a")
    let table: [(Value, Int, String)] = [
      ([], 400, "a merge patch must be a map, not list"),
      (
        ["metadata": ["name": "b"]], 400,
        "the name of the object (b) does not match the name on the URL (a)"
      ),
      (
        ["metadata": ["namespace": "b"]], 400,
        "the namespace of the object (b) does not match the namespace on the request (default)"
      ),
      (
        ["metadata": ["labels": ["a": 1]]], 422,
        "DeviceBinding.drydock.dev \"a\" is invalid: metadata.labels.a: Invalid value: 1: must be a "
          + "string, not int"
      ),
      (
        ["metadata": ["uid": "01234567-89ab-cdef-fedc-ba9876543210"]], 422,
        "DeviceBinding.drydock.dev \"a\" is invalid: metadata.uid: Invalid value: "
          + "\"01234567-89ab-cdef-fedc-ba9876543210\": field is immutable"
      ),
    ]
    for (patch, code, message) in table {
      let error = try bench.refusal { try $0.patch(object, patch) }
      #expect(error.code == code)
      #expect(error.message == message)
    }
    let missing = try bench.object("devicebindings", "none")
    #expect(try bench.refusal { try $0.patch(missing, ["spec": 1]) }.isNotFound)
  }

  @Test("2.2: the UID in a PUT is a precondition, asked before whether the object exists")
  func uidPrecondition() throws {
    var bench = Bench()
    let old = try bench.create("devicebindings", "a")
    try bench.delete(old)
    let prefix =
      "Operation cannot be fulfilled on devicebindings.drydock.dev \"a\": StorageError: invalid "
      + "object, Code: 4, Key: /registry/drydock.dev/devicebindings/default/a, ResourceVersion: 0, "
      + "AdditionalErrorMsg: Precondition failed: UID in precondition: \(old.uid), UID in object "
      + "meta: "
    let gone = try bench.refusal { try $0.update(old) }
    #expect(gone.isConflict && gone.message == prefix)
    let again = try bench.create("devicebindings", "a")
    #expect(again.uid != old.uid)
    #expect(try bench.refusal { try $0.update(old) }.message == prefix + "\(again.uid)")
    let unnamed = try bench.object("devicebindings", "none")
    #expect(try bench.refusal { try $0.update(unnamed) } == .notFound(old.type, "none"))
    let pod = try bench.create("pods", "a")
    try bench.delete(pod)
    #expect(
      try bench.refusal { try $0.update(pod) }.message.contains(
        "Key: /registry/pods/default/a, "))
  }

  @Test("2.2: the main resource leaves status alone; /status leaves everything else alone")
  func status() throws {
    var bench = Bench()
    var binding = try bench.create(
      "devicebindings", "a", body: ["spec": ["gpus": 1], "status": ["phase": "Mine"]])
    #expect(binding.body["status"] == nil, "status is dropped at create")
    binding = try bench.change(binding, ["status": ["phase": "Main"], "spec": ["gpus": 2]])
    #expect(binding.body == ["spec": ["gpus": 2]])
    let everything: Value = [
      "spec": ["gpus": 3], "status": ["phase": "Bound"], "metadata": ["labels": ["a": "b"]],
    ]
    binding = try bench.change(binding, everything, .status)
    #expect(binding.body == ["spec": ["gpus": 2], "status": ["phase": "Bound"]])
    binding = try bench.change(binding, ["status": .null, "spec": ["gpus": 4]])
    #expect(binding.body == ["spec": ["gpus": 4], "status": ["phase": "Bound"]])
    binding = try bench.patch(binding, ["status": ["phase": .null, "b": 1]], .status)
    #expect(binding.body["status"] == ["b": 1])
    binding = try bench.change(binding, ["status": .null], .status)
    #expect(binding.body["status"] == nil)
  }

  @Test("2.2: /status of built-in kinds writes labels, annotations and finalizers too")
  func statusMetadata() throws {
    var bench = Bench()
    let pod = try bench.create("pods", "a", body: ["spec": ["nodeName": "n"]])
    let everything: Value = [
      "spec": ["nodeName": "m"], "status": ["phase": "Running"],
      "metadata": ["labels": ["a": "b"], "finalizers": ["example.com/a"]],
    ]
    let after = try bench.change(pod, everything, .status)
    #expect(
      after.body
        == [
          "spec": ["nodeName": "n"], "status": ["phase": "Running"],
          "metadata": ["labels": ["a": "b"], "finalizers": ["example.com/a"]],
        ])
  }

  @Test("2.2: an endpoint that a kind does not have is 404")
  func endpoints() throws {
    var bench = Bench()
    let configMap = try bench.create("configmaps", "a")
    for subresource in [Subresource.status, .finalize] {
      #expect(try bench.refusal { try $0.change(configMap, [:], subresource) } == .noSuchEndpoint)
      #expect(try bench.refusal { try $0.patch(configMap, [:], subresource) } == .noSuchEndpoint)
    }
  }

  @Test("2.4: a write that changes nothing is none: no event, the same version, the same object")
  func noOps() throws {
    var bench = Bench()
    var binding = try bench.create(
      "devicebindings", "a", metadata: ["finalizers": ["example.com/a"], "labels": ["a": "b"]],
      body: ["spec": ["gpus": 1]])
    binding = try bench.change(binding, ["status": ["devices": ["gpu-0"]]], .status)
    let before = bench.revision
    #expect(try bench.update(binding) === binding)
    #expect(try bench.update(binding, .status) === binding)
    #expect(try bench.patch(binding, [:]) === binding)
    #expect(try bench.patch(binding, ["spec": ["gpus": 1]]) === binding)
    #expect(try bench.patch(binding, ["spec": ["gpus": 1.0]]) === binding, "1.0 is 1")
    #expect(try bench.patch(binding, ["status": ["x": 1]]) === binding)
    #expect(try bench.change(binding, ["spec": ["gpus": 7]], .status) === binding)
    #expect(try bench.patch(binding, ["metadata": ["annotations": [:]]]) === binding)
    #expect(bench.revision == before)
    #expect(bench.events("devicebindings", after: before) == [])
    // A fresh value each time is a write each time.
    for number in 0..<3 {
      try bench.change(binding, ["status": ["checked": Value(number)]], .status)
    }
    #expect(bench.revision == before + 3)
  }
}
