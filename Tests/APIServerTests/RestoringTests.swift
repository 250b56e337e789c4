import APIMachinery
import APIServer
import APIStore
import Testing
import ValueTree

@Suite("Semantics 2.1: resource versions, and going back to a snapshot")
struct RestoringTests {
  /// A snapshot with a and b, and a server that has gone on: a is gone, b changed, c new.
  private func benches() throws -> (snapshot: APIStore, bench: Bench) {
    var bench = Bench()
    try bench.create("configmaps", "a")
    try bench.create("configmaps", "b")
    let snapshot = bench.server.store
    try bench.delete(bench.object("configmaps", "a"))
    try bench.update(bench.object("configmaps", "b", body: ["data": ["n": "1"]]))
    try bench.create("configmaps", "c")
    #expect(snapshot.revision == 6 && bench.revision == 9)
    return (snapshot, bench)
  }

  @Test("2.1: one counter; an object has the revision of its last write, a list the store's")
  func counter() throws {
    var (_, bench) = try benches()
    let list = try bench.list("configmaps", .of())
    #expect(list.objects.map(\.resourceVersion) == [8, 9])
    #expect(list.revision == 9)
    #expect(try bench.list("secrets", .of()).revision == 9)
    let secret = try bench.create("secrets", "s")
    #expect(secret.resourceVersion == 10, "every kind takes from it")
    #expect(try bench.list("configmaps", .of()).revision == 10)
    #expect(secret.value["metadata"]?["resourceVersion"] == "10", "a decimal string")
    let create = try bench.refusal {
      let object = try $0.object("secrets", "t", metadata: ["resourceVersion": "3"])
      return try $0.create(object)
    }
    #expect(create.code == 400)
    #expect(create.message == "resourceVersion should not be set on objects to be created")
  }

  @Test("2.1: without a bump the counter goes back, and who watches from later hears nothing")
  func withoutBump() throws {
    var (snapshot, bench) = try benches()
    var open = try bench.watch("configmaps", WatchOptions(.of("9")))
    bench.server.restoreSnapshot(snapshot, bump: false)
    #expect(bench.revision == 6)
    #expect(try bench.list("configmaps", .of()).objects.map(\.resourceVersion) == [5, 6])
    #expect(bench.server.store.contentHash == snapshot.contentHash)
    // The ghosts of kubernetes#107457: c is never told to be gone, and two writes are never told at all.
    var late = try bench.watch("configmaps", WatchOptions(.of("9")))
    try bench.create("configmaps", "d")
    try bench.delete(bench.object("configmaps", "b"))
    try bench.create("configmaps", "e")
    #expect(bench.revision == 9)
    #expect(bench.drain(&open) == [] && bench.drain(&late) == [])
    try bench.create("configmaps", "f")
    #expect(bench.drain(&open) == ["ADDED default/f 10"])
    #expect(bench.drain(&late) == ["ADDED default/f 10"])
    // A list that names the later revision is told.
    bench.server.restoreSnapshot(snapshot, bump: false)
    #expect(
      try bench.refusal { try $0.list("configmaps", .of("9")) }
        == .tooLargeResourceVersion(9, current: 6))
  }

  @Test("2.1: with a bump the counter goes on and all history is forgotten: everybody lists again")
  func withBump() throws {
    var (snapshot, bench) = try benches()
    var open = try bench.watch("configmaps", WatchOptions(.of("9")))
    var other = try bench.watch("pods", WatchOptions(.of("9")))
    bench.server.restoreSnapshot(snapshot, bump: true)
    #expect(bench.revision == 10, "behind every revision that was ever given")
    #expect(try bench.list("configmaps", .of()).objects.map(\.resourceVersion) == [5, 6])
    #expect(bench.drain(&open) == ["ended"] && bench.drain(&other) == ["ended"])
    for kind in ["configmaps", "pods"] {
      for version in ["6", "9"] {
        var late = try bench.watch(kind, WatchOptions(.of(version)))
        #expect(
          bench.drain(&late) == ["ERROR 410 too old resource version: \(version) (10)", "ended"])
      }
    }
    for version in ["5", "9"] {
      let error = try bench.refusal {
        try $0.list("configmaps", .of(version, match: "Exact"))
      }
      #expect(error == .listExpired)
    }
    var new = try bench.watch("configmaps", WatchOptions(.of("10")))
    try bench.create("configmaps", "d")
    #expect(bench.drain(&new) == ["ADDED default/d 11"])
  }

  @Test("2.1: no identity comes twice, wherever the store has gone back to")
  func identities() throws {
    for bump in [false, true] {
      var (snapshot, bench) = try benches()
      var seen: Set<UID> = []
      func note() throws {
        for object in try bench.list("configmaps", .of()).objects { seen.insert(object.uid) }
      }
      for object in snapshot.list(bench.kind("configmaps")) { seen.insert(object.uid) }
      try note()
      let again = try bench.create("configmaps", "a")
      seen.insert(again.uid)
      bench.server.restoreSnapshot(snapshot, bump: bump)
      for name in ["a", "b", "c"] {
        // Of a and b the old ones are there.
        let old = bench.server.store.object(
          bench.kind("configmaps"), ObjectKey(namespace: "default", name: name))
        if let old { try bench.delete(old) }
        let new = try bench.create("configmaps", name)
        #expect(seen.insert(new.uid).inserted, "\(name), bump \(bump)")
      }
    }
  }

  @Test("2.1: the kinds that are served are those whose definitions are there afterwards")
  func definitions() throws {
    var bench = Bench()
    func definition(_ plural: String, _ kind: String) throws -> APIObject {
      try bench.object(
        "customresourcedefinitions", "\(plural).example.com",
        body: [
          "spec": [
            "group": "example.com", "scope": "Namespaced",
            "names": ["plural": Value(plural), "kind": Value(kind)],
            "versions": [
              [
                "name": "v1", "served": true, "storage": true,
                "schema": ["openAPIV3Schema": ["type": "object"]],
              ]
            ],
          ]
        ])
    }
    try bench.create(definition("before", "Before"))
    let snapshot = bench.server.store
    try bench.create(definition("after", "After"))
    func serves(_ kind: String) -> Bool {
      bench.server.registry.type(apiVersion: "example.com/v1", kind: kind) != nil
    }
    #expect(serves("Before") && serves("After"))
    bench.server.restoreSnapshot(snapshot, bump: true)
    #expect(serves("Before") && !serves("After"))
    try bench.create("before", "x")
    try bench.create(definition("after", "After"))
    #expect(serves("After"))
  }
}

