import APIMachinery
import APIServer
import Testing
import ValueTree

@Suite("The schemas of Drydock's own kinds hold at the server, as those of custom resources do")
struct SchemaTests {
  private func bench() -> Bench { Bench(registry: .builtIn) }

  @Test("What nobody reads is pruned, at create and at update")
  func pruned() throws {
    var bench = bench()
    let made = try bench.create(
      "DeviceBinding", "a",
      body: ["spec": ["pool": "gpus", "selectr": ["a": "b"]], "specs": 1])
    #expect(made.body == ["spec": ["pool": "gpus"]])
    let same = try bench.patch(made, ["spec": ["cuont": 2]])
    #expect(same.resourceVersion == made.resourceVersion)
    let changed = try bench.patch(made, ["spec": ["cuont": 2, "count": 3]])
    #expect(changed.body["spec"] == ["pool": "gpus", "count": 3])
  }

  @Test(
    "What does not fit is refused with 422 and a cause a field",
    arguments: [
      ("DeviceBinding", ["pool": "p", "count": "2"], "spec.count", "FieldValueTypeInvalid"),
      ("GPUClaim", ["pool": "p", "count": -5], "spec.count", "FieldValueInvalid"),
      ("PortClaim", ["pool": "p", "port": 70_000], "spec.port", "FieldValueInvalid"),
      ("PortClaim", ["pool": "p", "protocol": "ICMP"], "spec.protocol", "FieldValueNotSupported"),
      ("IPClaim", ["pool": "p", "family": 4], "spec.family", "FieldValueNotSupported"),
      ("IPClaim", ["count": 1], "spec.pool", "FieldValueRequired"),
      ("Pool", ["type": "gpu", "backing": "disk"], "spec.backing", "FieldValueNotSupported"),
    ] as [(String, Value, String, String)])
  func refused(kind: String, spec: Value, field: String, cause: String) throws {
    var bench = bench()
    let atCreate = try bench.refusal { try $0.create(kind, "a", body: ["spec": spec]) }
    #expect(atCreate.code == 422)
    #expect(atCreate.causes.map(\.field) == [field])
    #expect(atCreate.causes.map(\.type) == [cause])
    let details = atCreate.value["details"]?["causes"]?[0]
    #expect(details?["field"]?.string == field && details?["reason"]?.string == cause)
    // What is required and missing is taken away by an update; the rest is put in.
    let good: Value = kind == "Pool" ? ["type": "gpu", "count": 1] : ["pool": "p"]
    let made = try bench.create(kind, "a", body: ["spec": good])
    let patch: Value = cause == "FieldValueRequired" ? ["pool": .null] : spec
    let atUpdate = try bench.refusal { try $0.patch(made, ["spec": patch]) }
    #expect(atUpdate.causes.map(\.field) == [field] && atUpdate.code == 422)
  }

  @Test("Status belongs to controllers: any field may stand in it")
  func status() throws {
    var bench = bench()
    let made = try bench.create("PortClaim", "a", body: ["spec": ["pool": "p"]])
    let status: Value = ["phase": "Bound", "anything": ["at": "all"]]
    #expect(try bench.patch(made, ["status": status], .status).body["status"] == status)
  }
}
