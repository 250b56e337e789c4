import APIMachinery
import Scalars
import Testing
import ValueTree

@Suite("Objects as values: taken apart and put together")
struct ObjectCodingTests {
  let pods: ResourceType
  let nodes: ResourceType

  init() throws {
    pods = try #require(ResourceRegistry.builtIn.type(named: "pods"))
    nodes = try #require(ResourceRegistry.builtIn.type(named: "nodes"))
  }

  private func error(_ metadata: Value) -> String {
    do {
      _ = try APIObject(decoding: ["metadata": metadata], as: pods)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test("decode(value(x)) == x for random objects")
  func roundTrip() throws {
    for seed in UInt64(0)..<300 {
      var random = SeededRandom(seed: seed)
      let object = random.object(random.below(2) == 0 ? pods : nodes)
      let again = try APIObject(decoding: object.value, as: object.type)
      #expect(again == object, "seed \(seed)")
      #expect(again.contentHash == object.contentHash, "seed \(seed)")
      #expect(again.value == object.value, "seed \(seed)")
    }
  }

  @Test("The header takes the server's, the body the rest; what is empty is dropped")
  func split() throws {
    let value: Value = [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": "web", "namespace": "default", "uid": "01234567-89ab-cdef-fedc-ba9876543210",
        "resourceVersion": "7", "generation": 2, "creationTimestamp": "2026-01-01T00:00:00Z",
        "deletionTimestamp": "2026-01-01T01:00:00.9+01:00", "deletionGracePeriodSeconds": 30,
        "selfLink": "/api/v1", "labels": [:], "annotations": .null, "finalizers": [],
        "generateName": "web-",
      ],
      "spec": ["nodeName": "n"],
    ]
    let object = try APIObject(decoding: value, as: pods)
    let time = try Timestamp(parsing: "2026-01-01T00:00:00Z")
    #expect(
      object.header
        == ObjectHeader(
          namespace: "default", name: "web", uid: UID("01234567-89ab-cdef-fedc-ba9876543210"),
          resourceVersion: 7, generation: 2, creationTimestamp: time, deletionTimestamp: time,
          deletionGracePeriodSeconds: 30))
    #expect(
      object.body == ["metadata": ["generateName": "web-"], "spec": ["nodeName": "n"]])
    #expect(
      object.value["metadata"]
        == [
          "name": "web", "namespace": "default", "uid": "01234567-89ab-cdef-fedc-ba9876543210",
          "resourceVersion": "7", "generation": 2, "creationTimestamp": "2026-01-01T00:00:00Z",
          "deletionTimestamp": "2026-01-01T00:00:00Z", "deletionGracePeriodSeconds": 30,
          "generateName": "web-",
        ])
  }

  @Test("Null metadata is none, and a null time is no time, as Go prints them")
  func nulls() throws {
    let bare = try APIObject(decoding: ["metadata": .null, "spec": [:]], as: pods)
    #expect(bare.header == ObjectHeader())
    #expect(bare.body == ["spec": [:]])
    #expect(
      error(["creationTimestamp": .null, "name": .null, "uid": "", "generation": .null]) == "none")
  }

  @Test("What has the wrong shape is named by its path")
  func shapes() {
    let table: [(Value, String)] = [
      ("x", "metadata: must be a map, not string"),
      (["name": 5], "metadata.name: Invalid value: 5: must be a string, not int"),
      (["namespace": []], "metadata.namespace: Invalid value: []: must be a string, not list"),
      (["uid": "abc"], "metadata.uid: Invalid value: \"abc\": must be a UUID"),
      (
        ["resourceVersion": "x1"],
        "metadata.resourceVersion: Invalid value: \"x1\": must be a decimal number in quotes"
      ),
      (
        ["resourceVersion": 1],
        "metadata.resourceVersion: Invalid value: 1: must be a string, not int"
      ),
      (
        ["generation": "1"],
        "metadata.generation: Invalid value: \"1\": must be an integer, not string"
      ),
      (
        ["deletionGracePeriodSeconds": 1.5],
        "metadata.deletionGracePeriodSeconds: Invalid value: 1.5: must be an integer, not double"
      ),
      (
        ["labels": ["a": true]],
        "metadata.labels.a: Invalid value: true: must be a string, not bool"
      ),
      (
        ["labels": ["example.com/a": 1]],
        "metadata.labels[example.com/a]: Invalid value: 1: must be a string, not int"
      ),
      (
        ["annotations": ["a"]],
        "metadata.annotations: Invalid value: [\"a\"]: must be a map of strings, not list"
      ),
      (
        ["annotations": ["a": .null]],
        "metadata.annotations.a: Invalid value: null: must be a string, not null"
      ),
      (
        ["finalizers": "a/b"],
        "metadata.finalizers: Invalid value: \"a/b\": must be a list of strings, not string"
      ),
      (
        ["finalizers": ["a/b", 1]],
        "metadata.finalizers[1]: Invalid value: 1: must be a string, not int"
      ),
      (
        ["ownerReferences": [:]],
        "metadata.ownerReferences: Invalid value: {}: must be a list of maps, not map"
      ),
      (
        ["ownerReferences": [[:], "x"]],
        "metadata.ownerReferences[1]: Invalid value: \"x\": must be a map, not string"
      ),
      (
        ["ownerReferences": [["controller": "true"]]],
        "metadata.ownerReferences[0].controller: Invalid value: \"true\": must be a boolean, not "
          + "string"
      ),
      (
        ["ownerReferences": [["uid": 1]]],
        "metadata.ownerReferences[0].uid: Invalid value: 1: must be a string, not int"
      ),
      (
        ["generateName": 1],
        "metadata.generateName: Invalid value: 1: must be a string, not int"
      ),
    ]
    for (metadata, expected) in table { #expect(error(metadata) == expected) }
    #expect(error(["creationTimestamp": "yesterday"]).hasPrefix("metadata.creationTimestamp: "))
    #expect(throws: FieldError(.typeInvalid, .root, "an object must be a map, not list")) {
      try APIObject(decoding: [], as: pods)
    }
  }

  @Test("The content hash sees all but revision and times")
  func contentHash() throws {
    let body: Value = ["spec": ["a": 1]]
    let base = APIObject(
      type: pods, header: ObjectHeader(namespace: "n", name: "a", uid: UID(high: 1, low: 2)),
      body: body)
    func changed(_ change: (inout ObjectHeader) -> Void) -> UInt64 {
      var header = base.header
      change(&header)
      return base.with(header: header).contentHash
    }
    let different: [UInt64] = [
      base.contentHash, base.with(body: ["spec": ["a": 2]]).contentHash,
      APIObject(type: nodes, header: base.header, body: body).contentHash,
      changed { $0.namespace = "m" }, changed { $0.name = "b" }, changed { $0.uid = nil },
      changed { $0.generation = 1 }, changed { $0.deletionTimestamp = .unixEpoch },
      changed { $0.deletionGracePeriodSeconds = 0 }, changed { $0.deletionGracePeriodSeconds = 1 },
    ]
    #expect(Set(different).count == different.count)
    #expect(changed { $0.resourceVersion = 9 } == base.contentHash)
    #expect(changed { $0.creationTimestamp = .unixEpoch } == base.contentHash)
    let later = base.with(resourceVersion: 9)
    #expect(later.resourceVersion == 9 && later.contentHash == base.contentHash && later != base)
  }

  @Test("Owner references read back what they wrote")
  func owners() throws {
    let owner = APIObject(
      type: pods, header: ObjectHeader(namespace: "n", name: "a", uid: UID(high: 1, low: 2)),
      body: .emptyMap)
    let reference = OwnerReference(controlledBy: owner)
    #expect(reference.controller && reference.blockOwnerDeletion)
    #expect(reference.uid == "\(owner.uid)")
    let owned = APIObject(
      type: pods, header: ObjectHeader(namespace: "n", name: "b"),
      body: ["metadata": ["ownerReferences": [reference.value], "labels": ["a": "b"]]])
    #expect(owned.ownerReferences == [reference])
    #expect(owned.labels.map { "\($0.key)=\($0.value)" } == ["a=b"])
  }
}
