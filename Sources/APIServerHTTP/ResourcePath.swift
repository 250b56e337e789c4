/// A path below a version of a group: a collection, an object, or a part of one.
struct ResourcePath: Equatable {
  var group: String
  var version: String
  /// Empty for all namespaces, and for what has none.
  var namespace = ""
  var plural: String
  /// Empty for a collection.
  var name = ""
  /// Empty for the whole object.
  var subresource = ""

  /// The path with these parts; nil where it names no resource.
  init?(_ segments: [String]) {
    var rest = segments[...]
    switch rest.popFirst() {
    case "api": group = ""
    case "apis":
      guard let name = rest.popFirst() else { return nil }
      group = name
    default: return nil
    }
    guard let version = rest.popFirst() else { return nil }
    self.version = version
    // A namespace is an object too, with parts of its own.
    let isOwnPart =
      group.isEmpty && rest.count == 3 && ["status", "finalize"].contains(rest.last ?? "")
    if rest.first == "namespaces", rest.count >= 3, !isOwnPart {
      rest.removeFirst()
      namespace = rest.removeFirst()
    }
    guard let plural = rest.popFirst(), rest.count <= 2 else { return nil }
    self.plural = plural
    name = rest.popFirst() ?? ""
    subresource = rest.popFirst() ?? ""
  }
}
