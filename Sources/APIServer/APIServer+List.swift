public import APIMachinery
import APIStore

extension APIServer {
  /// Reads the objects of a kind that the options choose, in key order.
  public func list(_ type: ResourceType, _ options: ListOptions = ListOptions()) throws(StatusError)
    -> ObjectList
  {
    let all = store.list(type, namespace: options.namespace)
    let chosen = options.hasSelector ? all.filter(options.chooses) : all
    return ObjectList(chosen, revision: store.revision)
  }
}

extension ListOptions {
  /// Whether the selectors choose the object; its namespace is not asked for.
  func chooses(_ object: APIObject) -> Bool { labels.matches(object) && fields.matches(object) }
}
