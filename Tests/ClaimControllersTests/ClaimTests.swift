import APIAllocation
import APIMachinery
import Allocation
import Simulation
import Testing
import ValueTree

@Suite("Claims: what a status says")
struct ClaimTests {
  @Test("Ports, addresses and GPUs are recorded in each kind's own fields")
  func statusFields() throws {
    let world = try TestScenario(
      pools: Pools.all(Pools.nodePorts, Pools.addresses, Pools.gpus),
      controllers: ["port-claims", "ip-claims", "gpu-claims"],
      "workload:\n" + apply("PortClaim", "p", "pool: ports, count: 2, matchAttribute: node")
        + apply("IPClaim", "i", "pool: ips, family: IPv6, count: 2")
        + apply("GPUClaim", "g", "pool: gpus")
    ).run()
    #expect(world.violations.isEmpty)
    func text<C: PoolClaim>(_: C.Type, _ name: String) -> String? {
      world.object(C.self, name)?.object.body["status"]?.description
    }
    #expect(
      text(PortClaim.self, "p")
        == #"{"phase":"Bound","ports":[{"generation":1,"node":"a","port":30000,"protocol":"TCP"},"#
        + #"{"generation":1,"node":"a","port":30001,"protocol":"TCP"}]}"#)
    #expect(
      text(IPClaim.self, "i")
        == #"{"addresses":[{"generation":1,"ip":"fd00::1"},{"generation":1,"ip":"fd00::2"}],"#
        + #""phase":"Bound"}"#)
    #expect(
      text(GPUClaim.self, "g")
        == #"{"devices":[{"generation":1,"name":"gpu-0"}],"phase":"Bound"}"#)
  }

  @Test("The protocol is TCP where nothing is said, and another where it is")
  func transport() throws {
    let world = try TestScenario(
      pools: Pools.ports, controllers: ["port-claims"],
      "workload:\n" + apply("PortClaim", "udp", "pool: ports, protocol: UDP")
        + apply("PortClaim", "selected", "pool: ports, selector: {protocol: UDP}")
        + apply("PortClaim", "tcp", "pool: ports, port: 30000")
    ).run()
    #expect(world.status(PortClaim.self, "udp") == "Bound 30000/UDP#1")
    #expect(world.status(PortClaim.self, "selected") == "Bound 30001/UDP#1")
    #expect(world.status(PortClaim.self, "tcp") == "Bound 30000/TCP#1")
  }

  @Test(
    "A claim that cannot be met says why and waits",
    arguments: [
      ("PortClaim", "pool: ports, port: 40000", "port 40000 is not in pool \"ports\""),
      ("PortClaim", "pool: ports, node: z", "pool \"ports\" has no node \"z\""),
      ("PortClaim", "pool: ports, protocol: UDP", "pool \"ports\" has no protocol \"UDP\""),
      ("PortClaim", "pool: ports, count: 9", "pool \"ports\" is exhausted: 9 wanted, 8 free"),
      ("PortClaim", "pool: nowhere", "there is no pool \"nowhere\""),
      ("IPClaim", "pool: ips, ip: 10.0.1.1", "10.0.1.1 is not handed out by pool \"ips\""),
      ("GPUClaim", "pool: gpus, count: 4", "pool \"gpus\" is exhausted: 4 wanted, 3 free"),
    ])
  func refused(kind: String, spec: String, message: String) throws {
    let world = try TestScenario(
      pools: Pools.all(Pools.nodePorts, Pools.addresses, Pools.gpus),
      controllers: ["port-claims", "ip-claims", "gpu-claims"],
      "workload:\n" + apply(kind, "c", spec)
    ).run()
    #expect(world.violations.isEmpty)
    #expect(world.ledger.openCount == 0)
    let status =
      switch kind {
      case "PortClaim": world.status(PortClaim.self, "c")
      case "IPClaim": world.status(IPClaim.self, "c")
      default: world.status(GPUClaim.self, "c")
      }
    #expect(status == "Pending " + message)
  }

  @Test("A port that is taken is waited for, and taken over once it is given back")
  func takenTwice() throws {
    let claims =
      apply("PortClaim", "first", "pool: ports, port: 30002")
      + apply("PortClaim", "second", "pool: ports, port: 30002")
    let waiting = try TestScenario(
      pools: Pools.ports, controllers: ["port-claims"], "workload:\n" + claims
    ).run()
    #expect(waiting.violations.isEmpty)
    #expect(waiting.status(PortClaim.self, "first") == "Bound 30002/TCP#1")
    #expect(
      waiting.status(PortClaim.self, "second") == "Pending port 30002 of pool \"ports\" is taken")

    let moved = try TestScenario(
      pools: Pools.ports, controllers: ["port-claims"],
      "workload:\n" + claims + delete("PortClaim", "first")
    ).run()
    #expect(moved.violations.isEmpty)
    #expect(moved.status(PortClaim.self, "first") == "gone")
    #expect(moved.status(PortClaim.self, "second") == "Bound 30002/TCP#2")
    #expect(
      moved.ledger.biography(pool: "ports", item: "30002/TCP").map(\.event.rawValue).isEmpty
        == false)
  }

  @Test("A claim that asks for something else gives the old back first")
  func changedSpec() throws {
    let world = try TestScenario(
      pools: Pools.all(Pools.ports, Pools.addresses), controllers: ["port-claims", "ip-claims"],
      "workload:\n" + apply("PortClaim", "p", "pool: ports, port: 30001, count: 1")
        + apply("PortClaim", "p", "port: 30003, protocol: UDP")
        + apply("IPClaim", "i", "pool: ips") + apply("IPClaim", "i", "family: IPv6, count: 3")
        + apply("IPClaim", "i", "family: IPv6, count: 1")
    ).run()
    #expect(world.violations.isEmpty)
    #expect(world.status(PortClaim.self, "p") == "Bound 30003/UDP#1")
    #expect(world.status(IPClaim.self, "i") == "Bound fd00::1#1")
    #expect(world.ledger.openCount == 2)
  }

  @Test("Claims of different kinds with one name have nothing to do with each other")
  func sameName() throws {
    let world = try TestScenario(
      pools: Pools.all(Pools.ports, Pools.addresses, Pools.gpus),
      controllers: ["port-claims", "ip-claims", "gpu-claims", "reference-binding"],
      "workload:\n" + apply("PortClaim", "x", "pool: ports") + apply("IPClaim", "x", "pool: ips")
        + apply("GPUClaim", "x", "pool: gpus") + apply("DeviceBinding", "x", "pool: gpus")
        + delete("PortClaim", "x") + delete("DeviceBinding", "x")
    ).run()
    #expect(world.violations.isEmpty)
    #expect(world.status(PortClaim.self, "x") == "gone")
    #expect(world.status(DeviceBinding.self, "x") == "gone")
    #expect(world.status(IPClaim.self, "x") == "Bound 10.0.0.1#1")
    #expect(world.status(GPUClaim.self, "x") == "Bound gpu-0#1")
    #expect(world.ledger.openCount == 2)
  }
}
