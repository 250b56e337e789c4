import APIMachinery
import Testing

@Suite("The registry: kinds by all their names")
struct RegistryTests {
  let registry = ResourceRegistry.builtIn

  @Test("What a person may type")
  func names() {
    let table: [(String, String?)] = [
      ("pods", "pods"), ("pod", "pods"), ("po", "pods"), ("Pod", "pods"), ("PODS", "pods"),
      ("Po", "pods"), ("pods.v1.", "pods"), ("deploy", "deployments.apps"),
      ("deployments.apps", "deployments.apps"), ("deployment.apps", "deployments.apps"),
      ("Deployment.apps", "deployments.apps"), ("deployments.v1.apps", "deployments.apps"),
      ("DeviceBinding", "devicebindings.drydock.dev"), ("db", "devicebindings.drydock.dev"),
      ("devicebinding.drydock.dev", "devicebindings.drydock.dev"),
      ("devicebindings.v1alpha1.drydock.dev", "devicebindings.drydock.dev"),
      ("crds", "customresourcedefinitions.apiextensions.k8s.io"), ("ns", "namespaces"),
      ("", nil), ("deployments.batch", nil), ("deployments.v2.apps", nil), ("deploys", nil),
    ]
    for (name, expected) in table {
      #expect(registry.type(named: name)?.qualifiedPlural == expected, "\(name)")
    }
  }

  @Test("What a manifest says: apiVersion and kind, exactly")
  func manifests() {
    #expect(registry.type(apiVersion: "v1", kind: "Pod")?.plural == "pods")
    #expect(registry.type(apiVersion: "apps/v1", kind: "Deployment")?.plural == "deployments")
    #expect(registry.type(apiVersion: "apps/v1beta1", kind: "Deployment") == nil)
    #expect(registry.type(apiVersion: "v1", kind: "pod") == nil)
    #expect(registry.type(apiVersion: "v1", kind: "Deployment") == nil)
  }

  @Test("Every kind is found by its own names, and its index is its place")
  func all() {
    for (index, type) in registry.types.enumerated() {
      #expect(type.index == index)
      #expect(registry.type(apiVersion: type.apiVersion, kind: type.kind) === type)
      #expect(registry.type(named: type.qualifiedPlural) === type)
      #expect(registry.type(named: type.qualifiedSingular) === type)
      for name in type.definition.shortNames { #expect(registry.type(named: name) === type) }
    }
    #expect(Set(registry.types.map(\.stableHash)).count == registry.types.count)
  }

  @Test("The words of messages")
  func words() throws {
    let binding = try #require(registry.type(named: "devicebindings"))
    #expect(binding.apiVersion == "drydock.dev/v1alpha1")
    #expect(binding.qualifiedKind == "DeviceBinding.drydock.dev")
    #expect(binding.qualifiedSingular == "devicebinding.drydock.dev")
    #expect("\(binding)" == "devicebindings.drydock.dev")
    let pod = try #require(registry.type(named: "pods"))
    #expect(pod.apiVersion == "v1")
    #expect(pod.qualifiedKind == "Pod")
    #expect(pod.qualifiedPlural == "pods")
  }

  @Test("Flags of the built-in kinds: scope, status, generation, names, unconditional updates")
  func flags() throws {
    func definition(_ name: String) throws -> ResourceType.Definition {
      try #require(registry.type(named: name)).definition
    }
    let binding = try definition("devicebindings")
    #expect(binding.isNamespaced && binding.hasStatus && binding.usesGeneration)
    #expect(binding.isCustom && !binding.allowsUnconditionalUpdate)
    let pool = try definition("pools.drydock.dev")
    #expect(!pool.isNamespaced && pool.isCustom)
    let configMap = try definition("configmaps")
    #expect(!configMap.hasStatus && !configMap.usesGeneration && !configMap.isCustom)
    #expect(configMap.allowsUnconditionalUpdate)
    let lease = try definition("leases")
    #expect(!lease.allowsUnconditionalUpdate && !lease.isCustom)
    #expect(try definition("namespaces").nameRule == .label)
    #expect(try definition("services").nameRule == .label)
    #expect(try definition("clusterroles").nameRule == .pathSegment)
    #expect(try definition("pods").nameRule == .subdomain)
  }

  @Test("A definition that comes again replaces the old one, with all its names")
  func replaced() throws {
    var registry = ResourceRegistry()
    func widget(_ version: String, _ kind: String, _ short: [String]) -> ResourceType.Definition {
      ResourceType.Definition(
        group: "example.com", version: version, kind: kind, plural: "widgets", shortNames: short)
    }
    let first = registry.register(widget("v1", "Widget", ["w", "wd"]))
    let gadget = registry.register(
      ResourceType.Definition(
        group: "example.com", version: "v1", kind: "Gadget", plural: "gadgets",
        shortNames: ["w", "g"]))
    #expect(registry.type(named: "w") === first, "who came first keeps a name")
    let second = registry.register(widget("v2", "Widget", ["wi"]))
    #expect(second.index == first.index && second != first)
    #expect(second.stableHash == first.stableHash)
    #expect(registry.types.count == 2)
    #expect(registry.type(named: "widgets") === second)
    #expect(registry.type(named: "w") === gadget, "a name that was given up is free")
    #expect(registry.type(named: "wd") == nil)
    #expect(registry.type(apiVersion: "example.com/v1", kind: "Widget") == nil)
    #expect(registry.type(apiVersion: "example.com/v2", kind: "Widget") === second)
  }
}
