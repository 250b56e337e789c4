import APIMachinery
import Scenarios
import Simulation
import Testing

@Suite("A scenario's own kinds come first")
struct OwnKindTests {
  private static let text = """
    apiVersion: drydock.dev/v1alpha1
    kind: Scenario
    metadata: {name: own}
    spec:
      workload:
      - delete: {kind: IPClaim, name: a}
      - delete: {kind: ipclaims.ipam.example.com, name: a}
      - delete: {kind: IPClaim.ipam.example.com, name: a}
      - delete: {kind: IPClaim.drydock.dev, name: a}
      - delete: {kind: PortClaim, name: a}
      properties:
      - {name: none, settled: "size(objects.IPClaim) == 0"}
    ---
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: ipclaims.ipam.example.com}
    spec:
      group: ipam.example.com
      names: {kind: IPClaim, plural: ipclaims, singular: ipclaim}
      scope: Namespaced
      versions:
      - name: v1
        served: true
        storage: true
        schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
    """

  @Test("Steps and properties mean the kind that the scenario brings along; the group tells others")
  func shadowed() throws {
    let scenario = try ScenarioReader().scenario(at: "own.yaml") { _ in Array(Self.text.utf8) }
    let groups = scenario.plan.workload.map { step -> String in
      if case .delete(let type, _, _) = step.action { return type.definition.group }
      return ""
    }
    let own = "ipam.example.com"
    #expect(groups == [own, own, own, "drydock.dev", "drydock.dev"])
    #expect(scenario.plan.properties.flatMap(\.reads.kinds).map(\.definition.group) == [own])
  }
}
