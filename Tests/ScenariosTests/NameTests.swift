import Scenarios
import Testing
import YAMLCoding

/// Names that a scenario's parts give each other: `MalformedTests` has the words, this what must not be refused.
@Suite("Names: what one part of a scenario calls, another has")
struct NameTests {
  private func scenario(
    pool: String = "gpus", onError: String = "fail", workload: String = "", more: String = "",
    use: String = "taker"
  ) -> String {
    """
    apiVersion: drydock.dev/v1alpha1
    kind: Scenario
    metadata: {name: names}
    spec:
      include: [pools/gpus.yaml]
      processes:
      - name: p
        controllers: [{use: \(use)}]
      workload:
      - apply: {apiVersion: drydock.dev/v1alpha1, kind: DeviceBinding, metadata: {name: a}, spec: {pool: gpus}}
    \(workload)
    ---
    apiVersion: drydock.dev/v1alpha1
    kind: ControllerModel
    metadata: {name: taker}
    spec:
      for: {kind: DeviceBinding}
      steps:
      - get: {}
      - allocate: {pool: "'\(pool)'"}
        onError: \(onError)
    \(more)

    """
  }

  @Test("A model that names a pool which nobody makes is refused, at the name")
  func modelsPool() throws {
    #expect(throws: Never.self) { try read(scenario()) }
    let error = try #require(throws: SourceDiagnostic.self) { try read(scenario(pool: "gpuz")) }
    #expect(error.message == "there is no pool \"gpuz\"" && error.suggestion == "gpus")
    #expect(error.mark?.lineText.contains("allocate") == true)
  }

  @Test(
    "A pool is there where the workload makes it, a controller does, or the model says what is done without"
  )
  func legalPools() throws {
    let applied = """
        - apply: {apiVersion: drydock.dev/v1alpha1, kind: Pool, metadata: {name: late}, spec: {type: gpu, count: 1}}
        - take: {pool: late, item: gpu-0}
      """
    #expect(throws: Never.self) { try read(scenario(pool: "late", workload: applied)) }
    #expect(throws: Never.self) {
      try read(scenario(pool: "none", onError: "{UnknownPool: ignore}"))
    }
    let made =
      "  - create: {kind: Pool, name: \"'own'\", owner: none, template: {spec: {type: gpu, count: 1}}}"
    #expect(throws: Never.self) { try read(scenario(pool: "own", more: made)) }
    // What no process runs may name what it likes.
    #expect(throws: Never.self) { try read(scenario(pool: "none", use: "naive-binding")) }
  }

  @Test("Collectors are controllers of the scenario or the system's, running or not")
  func collectors() throws {
    for name in ["naive-binding", "garbage-collector", "crd-cleanup"] {
      let text = wholeScenario.replacing(
        "  limits:", with: "  oracles: {collectors: [\(name)]}\n  limits:")
      #expect(throws: Never.self) { try read(text) }
    }
  }

  @Test("A warning may be at the critical bound, or stand alone")
  func thresholds() throws {
    for bounds in ["{warning: 1m, critical: 1m}", "{warning: 1h}", "{critical: 1s}"] {
      let text = wholeScenario.replacing(
        "  limits:", with: "  thresholds: {held: \(bounds)}\n  limits:")
      #expect(throws: Never.self) { try read(text) }
    }
  }

  private static func definition(_ fields: String) -> String {
    """
    {apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition,
          metadata: {name: crews.example.com}, spec: {group: example.com, scope: Namespaced,
          names: {kind: Crew, plural: crews, singular: crew}, versions: [{name: v1, served: true, storage: true,
          schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {\(fields)}}}}}}]}}
    """
  }

  private func crews(_ workload: String, _ field: String) -> String {
    """
    apiVersion: drydock.dev/v1alpha1
    kind: Scenario
    metadata: {name: crews}
    spec:
      processes:
      - name: p
        controllers: [{use: crews}]
      workload:
      - apply: {apiVersion: example.com/v1, kind: Crew, metadata: {name: a}, spec: {count: 1}}
    \(workload)
      properties:
      - {name: some, always: "objects.Crew.all(c, c.spec.count > 0)"}
    ---
    \(Self.definition("count: {type: integer}"))
    ---
    apiVersion: drydock.dev/v1alpha1
    kind: ControllerModel
    metadata: {name: crews}
    spec:
      for: {kind: Crew}
      steps:
      - get: {}
      - wait: 1s
        when: \(field)

    """
  }

  @Test("The schema of a definition beside the model counts, unless the workload may change it")
  func definitions() throws {
    #expect(throws: Never.self) { try read(crews("", "object.spec.count > 1")) }
    let error = try #require(throws: SourceDiagnostic.self) {
      try read(crews("", "has(object.spec.size)"))
    }
    #expect(error.message == "Crew has no field \"spec.size\"")
    let redefined = "  - apply: " + Self.definition("count: {type: integer}, size: {type: integer}")
    #expect(throws: Never.self) { try read(crews(redefined, "has(object.spec.size)")) }
  }
}
