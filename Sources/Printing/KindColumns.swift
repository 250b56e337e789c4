public import APIMachinery
public import Scalars
public import ValueTree

/// A column of the table in which objects of a kind are shown.
public struct PrintedColumn: Sendable {
  /// The heading, as Kubernetes' tables have it: `Up-to-date`.
  public let name: String
  /// `string`, `integer`, `number`, `boolean` or `date`.
  public let type: String
  /// `name` for the name, empty for most.
  public let format: String
  /// 0 for what is always shown, more for what only a wide table shows.
  public let priority: Int
  /// What an object has there at a time.
  public let cell: @Sendable (APIObject, Timestamp) -> Value

  /// The cell as a person reads it.
  public func text(_ object: APIObject, at now: Timestamp) -> String {
    let value = cell(object, now)
    return value.string ?? value.description
  }

  /// The same column for objects in another version.
  fileprivate func reading(_ conversion: KindConversion) -> PrintedColumn {
    PrintedColumn(name: name, type: type, format: format, priority: priority) { object, now in
      cell(object.with(body: conversion.stored(object.body)), now)
    }
  }
}

/// The columns of each kind: those of its definition, of Kubernetes, or name and age.
public enum KindColumns {
  /// apiVersion and kind, then behind bars each column but the name: heading, `*` if only a wide table shows it,
  /// and where its text comes from.
  ///
  /// A source is a path (with `?` and what stands where there is nothing), `#` and the path of what is counted,
  /// `+` and the path of a number, `@` and the name of a way to compute it, or nothing for the age.
  private static let table: StaticString = """
    v1 ConfigMap|Data=#data|Age
    v1 Event|Last Seen=@lastSeen|Type=type?|Reason=reason?|Object=@involved|Subobject*=involvedObject.fieldPath?|Source*=@eventSource|Message=@eventMessage|First Seen*=@firstSeen|Count*=@eventCount|Name*=@name
    v1 Endpoints|Endpoints=@endpoints|Age
    v1 LimitRange|Created At=@created
    v1 Namespace|Status=status.phase?|Age
    v1 Node|Status=@nodeStatus|Roles=@nodeRoles|Age|Version=status.nodeInfo.kubeletVersion?|Internal-IP*=@internalIP|External-IP*=@externalNodeIP|OS-Image*=status.nodeInfo.osImage?<unknown>|Kernel-Version*=status.nodeInfo.kernelVersion?<unknown>|Container-Runtime*=status.nodeInfo.containerRuntimeVersion?<unknown>
    v1 PersistentVolumeClaim|Status=@phase|Volume=spec.volumeName?|Capacity=@claimCapacity|Access Modes=@claimModes|StorageClass=spec.storageClassName?|VolumeAttributesClass=spec.volumeAttributesClassName?<unset>|Age|VolumeMode*=spec.volumeMode?<unset>
    v1 PersistentVolume|Capacity=spec.capacity.storage?|Access Modes=@modes|Reclaim Policy=spec.persistentVolumeReclaimPolicy?|Status=@phase|Claim=@claim|StorageClass=spec.storageClassName?|VolumeAttributesClass=spec.volumeAttributesClassName?<unset>|Reason=status.reason?|Age|VolumeMode*=spec.volumeMode?<unset>
    v1 Pod|Ready=@podReady|Status=@podStatus|Restarts=@podRestarts|Age|IP*=status.podIP|Node*=spec.nodeName|Nominated Node*=status.nominatedNodeName|Readiness Gates*=@gates
    v1 PodTemplate|Containers=@templateContainers|Images=@templateImages|Pod Labels=@templateLabels
    v1 ReplicationController|Desired=+spec.replicas|Current=+status.replicas|Ready=+status.readyReplicas|Age|Containers*=@containers|Images*=@images|Selector*=@selector
    v1 ResourceQuota|Request=@quotaRequest|Limit=@quotaLimit|Age
    v1 Secret|Type=type?|Data=#data|Age
    v1 ServiceAccount|Age
    v1 Service|Type=spec.type?ClusterIP|Cluster-IP=spec.clusterIP|External-IP=@externalIP|Port(s)=@ports|Age|Selector*=@selector
    apps/v1 ControllerRevision|Controller=@owner|Revision=+revision|Age
    apps/v1 DaemonSet|Desired=+status.desiredNumberScheduled|Current=+status.currentNumberScheduled|Ready=+status.numberReady|Up-to-date=+status.updatedNumberScheduled|Available=+status.numberAvailable|Node Selector=@nodeSelector|Age|Containers*=@containers|Images*=@images|Selector*=@selector
    apps/v1 Deployment|Ready=@ready|Up-to-date=+status.updatedReplicas|Available=+status.availableReplicas|Age|Containers*=@containers|Images*=@images|Selector*=@selector
    apps/v1 ReplicaSet|Desired=+spec.replicas|Current=+status.replicas|Ready=+status.readyReplicas|Age|Containers*=@containers|Images*=@images|Selector*=@selector
    apps/v1 StatefulSet|Ready=@ready|Age|Containers*=@containers|Images*=@images
    batch/v1 CronJob|Schedule=spec.schedule?|Timezone=spec.timeZone|Suspend=@suspend|Active=#status.active|Last Schedule=@lastSchedule|Age|Containers*=@jobContainers|Images*=@jobImages|Selector*=@jobSelector
    batch/v1 Job|Status=@jobStatus|Completions=@completions|Duration=@duration|Age|Containers*=@containers|Images*=@images|Selector*=@selector
    coordination.k8s.io/v1 Lease|Holder=spec.holderIdentity?|Age
    apiextensions.k8s.io/v1 CustomResourceDefinition|Created At=@created
    policy/v1 PodDisruptionBudget|Min Available=spec.minAvailable?N/A|Max Unavailable=spec.maxUnavailable?N/A|Allowed Disruptions=+status.disruptionsAllowed|Age
    rbac.authorization.k8s.io/v1 ClusterRoleBinding|Role=@role|Age|Users*=@users|Groups*=@groups|ServiceAccounts*=@serviceAccounts
    rbac.authorization.k8s.io/v1 ClusterRole|Created At=@created
    rbac.authorization.k8s.io/v1 RoleBinding|Role=@role|Age|Users*=@users|Groups*=@groups|ServiceAccounts*=@serviceAccounts
    rbac.authorization.k8s.io/v1 Role|Created At=@created
    autoscaling/v2 HorizontalPodAutoscaler|Reference=@reference|Targets=@targets|MinPods=spec.minReplicas?<unset>|MaxPods=+spec.maxReplicas|Replicas=+status.currentReplicas|Age
    resource.k8s.io/v1 ResourceClaim|State=@claimState|Age
    resource.k8s.io/v1 ResourceSlice|Node=spec.nodeName?|Driver=spec.driver?|Pool=spec.pool.name?|Age
    networking.k8s.io/v1 IngressClass|Controller=spec.controller?|Parameters=@parameters|Age
    networking.k8s.io/v1 Ingress|Class=spec.ingressClassName|Hosts=@hosts|Address=@ingressAddress|Ports=@ingressPorts|Age
    networking.k8s.io/v1 NetworkPolicy|Pod-Selector=@podSelector|Age
    networking.k8s.io/v1 ServiceCIDR|CIDRs=@cidrs|Age
    discovery.k8s.io/v1 EndpointSlice|AddressType=addressType?|Ports=@slicePorts|Endpoints=@sliceAddresses|Age
    scheduling.k8s.io/v1 PriorityClass|Value=+value|Global-Default=@globalDefault|Age|PreemptionPolicy=preemptionPolicy?PreemptLowerPriority
    storage.k8s.io/v1 CSINode|Drivers=#spec.drivers|Age
    storage.k8s.io/v1 StorageClass|Provisioner=provisioner?|ReclaimPolicy=reclaimPolicy?Delete|VolumeBindingMode=volumeBindingMode?Immediate|AllowVolumeExpansion=@expansion|Age
    storage.k8s.io/v1 VolumeAttachment|Attacher=spec.attacher?|PV=spec.source.persistentVolumeName?|Node=spec.nodeName?|Attached=@attached|Age
    storage.k8s.io/v1 VolumeAttributesClass|DriverName=driverName?|Age
    drydock.dev/v1alpha1 Pool|Type=spec.type|Backing=spec.backing?ledger|Age
    drydock.dev/v1alpha1 DeviceBinding|Phase=status.phase?Pending|Pool=spec.pool|Devices=@devices|Age|Message*=status.message
    drydock.dev/v1alpha1 GPUClaim|Phase=status.phase?Pending|Pool=spec.pool|Devices=@devices|Age|Message*=status.message
    drydock.dev/v1alpha1 PortClaim|Phase=status.phase?Pending|Pool=spec.pool|Ports=@claimedPorts|Age|Message*=status.message
    drydock.dev/v1alpha1 IPClaim|Phase=status.phase?Pending|Pool=spec.pool|Addresses=@addresses|Age|Message*=status.message
    """

