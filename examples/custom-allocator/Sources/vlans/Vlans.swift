import APIAllocation
import APIMachinery
import Allocation
import Exploration
import Glibc
import Scenarios
import Simulation
import ValueTree
import YAMLCoding

/// Registers an allocator, a kind and a controller by name, and runs a scenario that uses them.
@main
enum Vlans {
  static func main() throws {
    var allocators = AllocatorRegistry.builtIn
    allocators.register("vlan", fields: ["from", "to"]) { spec throws(FieldError) in
      try VLANAllocator(spec: spec)
    }
    var controllers = ControllerRegistry.builtIn
    controllers.register("networks") { NetworkController.controller(workers: $0) }
    var rules = RecordRules.builtIn
    rules.add(Network.type) { Network($0).records }

    let reader = ScenarioReader(
      registry: Network.registry, controllers: controllers, allocators: allocators,
      recordRules: rules)
    let scenario: Scenario
    do {
      scenario = try reader.scenario(at: "scenario.yaml") { _ in Array(Self.scenario.utf8) }
    } catch {
      print(error)
      exit(2)
    }

    // The default schedule, up to the last look.
    let world = try Runner.run(scenario.plan, DefaultSource(scenario.script)).world
    print("Who holds what:")
    for holding in world.holdings().rows {
      print("  \(holding.item)  \(holding.holder ?? "-")")
    }

    // The same workload under crashes, lost replies and conflicts.
    let seeds: Range<UInt64> = 0..<200
    var faults = 0
    for seed in seeds {
      let source = RandomSource(seed: seed, budget: scenario.budget)
      let world = try Runner.run(scenario.plan(seed: seed), source).world
      faults += world.faultCount
      if let violation = world.violations.first {
        print("seed \(seed): \(violation.sentence)")
        exit(1)
      }
    }
    let kind = faults > 0 ? "faults in them" : "no faults"
    print("\(seeds.count) schedules, \(kind): nothing leaked")
  }

  private static let scenario = """
    apiVersion: drydock.dev/v1alpha1
    kind: Pool
    metadata: {name: vlans}
    spec: {type: vlan, from: 100, to: 103}
    ---
    apiVersion: drydock.dev/v1alpha1
    kind: Scenario
    metadata: {name: vlans}
    spec:
      description: Networks come and go; each has a VLAN while it is there.
      processes:
      - name: fabric
        controllers:
        - {use: networks, workers: 2}
      workload:
      - apply:
          apiVersion: example.dev/v1
          kind: Network
          metadata: {name: storage}
          spec: {parity: odd}
      - apply:
          apiVersion: example.dev/v1
          kind: Network
          metadata: {name: guests}
      - apply:
          apiVersion: example.dev/v1
          kind: Network
          metadata: {name: office}
          spec: {parity: even}
      - delete: {kind: Network, name: guests}
        when: settled
      - apply:
          apiVersion: example.dev/v1
          kind: Network
          metadata: {name: lab}
        when: settled
      faults:
        allow: [crash, lost-reply, refused, conflict]
        budget: 4
        odds: 10
    """
}
