import APIMachinery
import APIServer
import Scalars
import ValueTree

/// Servers that are full already, made once and shared by all benchmarks of their size.
///
/// A benchmark works on a copy. So the first write to a node of the tree duplicates it, as after any
/// snapshot, and later ones change it in place.
struct Stock: Sendable {
  /// Objects to a namespace.
  static let namespaceSize = 100
  static let time = Timestamp(seconds: 1_767_225_600)
  static let type = ResourceRegistry.builtIn("apps/v1", "Deployment")

  let server: APIServer
  /// The keys of all objects, in an order that knows nothing of theirs.
  let keys: [ObjectKey]

  /// The stock of this size.
  static func of(_ size: Int) -> Stock {
    switch size {
    case 100: hundred
    case 10_000: tenThousand
    case 100_000: hundredThousand
    default: Stock(size)
    }
  }

  private static let hundred = Stock(100)
  private static let tenThousand = Stock(10_000)
  private static let hundredThousand = Stock(100_000)

  private init(_ size: Int) {
    server = Self.filled(size)
    keys = Self.shuffled((0..<size).map(Self.key))
  }

  /// A server with this stock that is nobody else's.
  static func filled(_ size: Int) -> APIServer {
    var server = emptyServer(for: size)
    let body = body(of: deployment())
    for index in 0..<size { create(object(key(index), body), on: &server) }
    return server
  }

  /// A server that has the namespaces for so many objects, and nothing in them.
  static func emptyServer(for size: Int) -> APIServer {
    var server = APIServer(startedAt: time)
    let type = ResourceRegistry.builtIn("v1", "Namespace")
    for index in 0...(size / namespaceSize) {
      let header = ObjectHeader(name: namespace(index))
      create(APIObject(type: type, header: header, body: .emptyMap), on: &server)
    }
    return server
  }

  static func namespace(_ index: Int) -> String { "shop-\(index)" }

  /// The key of the object with this number.
  static func key(_ index: Int) -> ObjectKey {
    ObjectKey(
      namespace: namespace(index / namespaceSize),
      name: "checkout-frontend-\(index % namespaceSize)")
  }

  /// The keys in an order that is always the same and looks like none.
  static func shuffled(_ keys: [ObjectKey]) -> [ObjectKey] {
    var keys = keys
    var state: UInt64 = 1
    for last in stride(from: keys.count - 1, to: 0, by: -1) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      keys.swapAt(last, Int((state >> 33) % UInt64(last + 1)))
    }
    return keys
  }

  /// What an object holds beside its header.
  static func body(of value: Value) -> Value {
    do { return try APIObject(decoding: value, as: type).body } catch { fatalError("\(error)") }
  }

  /// An object as a client sends it: without a resource version.
  static func object(_ key: ObjectKey, _ body: Value) -> APIObject {
    let header = ObjectHeader(namespace: key.namespace, name: key.name)
    return APIObject(type: type, header: header, body: body)
  }

  @discardableResult
  static func create(_ object: APIObject, on server: inout APIServer) -> APIResponse {
    handle(.create(object), on: &server)
  }

  /// Has a request carried out that is known to be right.
  @discardableResult
  static func handle(_ request: APIRequest, on server: inout APIServer) -> APIResponse {
    do { return try server.handle(request, at: time) } catch { fatalError("\(error)") }
  }
}
