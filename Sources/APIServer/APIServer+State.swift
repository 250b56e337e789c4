public import APIMachinery
public import APIStore

extension APIServer {
  /// A server over a store that was there before; it has the namespaces that the store has.
  public init(
    restoring store: APIStore, registry: ResourceRegistry, identity: IdentitySource,
    settings: ServerSettings = ServerSettings()
  ) {
    self.settings = settings
    self.store = store
    self.registry = registry
    self.identity = identity
    namespaceType = registry.type(apiVersion: "v1", kind: "Namespace")
    guard let definitions = registry.types.first(where: \.isDefinition) else { return }
    for definition in store.list(definitions) where definition.isDeleting {
      noteEnding(definition)
    }
  }
}