  private static let builtIn: [String: [PrintedColumn]] = {
    var result: [String: [PrintedColumn]] = [:]
    for row in table.description.split(separator: "\n") {
      let parts = row.split(separator: "|").map(String.init)
      let columns = parts[1...].map(column)
      // What an Event is called nobody reads: its name stands last, where it stands at all.
      result[parts[0]] = parts[0] == "v1 Event" ? columns : [name] + columns
    }
    return result
  }()

  /// All columns of a kind, the name first but for Events.
  public static func columns(of type: ResourceType) -> [PrintedColumn] {
    if !type.definition.printerColumns.isEmpty {
      return [name] + type.definition.printerColumns.map(defined)
    }
    if let conversion = type.conversion {
      // The table is the same in all versions.
      let (apiVersion, kind) = conversion.storedAs
      return (builtIn["\(apiVersion) \(kind)"] ?? [name, age]).map { $0.reading(conversion) }
    }
    return builtIn["\(type.apiVersion) \(type.kind)"] ?? [name, age]
  }

  // MARK: Making columns

  private static let name = PrintedColumn(name: "Name", type: "string", format: "name", priority: 0)
  {
    object, _ in Value(object.name)
  }

  private static let age = PrintedColumn(name: "Age", type: "string", format: "", priority: 0) {
    object, now in Value(Age.text(of: object.header.creationTimestamp, at: now))
  }

