import ValueTree

/// The fields by which the objects of a kind can be chosen.
enum FieldLabels {
  private static let common = [
    FieldPath(Fields.metadata, Fields.name), FieldPath(Fields.metadata, Fields.namespace),
  ]

  /// apiVersion, kind, and the fields beside name and namespace.
  private static let table: StaticString = """
    v1 Pod spec.nodeName spec.restartPolicy spec.schedulerName spec.serviceAccountName spec.hostNetwork status.phase \
    status.podIP status.podIPs status.nominatedNodeName
    v1 Node spec.unschedulable
    v1 Namespace status.phase
    v1 Secret type
    v1 Service spec.clusterIP spec.type
    v1 ReplicationController status.replicas
    v1 Event involvedObject.kind involvedObject.namespace involvedObject.name involvedObject.uid \
    involvedObject.apiVersion involvedObject.resourceVersion involvedObject.fieldPath reason reportingComponent \
    source type
    events.k8s.io/v1 Event regarding.kind regarding.namespace regarding.name regarding.uid regarding.apiVersion \
    regarding.resourceVersion regarding.fieldPath reason reportingController type
    apps/v1 ReplicaSet status.replicas
    batch/v1 Job status.successful
    drydock.dev/v1alpha1 Pool spec.type
    drydock.dev/v1alpha1 PortClaim spec.pool status.phase
    drydock.dev/v1alpha1 IPClaim spec.pool status.phase
    drydock.dev/v1alpha1 GPUClaim spec.pool status.phase
    drydock.dev/v1alpha1 DeviceBinding spec.pool status.phase
    """

  private static let own: [(kind: String, fields: [FieldPath])] = table.description.split(
    separator: "\n"
  ).map { row in
    let words = row.split(separator: " ").map(String.init)
    return (
      "\(words[0]) \(words[1])",
      words[2...].map { word in
        FieldPath(word.split(separator: ".").map { .key(Key(String($0))) })
      }
    )
  }

  /// What is said of a field by which objects of a kind cannot be chosen; nil where they can.
  static func refusal(of path: FieldPath, in type: ResourceType) -> String? {
    if common.contains(path) || type.definition.selectableFields.contains(path) { return nil }
    let own = own.first { $0.kind == "\(type.apiVersion) \(type.kind)" }?.fields
    if own?.contains(path) == true { return nil }
    // Kinds that have only the common fields say it in words of their own.
    return own == nil && !type.definition.isCustom
      ? "\"\(path)\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
      : "field label not supported: \(path)"
  }

  /// What a field that is not written down counts as.
  static func missing(_ path: FieldPath) -> String { defaults.first { $0.0 == path }?.1 ?? "" }

  private static let defaults: [(FieldPath, String)] = [
    (FieldPath(Fields.spec, "hostNetwork"), "false"),
    (FieldPath(Fields.spec, "unschedulable"), "false"),
    (FieldPath(Fields.status, "replicas"), "0"), (FieldPath(Fields.status, "successful"), "0"),
  ]
}

extension FieldSelector {
  /// Refuses fields by which the objects of a kind cannot be chosen.
  public func check(for type: ResourceType) throws(StatusError) {
    for requirement in requirements {
      if let refusal = FieldLabels.refusal(of: requirement.path, in: type) {
        throw StatusError(.badRequest, refusal)
      }
    }
  }
}
