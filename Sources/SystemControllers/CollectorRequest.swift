import APIMachinery
import ControllerRuntime

/// An object of any kind and of one identity, as a key of the collector's queue: `ReplicaSet.v1.apps web UID`.
///
/// Nothing that an API takes as a name or a kind has a space in it.
struct CollectorRequest: Hashable {
  let apiVersion: String
  let kind: String
  let key: ObjectKey
  let uid: String

  init(_ object: APIObject) {
    apiVersion = object.type.apiVersion
    kind = object.type.kind
    key = object.key
    uid = object.uid.description
  }

  /// Reads a key of the queue.
  init?(_ request: ReconcileRequest) {
    let parts = request.name.split(separator: " ")
    guard parts.count == 3 else { return nil }
    let names = parts[0].split(separator: ".", maxSplits: 2)
    guard names.count >= 2 else { return nil }
    kind = String(names[0])
    apiVersion = names.count == 3 ? "\(names[2])/\(names[1])" : String(names[1])
    key = ObjectKey(namespace: request.namespace, name: String(parts[1]))
    uid = String(parts[2])
  }

  /// The key of the queue.
  var request: ReconcileRequest {
    let parts = apiVersion.split(separator: "/")
    let version = parts.count == 2 ? "\(parts[1]).\(parts[0])" : apiVersion
    return ObjectKey(namespace: key.namespace, name: "\(kind).\(version) \(key.name) \(uid)")
  }
}
