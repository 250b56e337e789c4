/// The kinds that Kubernetes and Drydock ship, as one static text that is decoded when first asked for.
enum BuiltInKinds {
  /// apiVersion, plural, singular, kind, flags, short names, categories, name rule.
  ///
  /// Flags: `n` namespaced, `s` with a status subresource, `g` counts generations, `r` an update needs a
  /// resource version, `c` a custom resource (which implies `r`), `o` dependents are orphaned unless said otherwise,
  /// `x` the garbage collector leaves it alone, `z` with a scale subresource, `d` without deletion of a collection. Kubernetes' rows are read off a kube-apiserver
  /// v1.36; `r` is from the strategies of its source.
  private static let table: StaticString = """
    v1 configmaps configmap ConfigMap n cm - -
    v1 endpoints endpoints Endpoints n ep - -
    v1 events event Event nx ev - -
    v1 limitranges limitrange LimitRange n limits - -
    v1 namespaces namespace Namespace sd ns - label
    v1 nodes node Node s no - -
    v1 persistentvolumeclaims persistentvolumeclaim PersistentVolumeClaim ns pvc - -
    v1 persistentvolumes persistentvolume PersistentVolume s pv - -
    v1 pods pod Pod nsg po all -
    v1 podtemplates podtemplate PodTemplate n - - -
    v1 replicationcontrollers replicationcontroller ReplicationController nsgoz rc all -
    v1 resourcequotas resourcequota ResourceQuota ns quota - -
    v1 secrets secret Secret n - - -
    v1 serviceaccounts serviceaccount ServiceAccount n sa - -
    v1 services service Service ns svc all label
    apps/v1 controllerrevisions controllerrevision ControllerRevision n - - -
    apps/v1 daemonsets daemonset DaemonSet nsg ds all -
    apps/v1 deployments deployment Deployment nsgz deploy all -
    apps/v1 replicasets replicaset ReplicaSet nsgz rs all -
    apps/v1 statefulsets statefulset StatefulSet nsgz sts all -
    batch/v1 cronjobs cronjob CronJob nsg cj all -
    batch/v1 jobs job Job nsgo - all -
    coordination.k8s.io/v1 leases lease Lease nr - - -
    apiextensions.k8s.io/v1 customresourcedefinitions customresourcedefinition CustomResourceDefinition sgr crd,crds api-extensions -
    policy/v1 poddisruptionbudgets poddisruptionbudget PodDisruptionBudget nsgr pdb - -
    rbac.authorization.k8s.io/v1 clusterrolebindings clusterrolebinding ClusterRoleBinding - - - pathSegment
    rbac.authorization.k8s.io/v1 clusterroles clusterrole ClusterRole - - - pathSegment
    rbac.authorization.k8s.io/v1 rolebindings rolebinding RoleBinding n - - pathSegment
    rbac.authorization.k8s.io/v1 roles role Role n - - pathSegment
    autoscaling/v2 horizontalpodautoscalers horizontalpodautoscaler HorizontalPodAutoscaler nsg hpa all -
    resource.k8s.io/v1 deviceclasses deviceclass DeviceClass g - - -
    resource.k8s.io/v1 resourceclaims resourceclaim ResourceClaim nsg - - -
    resource.k8s.io/v1 resourceclaimtemplates resourceclaimtemplate ResourceClaimTemplate ng - - -
    resource.k8s.io/v1 resourceslices resourceslice ResourceSlice g - - -
    admissionregistration.k8s.io/v1 mutatingadmissionpolicies mutatingadmissionpolicy MutatingAdmissionPolicy gr - api-extensions -
    admissionregistration.k8s.io/v1 mutatingadmissionpolicybindings mutatingadmissionpolicybinding MutatingAdmissionPolicyBinding gr - api-extensions -
    admissionregistration.k8s.io/v1 mutatingwebhookconfigurations mutatingwebhookconfiguration MutatingWebhookConfiguration gr - api-extensions -
    admissionregistration.k8s.io/v1 validatingadmissionpolicies validatingadmissionpolicy ValidatingAdmissionPolicy sgr - api-extensions -
    admissionregistration.k8s.io/v1 validatingadmissionpolicybindings validatingadmissionpolicybinding ValidatingAdmissionPolicyBinding gr - api-extensions -
    admissionregistration.k8s.io/v1 validatingwebhookconfigurations validatingwebhookconfiguration ValidatingWebhookConfiguration gr - api-extensions -
    networking.k8s.io/v1 ingressclasses ingressclass IngressClass g - - -
    networking.k8s.io/v1 ingresses ingress Ingress nsg ing - -
    networking.k8s.io/v1 ipaddresses ipaddress IPAddress g ip - -
    networking.k8s.io/v1 networkpolicies networkpolicy NetworkPolicy ng netpol - -
    networking.k8s.io/v1 servicecidrs servicecidr ServiceCIDR sg - - -
    discovery.k8s.io/v1 endpointslices endpointslice EndpointSlice ng - - -
    scheduling.k8s.io/v1 priorityclasses priorityclass PriorityClass g pc - -
    storage.k8s.io/v1 csidrivers csidriver CSIDriver r - - -
    storage.k8s.io/v1 csinodes csinode CSINode r - - -
    storage.k8s.io/v1 csistoragecapacities csistoragecapacity CSIStorageCapacity ngr - - -
    storage.k8s.io/v1 storageclasses storageclass StorageClass - sc - -
    storage.k8s.io/v1 volumeattachments volumeattachment VolumeAttachment sr - - -
    storage.k8s.io/v1 volumeattributesclasses volumeattributesclass VolumeAttributesClass g vac - -
    drydock.dev/v1alpha1 pools pool Pool gsc - drydock subdomain
    drydock.dev/v1alpha1 portclaims portclaim PortClaim ngsc - drydock subdomain
    drydock.dev/v1alpha1 ipclaims ipclaim IPClaim ngsc - drydock subdomain
    drydock.dev/v1alpha1 gpuclaims gpuclaim GPUClaim ngsc - drydock subdomain
    drydock.dev/v1alpha1 devicebindings devicebinding DeviceBinding ngsc db drydock subdomain
    """

