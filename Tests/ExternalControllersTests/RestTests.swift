import APIMachinery
import Glibc
import LocalCluster
import Scalars
import Scenarios
import Simulation
import Synchronization
import Testing
import ValueTree

@testable import APIServerHTTP
@testable import ExternalControllers

/// A server that a driver judges; the test does what the controller would.
struct DrivenServer {
  let clock = RunClock()
  let door: ChaosDoor
  let listener: APIListener
  let folder: TemporaryFolder
  let crew: ControllerCrew
  let settings: ExternalSettings
  let scenario: Scenario
  let map: APIObject

  init(_ spec: String, object: String = "", confirm: GoDuration) throws {
    let text = """
      apiVersion: drydock.dev/v1alpha1
      kind: Scenario
      metadata: {name: driven}
      spec:
      \(spec.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
      ---
      \(object)
      """
    scenario = try ScenarioReader().scenario(at: "driven.yaml") { _ in Array(text.utf8) }
    settings = ExternalSettings(
      command: "", program: "", quiet: .milliseconds(100), confirm: confirm,
      settleMax: .seconds(10))
    door = ChaosDoor(clock: clock, delays: settings.delays)
    var world = scenario.plan(seed: 0)
    world.workload = []
    listener = try APIListener.start(
      try ServedCluster(of: world, now: RunClock.timestamp), port: 0,
      clock: { RunClock.timestamp }, door: door)
    folder = try TemporaryFolder()
    crew = ControllerCrew(settings, listener, door, folder)
    let registry = scenario.plan.registry
    let type = try #require(registry.type(apiVersion: "v1", kind: "ConfigMap"))
    var header = ObjectHeader()
    header.name = "a"
    header.namespace = "default"
    map = APIObject(type: type, header: header, body: .emptyMap)
    _ = door.verdict(
      on: DoorRequest(
        HTTPQuestion(.get, "/api/v1/configmaps"), from: 0, in: ResourceDirectory(registry)))
  }

  /// Writes the map this much later, as a controller would that has taken its time.
  func write(after delay: GoDuration) {
    PlainThread.start { [door, listener, map] in
      let clock = RunClock()
      while clock.elapsed < delay { usleep(2_000) }
      try? listener.withCluster { $0.act(.apply(map)) }
      door.note(.process, "controller", "writes")
    }
  }

  func findings(
    look: @escaping @Sendable (ServedCluster) -> Void = { _ in }
  ) throws -> [ExternalResult.Finding] {
    defer {
      listener.stop()
      folder.remove()
    }
    let driver = ScenarioDriver(
      steps: scenario.plan.workload, isAttached: true, settings: settings, clock: clock, door: door,
      listener: listener, crew: crew, isInterrupted: { false })
    let (findings, failure) = try driver.run()
    #expect(failure == nil)
    try listener.withCluster(look)
    return findings
  }
}

@Suite("What is judged of a controller outside, and when")
struct RestTests {
  @Test("A property at rest is wrong only when it stays so")
  func settledWaits() throws {
    let server = try DrivenServer(
      "properties: [{name: there, settled: 'size(objects.ConfigMap) == 1'}]",
      confirm: .milliseconds(800))
    server.write(after: .milliseconds(400))
    #expect(try server.findings().isEmpty)
  }

  @Test("A property at rest that stays wrong is told")
  func settledIsTold() throws {
    let server = try DrivenServer(
      "properties: [{name: there, settled: 'size(objects.ConfigMap) == 1'}]",
      confirm: .milliseconds(100))
    #expect(try server.findings().map(\.oracle) == ["property"])
  }

  @Test("While a lease of one who is gone runs, a candidate waits, and that is no rest")
  func leaseWaits() throws {
    let time = RunClock.timestamp
    let server = try DrivenServer(
      "properties: [{name: there, settled: 'size(objects.ConfigMap) == 1'}]",
      object: """
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: {name: leader, namespace: default}
        spec: {holderIdentity: gone, leaseDurationSeconds: 1, renewTime: "\(time)"}
        """, confirm: .milliseconds(100))
    server.write(after: .milliseconds(900))
    #expect(try server.findings().isEmpty)
  }

  @Test("A property that must always hold is judged at each write, and for good")
  func always() throws {
    let server = try DrivenServer(
      """
      workload:
      - {apply: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}}
      - {delete: {kind: ConfigMap, name: a}}
      properties: [{name: none, always: 'size(objects.ConfigMap) == 0'}]
      """, confirm: .seconds(5))
    let findings = try server.findings()
    #expect(findings.map(\.oracle) == ["property"])
    #expect(findings.first?.isAtRest == false)
    #expect(server.clock.elapsed < .seconds(3), "nothing makes it good")
  }

  @Test(
    "A property that must hold at some moment is seen at that moment", arguments: [true, false])
  func moments(isMade: Bool) throws {
    let workload = """
      workload:
      - {apply: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}}
      - {delete: {kind: ConfigMap, name: a}}

      """
    let server = try DrivenServer(
      (isMade ? workload : "")
        + """
        properties:
        - {name: once, eventually: 'size(objects.ConfigMap) == 1'}
        - {name: ever, sometimes: 'size(objects.ConfigMap) == 1'}
        """, confirm: .milliseconds(100))
    let held = Mutex<[Bool]>([])
    let findings = try server.findings { cluster in
      let now = cluster.world.propertiesHeld
      held.withLock { $0 = now }
    }
    #expect(findings.map(\.oracle) == (isMade ? [] : ["property"]))
    #expect(held.withLock { $0 } == [isMade, isMade])
  }

  @Test("Only a read that allows it is answered from an old state")
  func stale() throws {
    let directory = ResourceDirectory(.builtIn)
    func faults(_ uri: String) -> [DoorFault] {
      DoorFault.possible(for: DoorRequest(HTTPQuestion(.get, uri), from: 0, in: directory))
    }
    #expect(!faults("/api/v1/pods").contains(.stale))
    #expect(!faults("/api/v1/namespaces/default/pods/a").contains(.stale))
    #expect(faults("/api/v1/pods?resourceVersion=0").contains(.stale))
    #expect(faults("/api/v1/namespaces/default/pods/a?resourceVersion=0").contains(.stale))
  }
}
