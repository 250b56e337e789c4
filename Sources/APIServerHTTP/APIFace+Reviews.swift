import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// Questions that are answered and not stored: who somebody is, and what they may do, which is everything.
extension APIFace {
  func create(
    _ extra: ResourceType.Definition, _ path: ResourcePath, _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer {
    guard question.method == .post, path.name.isEmpty else { throw .methodNotAllowed }
    if extra.kind == "Binding" { return try bind(path, question) }
    let asked = try BodyReader.value(question)
    guard asked.isMap else { throw StatusError(.badRequest, "a review must be a map") }
    var members = asked.members.map { ($0.key, $0.value) }
      .filter { !["status", "apiVersion", "kind", "metadata"].contains($0.0) }
    members += [
      ("kind", Value(extra.kind)), ("apiVersion", Value("\(extra.group)/\(extra.version)")),
      ("metadata", asked["metadata"] ?? .emptyMap), ("status", status(extra.kind)),
    ]
    return HTTPAnswer(Value(members: members), status: 201)
  }

  private func bind(
    _ path: ResourcePath, _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer {
    var path = path
    path.name =
      try BodyReader.value(question)[FieldPath(Fields.metadata, Fields.name)]?.string ?? ""
    path.plural = "pods"
    path.subresource = "binding"
    guard let pods = directory.type(group: "", version: "v1", plural: "pods"), !path.name.isEmpty
    else { throw StatusError(.badRequest, "a binding needs the name of a pod") }
    let forms = ObjectForms(
      form: .json, rowObject: "", now: cluster.now)
    return try bind(ResourceTarget(type: pods, path: path, forms: forms), question)
  }

  private static let user: Value = [
    "username": "system:admin", "uid": "drydock",
    "groups": ["system:masters", "system:authenticated"],
  ]

  private func status(_ kind: String) -> Value {
    switch kind {
    case "SelfSubjectReview": ["userInfo": Self.user]
    case "TokenReview": ["authenticated": true, "user": Self.user]
    case "SelfSubjectRulesReview":
      [
        "resourceRules": [["verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]]],
        "nonResourceRules": [["verbs": ["*"], "nonResourceURLs": ["*"]]], "incomplete": false,
      ]
    default: ["allowed": true]
    }
  }
}
