import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// What is done to pods through bodies of other kinds.
extension APIFace {
  static let done: Value = [
    "kind": "Status", "apiVersion": "v1", "metadata": .emptyMap, "status": "Success",
  ]

  /// Gives a pod to a node, once.
  func bind(
    _ target: ResourceTarget, _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer {
    let body = try BodyReader.value(question)
    guard let node = body["target"]?["name"]?.string, !node.isEmpty else {
      throw StatusError(
        .invalid, "Binding \"\(target.path.name)\" is invalid: target.name: Required value",
        name: target.path.name)
    }
    let options = try writeOptions(question)
    guard let pod = try perform(.get(target.type, target.key)).object else {
      throw .noSuchEndpoint
    }
    if let uid = body[FieldPath(Fields.metadata, Fields.uid)]?.string, !uid.isEmpty,
      uid != pod.uid.description
    {
      throw .conflict(
        target.type, pod.name,
        "Precondition failed: UID in precondition: \(uid), UID in object meta: \(pod.uid)")
    }
    if pod.isDeleting {
      throw .conflict(
        target.type, pod.name, "pod \(pod.name) is being deleted, cannot be assigned to a host")
    }
    let assigned = FieldPath(Fields.spec, "nodeName")
    if let other = pod.body[assigned]?.string, !other.isEmpty {
      throw .conflict(
        target.type, pod.name, "pod \(pod.name) is already assigned to node \"\(other)\"")
    }
    var patch: [(Key, Value)] = [(Fields.spec, ["nodeName": Value(node)])]
    if let annotations = body[Fields.annotationsPath], !annotations.isEmptyCollection {
      patch.append((Fields.metadata, ["annotations": annotations]))
    }
    _ = try perform(
      .patch(target.type, target.key, .merge(Value(members: patch)), options: options))
    if !options.isDryRun {
      let time = Value(target.forms.now.text(.seconds))
      let condition: Value = [
        "type": "PodScheduled", "status": "True", "lastTransitionTime": time,
      ]
      _ = try perform(
        .patch(
          target.type, target.key, .strategic(["status": ["conditions": [condition]]]),
          subresource: .status))
    }
    return HTTPAnswer(Self.done, status: 201)
  }

  /// Deletes a pod, unless a disruption budget stands against it.
  func evict(
    _ target: ResourceTarget, _ question: HTTPQuestion
  ) throws(StatusError) -> HTTPAnswer {
    let body = try BodyReader.value(question)
    var options =
      try body["deleteOptions"].map { value throws(StatusError) in
        try DeleteOptions(reading: value)
      } ?? .none
    if try writeOptions(question).isDryRun { options.isDryRun = true }
    guard let pod = try perform(.get(target.type, target.key)).object else {
      throw .noSuchEndpoint
    }
    let phase = pod.body[FieldPath(Fields.status, "phase")]?.string
    let isFinished = phase == "Succeeded" || phase == "Failed" || phase == "Pending"
    if !isFinished, !pod.isDeleting { try checkBudgets(of: pod) }
    _ = try perform(.delete(target.type, target.key, options))
    return HTTPAnswer(Self.done, status: 201)
  }

  private func checkBudgets(of pod: APIObject) throws(StatusError) {
    guard
      let budgets = directory.type(group: "policy", version: "v1", plural: "poddisruptionbudgets")
    else { return }
    for budget in cluster.server.store.list(budgets, namespace: pod.namespace) {
      guard let selector = budget.body[FieldPath(Fields.spec, "selector")],
        LabelSelector(reading: selector).matches(pod)
      else { continue }
      guard (budget.body[FieldPath(Fields.status, "disruptionsAllowed")]?.int ?? 0) > 0 else {
        throw StatusError(
          .tooManyRequests, "Cannot evict pod as it would violate the pod's disruption budget.",
          causes: [
            StatusError.Cause(
              type: "DisruptionBudget",
              message: "The disruption budget \(budget.name) does not allow a disruption now")
          ])
      }
    }
  }
}