@Suite("Semantics 2.4: writes that change nothing")
struct NoOpTests {
  @Test("2.4: the same state is no write, by update, patch and status: no event, same revision")
  func silent() throws {
    var bench = Bench()
    let object = try bench.create(
      "devicebindings", "a", metadata: ["labels": ["a": "b"]], body: ["spec": ["n": 1]])
    let ready = try bench.change(object, ["status": ["phase": "Ready"]], .status)
    let revision = bench.revision
    var stream = try bench.watch("devicebindings", WatchOptions(.of("\(revision)")))
    func same(_ written: APIObject) {
      #expect(written.resourceVersion == ready.resourceVersion && bench.revision == revision)
      #expect(bench.drain(&stream) == [])
    }
    same(try bench.update(ready))
    same(try bench.update(ready, .status))
    same(try bench.patch(object, ["status": ["phase": "Ready"]], .status))
    same(try bench.patch(object, ["spec": ["n": 1]]))
    same(try bench.patch(object, [:]))
    same(try bench.patch(object, ["metadata": ["labels": ["gone": .null]]]))
    // A controller that writes the time each round makes an event each round.
    for second in 1...3 {
      let status: Value = ["status": ["probed": Value(second)]]
      let written = try bench.change(object, status, .status)
      #expect(written.resourceVersion == revision + UInt64(second))
    }
    #expect(bench.drain(&stream).count == 3)
  }

  @Test("2.4: a second deletion of what finalizers hold is no write")
  func deletion() throws {
    var bench = Bench()
    let object = try bench.create(
      "configmaps", "a", metadata: ["finalizers": ["example.com/a"]])
    try bench.delete(object)
    let revision = bench.revision
    try bench.delete(object)
    #expect(bench.revision == revision)
  }
}

@Suite("Semantics 2.8: limits")
struct LimitTests {
  private func blob(_ count: Int) -> Value {
    ["data": ["blob": Value(String(repeating: "x", count: count))]]
  }

  @Test("2.8: etcd takes objects of 1.5 MiB and no more, by create, update and patch")
  func objectSize() throws {
    var bench = Bench()
    let small = try bench.create("configmaps", "a", body: blob(0))
    let overhead = JSONWriter().bytes(small.value).count
    // The revision is not stored, so this is not to the byte.
    let limit = 1536 * 1024 - overhead
    let large = try bench.update(bench.object("configmaps", "a", body: blob(limit - 64)))
    #expect(large.resourceVersion > small.resourceVersion)
    let refusals = [
      try bench.refusal { try $0.create("configmaps", "b", body: blob(limit + 64)) },
      try bench.refusal {
        try $0.create("configmaps", "", metadata: ["generateName": "c-"], body: blob(limit + 99))
      },
      try bench.refusal { try $0.update($0.object("configmaps", "a", body: blob(limit + 64))) },
      try bench.refusal { try $0.patch(small, blob(limit + 64)) },
    ]
    for error in refusals {
      #expect(error.code == 500 && error.message == "etcdserver: request is too large")
      #expect(error.value["reason"] == nil, "Kubernetes gives none")
    }
    let names = bench.server.store.generatedNames(
      bench.kind("configmaps"), namespace: "default", base: "c-")
    #expect(names == 0, "a refused create changes nothing")
    // Letters that are written with six.
    let escaped = String(repeating: "\u{1}", count: 300_000)
    #expect(
      try bench.refusal { try $0.create("configmaps", "d", body: ["data": ["x": Value(escaped)]]) }
        .code == 500)
  }

  @Test(
    "2.8: a field manager has at most 128 bytes, and letters that can be printed",
    arguments: [
      (String(repeating: "m", count: 129), "Too long: may not be more than 128 bytes"),
      ("a\u{7}b", "Invalid value: \"a\\u0007b\": invalid character U+0007 (at position 1)"),
      ("ü\u{200b}", "Invalid value: \"ü\u{200b}\": invalid character U+200B (at position 2)"),
    ])
  func fieldManager(_ manager: String, _ detail: String) throws {
    var bench = Bench()
    let object = try bench.object("configmaps", "a")
    let type = object.type
    let options = WriteOptions(fieldManager: manager)
    let requests: [(APIRequest, String)] = [
      (.create(object, options), "CreateOptions"),
      (.create(object, WriteOptions(isDryRun: true, fieldManager: manager)), "CreateOptions"),
      (.update(object, options: options), "UpdateOptions"),
      (.patch(type, object.key, .merge([:]), options: options), "PatchOptions"),
    ]
    for (request, kind) in requests {
      let error = try bench.refusal { try $0.server.handle(request, at: $0.now) }
      #expect(error.code == 422 && error.kind == kind)
      #expect(error.message == "\(kind).meta.k8s.io \"\" is invalid: fieldManager: \(detail)")
    }
    let good = WriteOptions(fieldManager: String(repeating: "m", count: 128))
    _ = try bench.server.handle(.create(object, good), at: bench.now)
  }
}
