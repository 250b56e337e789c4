import Exploration
import Scalars
import Scenarios
import Simulation
import Testing
import YAMLCoding

@Suite("Properties and oracles in scenarios")
struct PropertyTests {
  private func scenario(_ rest: String, controller: String = "reference-binding") throws -> Scenario
  {
    try read(
      """
      apiVersion: drydock.dev/v1alpha1
      kind: Scenario
      metadata: {name: small}
      spec:
        processes:
        - name: binder
          controllers: [{use: \(controller)}]
        workload:
        - apply:
            apiVersion: drydock.dev/v1alpha1
            kind: DeviceBinding
            metadata: {name: a}
            spec: {pool: gpus, count: 2}
        - delete: {kind: DeviceBinding, name: a}
          when: settled
      \(rest)
      ---
      apiVersion: drydock.dev/v1alpha1
      kind: Pool
      metadata: {name: gpus}
      spec: {type: gpu, count: 4}
      """)
  }

  private func run(_ scenario: Scenario) throws -> RunResult {
    try Runner.run(scenario.plan(seed: 0), DefaultSource())
  }

  private func properties(_ text: String) -> String { "  properties:\n  - \(text)" }

  @Test(
    "What holds holds",
    arguments: [
      "{name: p, always: 'size(objects.DeviceBinding) <= 1'}",
      "{name: p, always: 'pools.gpus.free + pools.gpus.open + pools.gpus.closing == pools.gpus.total'}",
      "{name: p, always: 'grants.all(g, g.pool == \"gpus\" && g.generation > 0)'}",
      "{name: p, always: 'elapsed < duration(\"1h\") && now > timestamp(\"2025-01-01T00:00:00Z\")'}",
      "{name: p, eventually: 'pools.gpus.free == 2'}",
      "{name: p, eventually: 'objects.DeviceBinding.exists(b, has(b.status) && size(b.status.devices) == 2)'}",
      "{name: p, settled: 'grants.all(g, g.recorded)'}",
      "{name: p, settled: 'workload.done ? objects.DeviceBinding == [] : true'}",
      "{name: p, always: 'processes[\"binder-0\"].running'}",
    ])
  func holds(text: String) throws {
    let result = try run(try scenario(properties(text)))
    #expect(result.outcome == .held, "\(result.violations.map(\.sentence))")
  }

  @Test(
    "What does not hold is told with name and text",
    arguments: [
      (
        "{name: few, always: 'pools.gpus.free > 2'}",
        "few must always hold and does not: pools.gpus.free > 2."
      ),
      (
        "{name: many, eventually: 'pools.gpus.free == 0'}",
        "many must hold at some moment and never did: pools.gpus.free == 0."
      ),
      (
        "{name: none, settled: 'grants == []'}",
        "none must hold at rest and does not: grants == []."
      ),
      (
        "{name: odd, always: 'objects.DeviceBinding.all(b, b.spec.matchAttribute == b.kind)'}",
        "odd must always hold and does not: objects.DeviceBinding.all(b, b.spec.matchAttribute == b.kind) "
          + "(no such key: 'matchAttribute')."
      ),
    ])
  func fails(text: String, sentence: String) throws {
    let result = try run(try scenario(properties(text)))
    #expect(result.violations.first?.oracle == .property)
    #expect(result.violations.first?.sentence == sentence)
  }

  @Test("A property is looked at only when something that it reads has changed")
  func looks() throws {
    let result = try run(
      try scenario(
        """
          properties:
          - {name: maps, always: 'size(objects.ConfigMap) == 0'}
          - {name: bindings, always: 'size(objects.DeviceBinding) < 2'}
          - {name: clock, always: 'elapsed >= duration("0s")'}
          - {name: once, sometimes: 'pools.gpus.free == 2'}
        """))
    let looks = result.world.propertyLooks
    #expect(result.outcome == .held && looks[0] == 1)
    #expect(looks[1] > 3 && looks[1] < 10, "\(looks)")
    #expect(result.world.step > 2 * looks[1])
    #expect(result.world.propertiesHeld == [true, true, true, true])
  }

  @Test("Sometimes is judged over a campaign")
  func sometimes() throws {
    let scenario = try scenario(
      """
        properties:
        - {name: met, sometimes: 'pools.gpus.free == 2'}
        - {name: unmet, sometimes: 'pools.gpus.free == 0'}
        faults: {allow: []}
      """)
    #expect(scenario.saysFaults)
    let campaign = Campaign(scenario.plan(seed: 0), budget: scenario.budget)
    let tally = try campaign.run(0..<20, stopsAtViolation: true)
    #expect(tally.violatedCount == 0 && tally.faultyRunCount == 0)
    #expect(campaign.unmet(tally).map(\.name) == ["unmet"])
  }

  @Test(
    "A mistake has its place",
    arguments: [
      (
        "{name: p, always: 'size(objects.DeviceBindin) == 1'}", "there is no name",
        "objects.DeviceBinding"
      ),
      ("{name: p, always: 'pool.gpus.free > 1'}", "there is no name \"pool\"", "pools"),
      ("{name: p, always: '1 + 1'}", "expected an expression of type bool", ""),
      ("{name: p}", "says nothing", ""),
      ("{name: p, always: 'true', settled: 'true'}", "says one thing", ""),
      ("{name: p, allways: 'true'}", "unknown field", "always"),
    ])
  func mistakes(text: String, message: String, suggestion: String) {
    do {
      _ = try scenario(properties(text))
      Issue.record("no mistake was found")
    } catch let error as SourceDiagnostic {
      #expect(error.message.contains(message), "\(error)")
      #expect(error.mark?.line == 17, "\(error)")
      if !suggestion.isEmpty { #expect(error.suggestion == suggestion, "\(error)") }
    } catch { Issue.record(error) }
  }

  @Test("Which rules are judged, and by what bounds")
  func oracles() throws {
    let settings = try scenario(
      """
        oracles:
          judge: [idempotence, order]
          ignore: [orphan]
          collectors: [reference-binding]
          failures: 7
        thresholds:
          deletionToRemoval: {warning: 10s, critical: 1m}
          orphanAge: {critical: 5s}
      """
    ).plan.oracles
    #expect(settings.judged.contains(.idempotence) && settings.judged.contains(.order))
    #expect(settings.judged.contains(.boundedError) && settings.judged.contains(.leak))
    #expect(!settings.judged.contains(.orphan) && !settings.judged.contains(.session))
    #expect(settings.collectors == ["garbage-collector", "reference-binding"])
    #expect(settings.failuresMax == 7)
    #expect(
      settings.thresholds == [
        Threshold(.deletionToRemoval, warning: .seconds(10), critical: .seconds(60)),
        Threshold(.orphanAge, critical: .seconds(5)),
      ])
    #expect(throws: SourceDiagnostic.self) {
      try scenario("  oracles: {judge: [leaks]}")
    }
    #expect(throws: SourceDiagnostic.self) {
      try scenario("  thresholds: {held: {}}")
    }
  }
}
