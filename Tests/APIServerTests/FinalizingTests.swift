import APIMachinery
import APIServer
import APIStore
import Testing
import ValueTree

@Suite("Semantics 1.4: writes to an object that is being deleted")
struct FinalizingTests {
  private func deleting(
    _ bench: inout Bench, _ kind: String = "devicebindings",
    finalizers: Value = ["example.com/a", "example.com/b"]
  ) throws -> APIObject {
    let object = try bench.create(
      kind, "a", metadata: ["finalizers": finalizers], body: ["spec": ["gpus": 1]])
    return try bench.delete(object)
  }

  @Test("1.4: spec, labels, annotations and status may change; generation follows the spec")
  func allowed() throws {
    var bench = Bench()
    let object = try deleting(&bench)
    var after = try bench.change(object, ["spec": ["gpus": 2]])
    #expect(after.header.generation == object.header.generation + 1)
    after = try bench.change(object, ["metadata": ["labels": ["a": "b"]]])
    after = try bench.change(object, ["metadata": ["annotations": ["a": "b"]]])
    after = try bench.change(object, ["status": ["phase": "Closing"]], .status)
    #expect(after.header.generation == object.header.generation + 1)
    #expect(after.header.deletionTimestamp == object.header.deletionTimestamp)
  }

  @Test("1.4: no new finalizer once deleting: 422 Forbidden at metadata.finalizers")
  func noNewFinalizers() throws {
    var bench = Bench()
    let object = try deleting(&bench)
    let finalizers: Value = ["example.com/z", "example.com/a", "example.com/c", "example.com/c"]
    for isPatch in [false, true] {
      let patch: Value = ["metadata": ["finalizers": finalizers]]
      let error = try bench.refusal {
        isPatch ? try $0.patch(object, patch) : try $0.change(object, patch)
      }
      #expect(error.code == 422 && error.reason == .invalid)
      let text =
        "no new finalizers can be added if the object is being deleted, found new finalizers "
        + "[]string{\"example.com/c\", \"example.com/z\"}"
      #expect(
        error.causes == [
          StatusError.Cause(
            type: "FieldValueForbidden", message: "Forbidden: " + text,
            field: "metadata.finalizers")
        ])
    }
    // Order and repetition have no meaning.
    #expect(throws: Never.self) {
      try bench.change(
        object, ["metadata": ["finalizers": ["example.com/b", "example.com/a", "example.com/b"]]])
    }
  }

  @Test("1.4: removal by update: DELETED with the last stored state; 200 with what was sent")
  func removal() throws {
    for isPatch in [false, true] {
      var bench = Bench()
      let object = try deleting(&bench)
      let stored = try bench.change(object, ["metadata": ["finalizers": ["example.com/b"]]])
      let patch: Value = ["metadata": ["finalizers": []], "spec": ["gpus": 9]]
      let answer = isPatch ? try bench.patch(object, patch) : try bench.change(object, patch)
      #expect(answer.body == ["spec": ["gpus": 9]], "what was sent")
      #expect(answer.resourceVersion == stored.resourceVersion)
      #expect(
        bench.events("devicebindings", after: stored.resourceVersion)
          == ["DELETED a \(stored.resourceVersion + 1)"])
      let event = try #require(
        bench.server.store.events(object.type, after: stored.resourceVersion).first)
      #expect(event.object.body == stored.body, "what was stored")
      #expect(event.previous === stored)
      #expect(bench.server.store.object(object.type, object.key) == nil)
    }
  }

  @Test("1.4: removal by update obeys the update's preconditions and rules")
  func removalConditions() throws {
    var bench = Bench()
    let object = try deleting(&bench)
    try bench.change(object, ["spec": ["gpus": 3]])
    let empty = try APIObject(
      decoding: object.value.merging(["metadata": ["finalizers": .null]]), as: object.type)
    #expect(try bench.refusal { try $0.update(empty) }.isConflict, "an old resource version")
    let bad: Value = ["metadata": ["finalizers": .null, "labels": ["a": "b c"]]]
    #expect(try bench.refusal { try $0.patch(object, bad) }.code == 422)
    #expect(throws: Never.self) {
      try bench.patch(object, ["metadata": ["finalizers": .null]])
    }
  }

  @Test("1.4: a live object whose finalizers are emptied stays")
  func live() throws {
    var bench = Bench()
    let object = try bench.create(
      "devicebindings", "a", metadata: ["finalizers": ["example.com/a"]])
    let after = try bench.change(object, ["metadata": ["finalizers": .null]])
    #expect(!after.hasFinalizers && !after.isDeleting)
    #expect(try bench.get(object) === after)
  }

  @Test("1.7: a status update of a pod takes labels along, and leaves owners alone")
  func podStatus() throws {
    var bench = Bench()
    let owner: Value = ["apiVersion": "v1", "kind": "Node", "name": "n", "uid": "u"]
    let pod = try bench.create("pods", "a", metadata: ["ownerReferences": [owner]])
    let cleared = try bench.change(
      pod, ["metadata": ["ownerReferences": .null, "labels": ["a": "b"]]], .status)
    #expect(cleared.ownerReferences.map(\.name) == ["n"])
    #expect(cleared.labels.map(\.value) == ["b"])
    let bare = try bench.create("pods", "b")
    let owned = try bench.change(bare, ["metadata": ["ownerReferences": [owner]]], .status)
    #expect(owned.ownerReferences == [])
  }

  @Test("2.2: a status update of a ResourceClaim leaves metadata alone")
  func claimStatus() throws {
    var bench = Bench()
    let claim = try bench.create(
      "resourceclaims", "a", metadata: ["finalizers": ["example.com/a"]])
    let after = try bench.change(
      claim, ["metadata": ["finalizers": .null], "status": ["devices": []]], .status)
    #expect(after.finalizers == ["example.com/a"])
    #expect(after.body["status"] != nil)
  }

  @Test("1.4: what goes with its last finalizer need not fit a schema that is stricter by now")
  func stricterSchema() throws {
    var bench = Bench()
    let object = try bench.create(
      "ipclaims", "a", metadata: ["finalizers": ["example.com/a"]], body: ["spec": ["count": -5]])
    try bench.delete(object)
    let strict = try #require(ResourceRegistry.builtIn.type(named: "ipclaims")?.schema)
    bench.server.register(object.type.definition, schema: strict)
    #expect(try bench.refusal { try $0.patch(object, ["spec": ["count": -6]]) }.code == 422)
    try bench.patch(object, ["metadata": ["finalizers": .null]])
    #expect(try bench.refusal { try $0.get(object) }.isNotFound)
  }

  @Test("1.4: removal through /status where it takes metadata along, and not elsewhere")
  func statusRemoval() throws {
    var bench = Bench()
    let pod = try deleting(&bench, "pods")
    try bench.change(pod, ["metadata": ["finalizers": .null]], .status)
    #expect(try bench.refusal { try $0.get(pod) }.isNotFound)
    let binding = try deleting(&bench)
    let after = try bench.change(
      binding, ["metadata": ["finalizers": .null], "status": ["a": 1]], .status)
    #expect(after.finalizers == binding.finalizers)
    #expect(after.body["status"] == ["a": 1])
  }
}
