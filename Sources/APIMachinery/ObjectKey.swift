/// The name of an object within its resource: a namespace, empty for what is cluster-scoped, and a name.
///
/// It says nothing of identity: an object that is deleted and made again has the same key and another `UID`.
public struct ObjectKey: Sendable, Hashable {
  /// The namespace, empty for cluster-scoped objects.
  public let namespace: String
  /// The name.
  public let name: String

  /// The key of `name` in `namespace`.
  public init(namespace: String = "", name: String) {
    self.namespace = namespace
    self.name = name
  }

  /// The key as etcd has it behind the resource's prefix: what objects are stored and listed by.
  public var path: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
}

extension ObjectKey: CustomStringConvertible {
  public var description: String { path }
}

extension ObjectKey: Comparable {
  public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
    left.namespace != right.namespace
      ? left.namespace < right.namespace : left.name < right.name
  }
}
