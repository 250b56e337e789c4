import APIMachinery
import APIServer
import APIStore
import Testing
import ValueTree

@Suite("Semantics 1.2: DELETE")
struct DeletionTests {
  @Test("1.2 A2: preconditions, UID first, in Kubernetes' words")
  func preconditions() throws {
    var bench = Bench()
    let object = try bench.create("devicebindings", "a")
    let other = UID(high: 1, low: 2)
    let table: [(DeleteOptions, String)] = [
      (
        DeleteOptions(uid: other, resourceVersion: 1),
        "the UID in the precondition (\(other)) does not match the UID in record (\(object.uid)). "
          + "The object might have been deleted and then recreated"
      ),
      (
        DeleteOptions(uid: object.uid, resourceVersion: 1),
        "the ResourceVersion in the precondition (1) does not match the ResourceVersion in record "
          + "(\(object.resourceVersion)). The object might have been modified"
      ),
    ]
    for (preconditions, text) in table {
      let error = try bench.refusal { try $0.delete(object, preconditions) }
      #expect(error.code == 409 && error.reason == .conflict)
      #expect(
        error.message
          == "Operation cannot be fulfilled on DeviceBinding.drydock.dev \"a\": " + text)
      #expect(error.kind == "DeviceBinding")
    }
    #expect(throws: Never.self) {
      try bench.delete(
        object, DeleteOptions(uid: object.uid, resourceVersion: object.resourceVersion))
    }
    #expect(try bench.refusal { try $0.delete(object) } == .notFound(object.type, "a"))
  }

  @Test("1.2 C1: without finalizers an object is gone at once; nobody sees a deletion time")
  func immediate() throws {
    var bench = Bench()
    let object = try bench.create("devicebindings", "a", body: ["spec": 1])
    let answer = try bench.delete(object)
    #expect(bench.events("devicebindings", after: object.resourceVersion) == ["DELETED a 6"])
    let event = try #require(bench.server.store.events(object.type, after: 5).first)
    #expect(!event.object.isDeleting)
    #expect(event.object.body == object.body && event.object.uid == object.uid)
    #expect(event.object.resourceVersion == 6, "the revision of the removal")
    #expect(event.previous === object)
    #expect(answer === event.object)
    #expect(try bench.refusal { try $0.get(object) } == .notFound(object.type, "a"))
  }

  @Test("1.2 B: with finalizers it is marked: time, no grace, one generation more")
  func marked() throws {
    var bench = Bench()
    let object = try bench.create(
      "devicebindings", "a", metadata: ["finalizers": ["example.com/a"]])
    let deleting = try bench.delete(object)
    #expect(deleting.header.deletionTimestamp == bench.now)
    #expect(deleting.header.deletionGracePeriodSeconds == 0)
    #expect(deleting.header.generation == 2)
    #expect(deleting.body == object.body)
    #expect(bench.events("devicebindings", after: 5) == ["MODIFIED a 6"])
  }

  @Test("1.2 C2: a second DELETE changes nothing while finalizers stand")
  func again() throws {
    var bench = Bench()
    let object = try bench.create(
      "devicebindings", "a", metadata: ["finalizers": ["example.com/a"]])
    let deleting = try bench.delete(object)
    #expect(try bench.delete(object) === deleting)
    #expect(bench.revision == deleting.resourceVersion)
  }

  @Test("1.6: who counts generations is bumped once by the first DELETE, others and namespaces not")
  func generations() throws {
    let table: [(String, Int64)] = [
      ("devicebindings", 2), ("deployments", 2), ("pods", 2), ("configmaps", 0), ("secrets", 0),
      ("namespaces", 0),
    ]
    for (kind, generation) in table {
      var bench = Bench()
      let object = try bench.create(kind, "a", metadata: ["finalizers": ["example.com/a"]])
      let first = try bench.delete(object)
      #expect(first.header.generation == generation, "\(kind)")
      let last = try bench.delete(object)
      #expect(last.header.generation == generation, "\(kind)")
      #expect((last.header.deletionGracePeriodSeconds == nil) == (kind == "namespaces"), "\(kind)")
    }
  }

  @Test("1.5: create over an object, and over one that is being deleted")
  func createOver() throws {
    var bench = Bench()
    let object = try bench.create(
      "devicebindings", "a", metadata: ["finalizers": ["example.com/a"]])
    var error = try bench.refusal { try $0.create("devicebindings", "a") }
    #expect(error.reason == .alreadyExists && error.code == 409)
    #expect(error.message == "devicebindings.drydock.dev \"a\" already exists")
    try bench.delete(object)
    error = try bench.refusal { try $0.create("devicebindings", "a") }
    #expect(
      error.message
        == "object is being deleted: devicebindings.drydock.dev \"a\" already exists")
    error = try bench.refusal {
      try $0.create("devicebindings", "a", metadata: ["labels": ["a": "b c"]])
    }
    #expect(error.reason == .invalid, "the fields are checked before")
  }

  @Test("1.12: the states of an object, edge by edge")
  func states() throws {
    var bench = Bench()
    // absent → live → absent
    var object = try bench.create("devicebindings", "a")
    try bench.delete(object)
    // absent → live → finalizing, with two finalizers
    object = try bench.create(
      "devicebindings", "a", metadata: ["finalizers": ["example.com/a", "example.com/b"]])
    try bench.delete(object)
    // finalizing keeps one
    let kept = try bench.change(object, ["metadata": ["finalizers": ["example.com/b"]]])
    #expect(kept.isDeleting && kept.finalizers == ["example.com/b"])
    // adding one: 422, and re-adding the one that has just gone
    for name in ["example.com/c", "example.com/a"] {
      let error = try bench.refusal {
        try $0.change(object, ["metadata": ["finalizers": ["example.com/b", Value(name)]]])
      }
      #expect(error.code == 422)
    }
    // no way back
    let cleared = try bench.patch(object, ["metadata": ["deletionTimestamp": .null]])
    #expect(cleared.isDeleting)
    // finalizing → absent
    try bench.change(object, ["metadata": ["finalizers": .null]])
    #expect(try bench.refusal { try $0.get(object) }.isNotFound)
    #expect(
      bench.events("devicebindings", after: 4).map { $0.prefix { $0 != " " } } == [
        "ADDED", "DELETED", "ADDED", "MODIFIED", "MODIFIED", "DELETED",
      ])
  }
}
