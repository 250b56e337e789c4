public import ValueTree

/// The file that tells kubectl and client libraries where the server is.
public enum Kubeconfig {
  /// The name of cluster, context and user.
  public static let name = "drydock"

  /// A file for one server.
  public static func value(url: String) -> Value {
    merged(into: .emptyMap, url: url)
  }

  /// What a file says, with this server added and made the current one; what else it says stays.
  public static func merged(into old: Value, url: String) -> Value {
    var result: [(Key, Value)] = [("apiVersion", "v1"), ("kind", "Config")]
    let named: [(Key, Value)] = [
      ("clusters", ["name": Value(name), "cluster": ["server": Value(url)]]),
      (
        "contexts",
        ["name": Value(name), "context": ["cluster": Value(name), "user": Value(name)]]
      ),
      ("users", ["name": Value(name), "user": .emptyMap]),
    ]
    for (list, entry) in named {
      let others = (old[list] ?? .emptyList).elements.filter { $0["name"]?.string != name }
      result.append((list, Value(others + [entry])))
    }
    result.append(("current-context", Value(name)))
    for (key, value) in old.members where !result.contains(where: { $0.0 == key }) {
      result.append((key, value))
    }
    return Value(members: result)
  }
}