  private static func column(_ text: String) -> PrintedColumn {
    let halves = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard halves.count == 2 else { return age }
    let isWide = halves[0].hasSuffix("*")
    let source = halves[1]
    let rest = String(source.dropFirst())
    let cell: @Sendable (APIObject, Timestamp) -> Value
    var type = "string"
    switch source.first {
    case "@": cell = { object, now in CellText.text(rest, object, now) }
    case "#":
      let path = path(rest)
      cell = { object, _ in Value(object.body[path]?.count ?? 0) }
    case "+":
      type = "integer"
      let path = path(rest)
      cell = { object, _ in Value(object.body[path]?.int ?? 0) }
    default:
      let parts = source.split(separator: "?", omittingEmptySubsequences: false).map(String.init)
      let path = path(parts[0])
      let missing = parts.count == 1 ? "<none>" : parts[1]
      cell = { object, _ in
        guard let value = object.body[path], value != "" else { return Value(missing) }
        return value.kind == .string ? value.detached() : Value(value.description)
      }
    }
    return PrintedColumn(
      name: isWide ? String(halves[0].dropLast()) : halves[0], type: type, format: "",
      priority: isWide ? 1 : 0, cell: cell)
  }

  private static func path(_ text: String) -> FieldPath {
    FieldPath(text.split(separator: ".").map { .key(Key(String($0))) })
  }

  /// A column that a definition asks for.
  private static func defined(_ column: PrinterColumn) -> PrintedColumn {
    let path = try? JSONPath("{\(column.jsonPath)}")
    return PrintedColumn(
      name: column.name, type: column.type, format: column.format, priority: column.priority
    ) { object, now in
      // Kubernetes shows the first value, and nothing where there is none.
      guard let value = path?.values(object.value).first, !value.isNull else { return "" }
      guard column.type == "date" else { return value.detached() }
      let time = value.string.flatMap { try? Timestamp(parsing: $0) }
      return Value(Age.text(of: time, at: now))
    }
  }
}
