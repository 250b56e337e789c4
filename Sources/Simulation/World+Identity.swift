public import APIMachinery
import APIServer
import APIStore

extension World {
  /// The object with this identity, where it still is.
  ///
  /// - Parameter uid: The identity.
  /// - Returns: the object; nil where it is gone, or never was.
  /// - Complexity: O(objects).
  public func object(withUID uid: UID) -> APIObject? {
    for type in plan.registry.types {
      for object in server.store.list(type) where object.uid == uid { return object }
    }
    return nil
  }

  /// All objects that there are, kind by kind.
  public var allObjects: [APIObject] { plan.registry.types.flatMap { server.store.list($0) } }
}