  private static func propagation(_ flags: String) -> PropagationPolicy? {
    if flags.contains("x") { return nil }
    return flags.contains("o") ? .orphan : .background
  }

  static var definitions: [ResourceType.Definition] {
    table.description.split(separator: "\n").map { row in
      let fields = row.split(separator: " ").map(String.init)
      precondition(fields.count == 8, "a row of the built-in kinds has eight fields: \(row)")
      let groupVersion = fields[0].split(separator: "/").map(String.init)
      func list(_ field: String) -> [String] {
        field == "-" ? [] : field.split(separator: ",").map(String.init)
      }
      var definition = ResourceType.Definition(
        group: groupVersion.count == 2 ? groupVersion[0] : "",
        version: groupVersion[groupVersion.count - 1],
        kind: fields[3], plural: fields[1], singular: fields[2], shortNames: list(fields[5]),
        categories: list(fields[6]), isNamespaced: fields[4].contains("n"),
        hasStatus: fields[4].contains("s"), usesGeneration: fields[4].contains("g"),
        nameRule: ResourceType.NameRule(rawValue: fields[7]) ?? .subdomain,
        allowsUnconditionalUpdate: !fields[4].contains("c") && !fields[4].contains("r"),
        isCustom: fields[4].contains("c"),
        defaultPropagation: propagation(fields[4]))
      if fields[4].contains("z") { definition.scale = .builtIn }
      if fields[4].contains("d") { definition.verbs.removeAll { $0 == "deletecollection" } }
      definition.otherSubresources = BuiltInEndpoints.parts(of: definition)
      return definition
    }
  }
}
