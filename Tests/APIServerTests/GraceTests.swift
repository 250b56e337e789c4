import APIMachinery
import APIServer
import APIStore
import Scalars
import Testing
import ValueTree

@Suite("Semantics 1.2 A and 1.7: grace, which pods have")
struct GraceTests {
  private static let running: Value = [
    "spec": ["nodeName": "n1", "terminationGracePeriodSeconds": 30], "status": ["phase": "Running"],
  ]

  /// A pod on a node; its status is written as the node agent writes it.
  private func pod(
    _ bench: inout Bench, _ body: Value = running, finalizers: [String] = []
  ) throws -> APIObject {
    let metadata: Value =
      finalizers.isEmpty ? [:] : ["finalizers": Value(finalizers.map { Value($0) })]
    let pod = try bench.create("pods", "a", metadata: metadata, body: body)
    guard let status = body["status"] else { return pod }
    return try bench.change(pod, ["status": status], .status)
  }

  @Test(
    "1.2 A3, A6 and 1.7: grace is the option's, else the pod's, else 30; none where no node runs it",
    arguments: [
      (running, nil, 30), (running, 5, 5), (running, 0, 0), (running, -7, 1), (running, 90, 90),
      (["spec": ["nodeName": "n1"]], nil, 30),
      (["spec": ["nodeName": "n1", "terminationGracePeriodSeconds": -3]], nil, 1),
      (["spec": ["terminationGracePeriodSeconds": 30]], nil, 0),
      (["spec": ["terminationGracePeriodSeconds": 30]], 20, 0),
      (["spec": ["nodeName": "n1"], "status": ["phase": "Succeeded"]], nil, 0),
      (["spec": ["nodeName": "n1"], "status": ["phase": "Failed"]], 20, 0),
    ] as [(Value, Int64?, Int64)])
  func periods(_ body: Value, _ option: Int64?, _ grace: Int64) throws {
    var bench = Bench()
    let pod = try pod(&bench, body)
    let answer = try bench.delete(pod, DeleteOptions(gracePeriodSeconds: option))
    #expect(answer.header.deletionGracePeriodSeconds == grace)
    #expect(answer.header.deletionTimestamp == bench.now + .seconds(grace))
    #expect(answer.header.generation == 2, "1.2 A6: the generation goes on once")
    let remains = bench.server.store.object(pod.type, pod.key) != nil
    #expect(remains == (grace > 0), "1.2 B: gone where no grace and no finalizer is left")
  }

  @Test("1.2 B: without grace a pod is seen with its deletion time, and then gone")
  func events() throws {
    var bench = Bench()
    let pod = try pod(&bench)
    try bench.delete(pod, DeleteOptions(gracePeriodSeconds: 0))
    let seen = bench.server.store.events(pod.type, after: pod.resourceVersion)
    #expect(seen.map(\.kind) == [.modified, .deleted])
    #expect(seen.allSatisfy { $0.object.isDeleting })
    #expect(seen.last?.object.resourceVersion == pod.resourceVersion + 2)
  }

  @Test("1.2 A5: a second DELETE without a period, with the same or with a longer one, is pending")
  func pending() throws {
    for option in [nil, 30, 31, 1_000] as [Int64?] {
      var bench = Bench()
      let pod = try pod(&bench)
      let first = try bench.delete(pod)
      for policy in [nil, PropagationPolicy.foreground] {
        let second = try bench.delete(
          pod, DeleteOptions(gracePeriodSeconds: option, propagationPolicy: policy))
        #expect(second === first, "\(String(describing: option))")
      }
      #expect(bench.revision == first.resourceVersion)
    }
  }

  @Test("1.2 A5: a shorter period moves the time; the generation stays")
  func shortened() throws {
    var bench = Bench()
    let pod = try pod(&bench)
    let first = try bench.delete(pod)
    let second = try bench.delete(pod, DeleteOptions(gracePeriodSeconds: 10))
    #expect(
      second.header.deletionTimestamp == first.header.deletionTimestamp.map { $0 - .seconds(20) })
    #expect(second.header.deletionGracePeriodSeconds == 10)
    #expect(second.header.generation == first.header.generation)
  }

  @Test("1.2 A3: a negative period counts as one second, also where it shortens one that runs")
  func negative() throws {
    var bench = Bench()
    let pod = try pod(&bench)
    try bench.delete(pod)
    let second = try bench.delete(pod, DeleteOptions(gracePeriodSeconds: -5))
    #expect(second.header.deletionGracePeriodSeconds == 1)
    #expect(try bench.get(pod) === second)
  }

  @Test("1.2 A5: a period that would be over already becomes one second, and none stays none")
  func overdue() throws {
    var bench = Bench()
    let pod = try pod(&bench)
    try bench.delete(pod)
    bench.now = bench.now + .seconds(20)
    let late = try bench.delete(pod, DeleteOptions(gracePeriodSeconds: 5))
    #expect(late.header.deletionTimestamp == bench.now)
    #expect(late.header.deletionGracePeriodSeconds == 1, "somebody still has to send the last one")
    try bench.delete(pod, DeleteOptions(gracePeriodSeconds: 0))
    #expect(try bench.refusal { try $0.get(pod) }.isNotFound)
  }

  @Test("1.2 C4: with grace and no finalizer updates do not remove; a DELETE with 0 does")
  func updates() throws {
    var bench = Bench()
    let pod = try pod(&bench, finalizers: ["example.com/a"])
    try bench.delete(pod)
    try bench.change(pod, ["metadata": ["finalizers": .null]])
    let waiting = try bench.change(pod, ["metadata": ["labels": ["a": "b"]]])
    #expect(waiting.isDeleting && !waiting.hasFinalizers)
    #expect(try bench.get(pod) === waiting)
    try bench.delete(pod, DeleteOptions(gracePeriodSeconds: 0))
    #expect(try bench.refusal { try $0.get(pod) }.isNotFound)
  }

  @Test("1.2 C5: grace and finalizers must both go, in either order")
  func both() throws {
    var bench = Bench()
    let pod = try pod(&bench, finalizers: ["example.com/a"])
    try bench.delete(pod)
    let noGrace = try bench.delete(pod, DeleteOptions(gracePeriodSeconds: 0))
    #expect(noGrace.header.deletionGracePeriodSeconds == 0 && noGrace.hasFinalizers)
    #expect(try bench.get(pod) === noGrace)
    try bench.change(pod, ["metadata": ["finalizers": .null]])
    #expect(try bench.refusal { try $0.get(pod) }.isNotFound)
  }

  @Test("1.2 A4: kinds without grace do not look at the option")
  func others() throws {
    var bench = Bench()
    let object = try bench.create(
      "deployments", "a", metadata: ["finalizers": ["example.com/a"]])
    let deleting = try bench.delete(object, DeleteOptions(gracePeriodSeconds: 60))
    #expect(deleting.header.deletionGracePeriodSeconds == 0)
    #expect(deleting.header.deletionTimestamp == bench.now)
  }

  @Test("1.2 A5: a time without grace is what a crash has left: the next DELETE removes")
  func recovery() throws {
    var bench = Bench()
    let pod = try pod(&bench, finalizers: ["example.com/a"])
    try bench.delete(pod, DeleteOptions(gracePeriodSeconds: 0))
    let again = try bench.delete(pod, DeleteOptions(propagationPolicy: .orphan))
    #expect(again.finalizers == ["example.com/a", "orphan"], "not pending: finalizers can change")
  }
}
