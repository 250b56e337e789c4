import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// The parts of objects that are no status, scale or finalize: most lead to a node's agent, of which there is none.
///
/// Such a question is answered as a real server answers it whose nodes have gone silent, so that clients say something
/// of it that a person can understand.
extension APIFace {
  /// The answer to a question about such a part; nil where the part is another.
  func part(
    _ part: String, of target: ResourceTarget, _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer? {
    let definition = target.type.definition
    guard definition.group.isEmpty else { return nil }
    switch (definition.plural, part) {
    case ("pods", "binding"):
      guard question.method == .post else { throw .methodNotAllowed }
      return try bind(target, question)
    case ("pods", "eviction"):
      guard question.method == .post else { throw .methodNotAllowed }
      return try evict(target, question)
    case ("pods", "log"):
      guard question.method == .get || question.method == .head else { throw .methodNotAllowed }
      return try log(target, question)
    case ("pods", "exec"), ("pods", "attach"), ("pods", "portforward"):
      guard [.get, .head, .post].contains(question.method) else { throw .methodNotAllowed }
      throw try silence(of: target, part, question)
    case ("pods", "ephemeralcontainers"):
      return try narrow(target, question, to: FieldPath(Fields.spec, "ephemeralContainers"))
    case ("pods", "resize"):
      return try narrow(target, question, to: FieldPath(Fields.spec, "containers"))
    case ("pods", "proxy"), ("services", "proxy"), ("nodes", "proxy"):
      guard let object = try perform(.get(target.type, target.key)).object else { return nil }
      throw StatusError(
        .serviceUnavailable,
        "error trying to reach \(definition.singular) \"\(object.name)\": nothing runs behind this server",
        type: target.type, name: object.name)
    case ("serviceaccounts", "token"):
      guard question.method == .post else { throw .methodNotAllowed }
      return try token(target, question)
    default: return nil
    }
  }

  // MARK: What a node's agent would answer

  /// A pod that is on no node has no log yet.
  private func log(
    _ target: ResourceTarget, _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer {
    guard let pod = try perform(.get(target.type, target.key)).object else {
      throw .noSuchEndpoint
    }
    _ = try container(of: pod, question.query["container"])
    if Self.node(of: pod).isEmpty { return HTTPAnswer(text: "") }
    throw try silence(of: target, "containerLogs", question)
  }

  private static func node(of pod: APIObject) -> String {
    pod.body[FieldPath(Fields.spec, "nodeName")]?.string ?? ""
  }

  /// The container that is meant; of several, one has to be named.
  private func container(of pod: APIObject, _ asked: String) throws(StatusError) -> String {
    var names: [String] = []
    for list: Key in ["containers", "initContainers", "ephemeralContainers"] {
      let containers = pod.body[FieldPath(Fields.spec, list)] ?? Value.emptyList
      names += containers.elements.compactMap { $0["name"]?.string }
    }
    let own = pod.body[FieldPath(Fields.spec, "containers")]?.count ?? 0
    if asked.isEmpty {
      guard own <= 1 else {
        let choices = names.prefix(own).joined(separator: " ")
        throw StatusError(
          .badRequest,
          "a container name must be specified for pod \(pod.name), choose one of: [\(choices)]")
      }
      return names.first ?? ""
    }
    guard names.contains(asked) else {
      throw StatusError(.badRequest, "container \(asked) is not valid for pod \(pod.name)")
    }
    return asked
  }

  /// Why nobody answers for a pod: it is on no node, its node is not there, or nothing runs on it.
  private func silence(
    of target: ResourceTarget, _ part: String, _ question: HTTPQuestion
  ) throws(StatusError) -> StatusError {
    guard let pod = try perform(.get(target.type, target.key)).object else {
      throw .noSuchEndpoint
    }
    let container =
      part == "portforward" ? "" : try container(of: pod, question.query["container"])
    let node = Self.node(of: pod)
    guard !node.isEmpty else {
      throw StatusError(.badRequest, "pod \(pod.name) does not have a host assigned")
    }
    if let nodes = directory.type(group: "", version: "v1", plural: "nodes"),
      cluster.server.store.object(nodes, ObjectKey(name: node)) == nil
    {
      throw .notFound(nodes, node)
    }
    let address =
      "https://\(node):10250/\(part)/\(pod.namespace)/\(pod.name)"
      + (container.isEmpty ? "" : "/\(container)")
    return StatusError(
      .internalError,
      "Get \"\(address)\": no kubelet runs on node \(node): this server has objects, and nothing that runs them"
    )
  }

  // MARK: Parts of a pod's spec

  /// Reads a pod, or changes one field of its spec and nothing else.
  private func narrow(
    _ target: ResourceTarget, _ question: HTTPQuestion, to field: FieldPath
  ) throws(StatusError) -> HTTPAnswer {
    var options = try writeOptions(question)
    let isDryRun = options.isDryRun
    options.isDryRun = true
    let wanted: APIObject?
    switch question.method {
    case .get, .head: return try one(.get(target.type, target.key), target)
    case .patch:
      let patch = try BodyReader.patch(question, of: target.type)
      wanted = try perform(.patch(target.type, target.key, patch, options: options)).object
    case .put:
      let value = try BodyReader.value(question)
      do { wanted = try APIObject(decoding: value, as: target.type) } catch {
        throw StatusError(.badRequest, "\(error)", type: target.type)
      }
    default: throw .methodNotAllowed
    }
    guard let wanted, case .key(let name)? = field.steps.last else { throw .noSuchEndpoint }
    options.isDryRun = isDryRun
    let change: Value = [
      "spec": Value(members: [(name, wanted.body[field] ?? .null)])
    ]
    return try one(.patch(target.type, target.key, .merge(change), options: options), target)
  }

  // MARK: Tokens

  /// A token in the usual form, which nobody asks for here and which says so: it is signed with nothing.
  private func token(
    _ target: ResourceTarget, _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer {
    guard let account = try perform(.get(target.type, target.key)).object else {
      throw .noSuchEndpoint
    }
    let asked = try BodyReader.value(question)
    var spec = asked["spec"] ?? Value.emptyMap
    let seconds = spec["expirationSeconds"]?.int ?? 3_600
    guard seconds >= 600 else {
      let message = "Invalid value: \(seconds): may not specify a duration less than 10 minutes"
      throw StatusError(
        .invalid,
        "TokenRequest.authentication.k8s.io \"\(account.name)\" is invalid: spec.expirationSeconds: \(message)",
        name: account.name,
        causes: [
          StatusError.Cause(
            type: "FieldValueInvalid", message: message, field: "spec.expirationSeconds")
        ])
    }
    spec = spec.setting("expirationSeconds", to: Value(seconds))
    let expiration = target.forms.now + .seconds(seconds)
    let header: Value = ["alg": "none", "typ": "JWT"]
    let claims: Value = [
      "sub": Value("system:serviceaccount:\(account.namespace):\(account.name)"),
      "iat": Value(target.forms.now.seconds), "exp": Value(expiration.seconds),
    ]
    let text = [header, claims].map { Base64URL.text(JSONWriter().bytes($0)) }
      .joined(separator: ".")
    return HTTPAnswer(
      [
        "kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1",
        "metadata": ["name": Value(account.name), "namespace": Value(account.namespace)],
        "spec": spec,
        "status": [
          "token": Value(text + "."), "expirationTimestamp": Value(expiration.text(.seconds)),
        ],
      ], status: 201)
  }
}

/// Bytes as text that stands in addresses and tokens: RFC 4648 §5, without padding.
enum Base64URL {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func text(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let part = bytes[index..<min(index + 3, bytes.count)]
      var bits: UInt32 = 0
      for offset in 0..<3 {
        bits = bits << 8 | (offset < part.count ? UInt32(part[index + offset]) : 0)
      }
      for place in 0...part.count {
        text.append(alphabet[Int(bits >> UInt32(18 - 6 * place)) & 63])
      }
      index += 3
    }
    return String(decoding: text, as: UTF8.self)
  }
}
