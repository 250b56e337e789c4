import APIMachinery
import APIServer
import APIStore
import Testing
import ValueTree

@Suite("Semantics 1.3: what a deletion says of dependents")
struct PropagationTests {
  private static let both = ["orphan", "foregroundDeletion"]

  private func deleting(
    _ kind: String, _ finalizers: [String], _ options: DeleteOptions,
    _ settings: ServerSettings = ServerSettings()
  ) throws -> [String] {
    var bench = Bench(settings: settings)
    let held = finalizers + ["example.com/a"]
    let object = try bench.create(
      kind, "a", metadata: ["finalizers": Value(held.map { Value($0) })])
    return try bench.delete(object, options).finalizers.filter { $0 != "example.com/a" }
  }

  @Test(
    "1.3: the first that says something decides: type, orphanDependents, policy, finalizer, default"
  )
  func order() throws {
    let foreground = DeleteOptions(propagationPolicy: .foreground)
    let table: [(String, [String], DeleteOptions, [String])] = [
      // 1: a kind that the collector leaves alone
      ("events", ["orphan"], foreground, []),
      // 2: the older option
      ("configmaps", [], DeleteOptions(orphanDependents: true), ["orphan"]),
      ("configmaps", ["orphan"], DeleteOptions(orphanDependents: false), []),
      ("jobs", [], DeleteOptions(orphanDependents: false), []),
      // 3: the policy
      ("configmaps", [], foreground, ["foregroundDeletion"]),
      ("configmaps", ["orphan"], foreground, ["foregroundDeletion"]),
      ("configmaps", [], DeleteOptions(propagationPolicy: .orphan), ["orphan"]),
      ("configmaps", ["orphan"], DeleteOptions(propagationPolicy: .background), []),
      ("jobs", [], DeleteOptions(propagationPolicy: .background), []),
      // 4: what stands there
      ("configmaps", ["orphan"], .none, ["orphan"]),
      ("configmaps", ["foregroundDeletion"], .none, ["foregroundDeletion"]),
      ("jobs", ["foregroundDeletion"], .none, ["foregroundDeletion"]),
      // 5: the kind's default
      ("configmaps", [], .none, []), ("devicebindings", [], .none, []),
      ("jobs", [], .none, ["orphan"]), ("replicationcontrollers", [], .none, ["orphan"]),
    ]
    for (kind, before, options, after) in table {
      #expect(try deleting(kind, before, options) == after, "\(kind) \(before) \(options)")
    }
  }

  @Test("1.3: without a collector no deletion adds a finalizer that nobody would take off")
  func noCollector() throws {
    let settings = ServerSettings(hasGarbageCollector: false)
    for policy in PropagationPolicy.allCases {
      let options = DeleteOptions(propagationPolicy: policy)
      #expect(try deleting("configmaps", [], options, settings) == [])
    }
    #expect(try deleting("jobs", [], .none, settings) == [])
  }

  @Test("1.3: an object that nothing else holds waits for the collector")
  func alone() throws {
    for (policy, finalizer) in [
      (PropagationPolicy.foreground, "foregroundDeletion"), (.orphan, "orphan"),
    ] {
      var bench = Bench()
      let object = try bench.create("configmaps", "a")
      let deleting = try bench.delete(object, DeleteOptions(propagationPolicy: policy))
      #expect(deleting.isDeleting && deleting.finalizers == [finalizer])
      #expect(deleting.header.deletionGracePeriodSeconds == 0)
    }
  }

  @Test("1.2 C3: a second DELETE with another policy swaps the finalizer, or removes the object")
  func swapped() throws {
    var bench = Bench()
    let object = try bench.create("devicebindings", "a")
    try bench.delete(object, DeleteOptions(propagationPolicy: .foreground))
    let orphaning = try bench.delete(object, DeleteOptions(propagationPolicy: .orphan))
    #expect(orphaning.finalizers == ["orphan"])
    #expect(orphaning.header.generation == 2, "1.6: once")
    try bench.delete(object, DeleteOptions(propagationPolicy: .background))
    #expect(try bench.refusal { try $0.get(object) }.isNotFound)
    let kinds = bench.server.store.events(object.type, after: orphaning.resourceVersion)
    #expect(kinds.map(\.kind) == [.deleted], "what takes the finalizer off is not written")
  }

  @Test("1.2 A1: options that contradict each other, or are not known: 422")
  func options() throws {
    var bench = Bench()
    let object = try bench.create("configmaps", "a")
    let error = try bench.refusal {
      try $0.delete(
        object, DeleteOptions(propagationPolicy: .orphan, orphanDependents: true))
    }
    #expect(error.code == 422 && error.reason == .invalid)
    #expect(
      error.message
        == "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Invalid value: \"Orphan\": "
        + "orphanDependents and deletionPropagation cannot be both set")
    let table: [(Value, String, Int)] = [
      (
        ["propagationPolicy": "Sideways"],
        "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy: Unsupported value: "
          + "\"Sideways\": supported values: \"Background\", \"Foreground\", \"Orphan\", \"nil\"",
        422
      ),
      (
        ["dryRun": ["Some"]],
        "DeleteOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"Some\"]: "
          + "supported values: \"All\"", 422
      ),
      (
        ["gracePeriodSeconds": "1"],
        "DeleteOptions: gracePeriodSeconds must be an integer, not string", 400
      ),
      (
        ["orphanDependents": 1], "DeleteOptions: orphanDependents must be a boolean, not int",
        400
      ),
      ([1], "DeleteOptions must be a map, not list", 400),
    ]
    for (body, message, code) in table {
      do throws(StatusError) {
        _ = try DeleteOptions(reading: body)
        Issue.record("\(body) is taken")
      } catch {
        #expect(error.message == message)
        #expect(error.code == code)
      }
    }
    let uid = UID(high: 7, low: 9)
    let read = try DeleteOptions(reading: [
      "kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 3,
      "propagationPolicy": "Foreground", "dryRun": ["All"],
      "preconditions": ["uid": Value("\(uid)"), "resourceVersion": "12"],
    ])
    #expect(
      read
        == DeleteOptions(
          preconditions: Preconditions(uid: uid, resourceVersion: 12), gracePeriodSeconds: 3,
          propagationPolicy: .foreground, isDryRun: true))
  }
}
