/// A part of a kind's objects with an endpoint of its own, as discovery tells of it.
///
/// The server carries out those that `Subresource` has a case for; others belong to whoever speaks HTTP, or to nobody.
public struct SubresourceDefinition: Sendable, Hashable {
  /// The last part of the path: `eviction`.
  public var name: String
  /// The kind of what is read and written there.
  public var kind: String
  /// What clients may do, in the order of discovery.
  public var verbs: [String]
  /// Group and version of that kind, where they are not those of the objects.
  public var apiVersion: String?

  /// A part.
  public init(name: String, kind: String, verbs: [String], apiVersion: String? = nil) {
    self.name = name
    self.kind = kind
    self.verbs = verbs
    self.apiVersion = apiVersion
  }
}

/// Sets of verbs, in the order in which discovery lists them.
enum Verbs {
  static let all = [
    "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
  ]
  static let ofCustomResources = [
    "delete", "deletecollection", "get", "list", "patch", "create", "update", "watch",
  ]
  /// Of a part that can be read and written and no more.
  static let ofParts = ["get", "patch", "update"]
}

extension ResourceType.Definition {
  /// All parts with endpoints of their own, by name.
  public var subresources: [SubresourceDefinition] {
    var parts = otherSubresources
    if hasStatus {
      parts.append(SubresourceDefinition(name: "status", kind: kind, verbs: Verbs.ofParts))
    }
    if scale != nil {
      parts.append(
        SubresourceDefinition(
          name: "scale", kind: "Scale", verbs: Verbs.ofParts, apiVersion: "autoscaling/v1"))
    }
    return parts.sorted { $0.name < $1.name }
  }
}
