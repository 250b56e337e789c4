// Made by scripts/generate-kinds from tables of Kubernetes v1.36; a table of this kind is one long file.

/// The types of the built-in kinds, a line each.
enum KubernetesTypeTable {
  /// A type's name, its package, the kind that it is of or `-`, and its fields.
  ///
  /// A field is `name:type`, then `!` if it is required, `~` if it is there even when left out, `?` if nothing
  /// in it is required, `=` and its default, `|` and the values that there are. A type is a line's number, a
  /// letter, or either behind `[` for a list and `{` for a map.
  static let text: StaticString = """
    MutatingAdmissionPolicy v1 admissionregistration.k8s.io/v1/MutatingAdmissionPolicy apiVersion:s kind:s metadata:56 spec:57
    MutatingAdmissionPolicyBinding v1 admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding apiVersion:s kind:s metadata:56 spec:58
    MutatingWebhookConfiguration v1 admissionregistration.k8s.io/v1/MutatingWebhookConfiguration apiVersion:s kind:s metadata:56 webhooks:[59
    ValidatingAdmissionPolicy v1 admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy apiVersion:s kind:s metadata:56 spec:60 status:61?
    ValidatingAdmissionPolicyBinding v1 admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding apiVersion:s kind:s metadata:56 spec:62!
    ValidatingWebhookConfiguration v1 admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration apiVersion:s kind:s metadata:56 webhooks:[63
    ControllerRevision v1 apps/v1/ControllerRevision apiVersion:s data:j kind:s metadata:56 revision:l
    DaemonSet v1 apps/v1/DaemonSet apiVersion:s kind:s metadata:56 spec:64~ status:65?
    Deployment v1 apps/v1/Deployment apiVersion:s kind:s metadata:56 spec:66~ status:67?
    ReplicaSet v1 apps/v1/ReplicaSet apiVersion:s kind:s metadata:56 spec:68~ status:69?
    StatefulSet v1 apps/v1/StatefulSet apiVersion:s kind:s metadata:56 spec:70~ status:71?
    HorizontalPodAutoscaler v1 autoscaling/v1/HorizontalPodAutoscaler apiVersion:s kind:s metadata:56 spec:72! status:73?
    HorizontalPodAutoscaler v2 autoscaling/v2/HorizontalPodAutoscaler apiVersion:s kind:s metadata:56 spec:74! status:75?
    CronJob v1 batch/v1/CronJob apiVersion:s kind:s metadata:56 spec:76! status:77?
    Job v1 batch/v1/Job apiVersion:s kind:s metadata:56 spec:78~ status:79?
    Lease v1 coordination.k8s.io/v1/Lease apiVersion:s kind:s metadata:56 spec:80
    ComponentStatus v1 v1/ComponentStatus apiVersion:s conditions:[81 kind:s metadata:56
    ConfigMap v1 v1/ConfigMap apiVersion:s binaryData:{y data:{s immutable:b kind:s metadata:56
    Endpoints v1 v1/Endpoints apiVersion:s kind:s metadata:56 subsets:[82
    Event v1 v1/Event action:s apiVersion:s count:i eventTime:t firstTimestamp:t involvedObject:83! kind:s lastTimestamp:t message:s metadata:56 reason:s related:83 reportingComponent:s reportingInstance:s series:84 source:85 type:s
    LimitRange v1 v1/LimitRange apiVersion:s kind:s metadata:56 spec:86
    Namespace v1 v1/Namespace apiVersion:s kind:s metadata:56 spec:87 status:88?
    Node v1 v1/Node apiVersion:s kind:s metadata:56 spec:89 status:90?
    PersistentVolume v1 v1/PersistentVolume apiVersion:s kind:s metadata:56 spec:91 status:92?
    PersistentVolumeClaim v1 v1/PersistentVolumeClaim apiVersion:s kind:s metadata:56 spec:93 status:94?
    Pod v1 v1/Pod apiVersion:s kind:s metadata:56 spec:95~ status:96?
    PodTemplate v1 v1/PodTemplate apiVersion:s kind:s metadata:56 template:97
    ReplicationController v1 v1/ReplicationController apiVersion:s kind:s metadata:56 spec:98 status:99?
    ResourceQuota v1 v1/ResourceQuota apiVersion:s kind:s metadata:56 spec:100 status:101?
    Secret v1 v1/Secret apiVersion:s data:{y immutable:b kind:s metadata:56 stringData:{s type:s
    Service v1 v1/Service apiVersion:s kind:s metadata:56 spec:102 status:103?
    ServiceAccount v1 v1/ServiceAccount apiVersion:s automountServiceAccountToken:b imagePullSecrets:[104 kind:s metadata:56 secrets:[83
    EndpointSlice v1 discovery.k8s.io/v1/EndpointSlice addressType:s!|FQDN,IPv4,IPv6 apiVersion:s endpoints:[105 kind:s metadata:56 ports:[106
    Event v1 events.k8s.io/v1/Event action:s apiVersion:s deprecatedCount:i deprecatedFirstTimestamp:t deprecatedLastTimestamp:t deprecatedSource:85 eventTime:t kind:s metadata:56 note:s reason:s regarding:83 related:83 reportingController:s reportingInstance:s series:107 type:s
    IPAddress v1 networking.k8s.io/v1/IPAddress apiVersion:s kind:s metadata:56 spec:108!
    Ingress v1 networking.k8s.io/v1/Ingress apiVersion:s kind:s metadata:56 spec:109 status:110?
    IngressClass v1 networking.k8s.io/v1/IngressClass apiVersion:s kind:s metadata:56 spec:111
    NetworkPolicy v1 networking.k8s.io/v1/NetworkPolicy apiVersion:s kind:s metadata:56 spec:112
    ServiceCIDR v1 networking.k8s.io/v1/ServiceCIDR apiVersion:s kind:s metadata:56 spec:113 status:114?
    PodDisruptionBudget v1 policy/v1/PodDisruptionBudget apiVersion:s kind:s metadata:56 spec:115 status:116?
    ClusterRole v1 rbac.authorization.k8s.io/v1/ClusterRole aggregationRule:117 apiVersion:s kind:s metadata:56 rules:[118
    ClusterRoleBinding v1 rbac.authorization.k8s.io/v1/ClusterRoleBinding apiVersion:s kind:s metadata:56 roleRef:119! subjects:[120
    Role v1 rbac.authorization.k8s.io/v1/Role apiVersion:s kind:s metadata:56 rules:[118
    RoleBinding v1 rbac.authorization.k8s.io/v1/RoleBinding apiVersion:s kind:s metadata:56 roleRef:119! subjects:[120
    DeviceClass v1 resource.k8s.io/v1/DeviceClass apiVersion:s kind:s metadata:56 spec:121!
    ResourceClaim v1 resource.k8s.io/v1/ResourceClaim apiVersion:s kind:s metadata:56 spec:122! status:123?
    ResourceClaimTemplate v1 resource.k8s.io/v1/ResourceClaimTemplate apiVersion:s kind:s metadata:56 spec:124!
    ResourceSlice v1 resource.k8s.io/v1/ResourceSlice apiVersion:s kind:s metadata:56 spec:125!
    PriorityClass v1 scheduling.k8s.io/v1/PriorityClass apiVersion:s description:s globalDefault:b kind:s metadata:56 preemptionPolicy:s|Never,PreemptLowerPriority value:i
    CSIDriver v1 storage.k8s.io/v1/CSIDriver apiVersion:s kind:s metadata:56 spec:126!
    CSINode v1 storage.k8s.io/v1/CSINode apiVersion:s kind:s metadata:56 spec:127!
    CSIStorageCapacity v1 storage.k8s.io/v1/CSIStorageCapacity apiVersion:s capacity:q kind:s maximumVolumeSize:q metadata:56 nodeTopology:128 storageClassName:s!
    StorageClass v1 storage.k8s.io/v1/StorageClass allowVolumeExpansion:b allowedTopologies:[129 apiVersion:s kind:s metadata:56 mountOptions:[s parameters:{s provisioner:s! reclaimPolicy:s|Delete,Recycle,Retain volumeBindingMode:s|Immediate,WaitForFirstConsumer
    VolumeAttachment v1 storage.k8s.io/v1/VolumeAttachment apiVersion:s kind:s metadata:56 spec:130! status:131?
    VolumeAttributesClass v1 storage.k8s.io/v1/VolumeAttributesClass apiVersion:s driverName:s! kind:s metadata:56 parameters:{s
    CustomResourceDefinition v1 apiextensions.k8s.io/v1/CustomResourceDefinition apiVersion:s? kind:s? metadata:56? spec:132!? status:133?
    ObjectMeta v1 - annotations:{s creationTimestamp:t deletionGracePeriodSeconds:l deletionTimestamp:t finalizers:[s generateName:s generation:l labels:{s managedFields:[134 name:s namespace:s ownerReferences:[135 resourceVersion:s selfLink:s uid:s
    MutatingAdmissionPolicySpec v1 - failurePolicy:s|Fail,Ignore matchConditions:[136 matchConstraints:137 mutations:[138 paramKind:139 reinvocationPolicy:s|IfNeeded,Never variables:[140
    MutatingAdmissionPolicyBindingSpec v1 - matchResources:137 paramRef:141 policyName:s
    MutatingWebhook v1 - admissionReviewVersions:[s! clientConfig:142! failurePolicy:s|Fail,Ignore matchConditions:[136 matchPolicy:s|Equivalent,Exact name:s! namespaceSelector:128 objectSelector:128 reinvocationPolicy:s|IfNeeded,Never rules:[143 sideEffects:s!|None,NoneOnDryRun,Some,Unknown timeoutSeconds:i
    ValidatingAdmissionPolicySpec v1 - auditAnnotations:[144 failurePolicy:s|Fail,Ignore matchConditions:[136 matchConstraints:137 paramKind:139 validations:[145 variables:[140
    ValidatingAdmissionPolicyStatus v1 - conditions:[146 observedGeneration:l typeChecking:147
    ValidatingAdmissionPolicyBindingSpec v1 - matchResources:137 paramRef:141 policyName:s! validationActions:[s!
    ValidatingWebhook v1 - admissionReviewVersions:[s! clientConfig:142! failurePolicy:s|Fail,Ignore matchConditions:[136 matchPolicy:s|Equivalent,Exact name:s! namespaceSelector:128 objectSelector:128 rules:[143 sideEffects:s!|None,NoneOnDryRun,Some,Unknown timeoutSeconds:i
    DaemonSetSpec v1 - minReadySeconds:i revisionHistoryLimit:i selector:128! template:97! updateStrategy:148
    DaemonSetStatus v1 - collisionCount:i conditions:[149 currentNumberScheduled:i! desiredNumberScheduled:i! numberAvailable:i numberMisscheduled:i! numberReady:i! numberUnavailable:i observedGeneration:l updatedNumberScheduled:i
    DeploymentSpec v1 - minReadySeconds:i paused:b progressDeadlineSeconds:i replicas:i revisionHistoryLimit:i selector:128! strategy:150 template:97!
    DeploymentStatus v1 - availableReplicas:i collisionCount:i conditions:[151 observedGeneration:l readyReplicas:i replicas:i terminatingReplicas:i unavailableReplicas:i updatedReplicas:i
    ReplicaSetSpec v1 - minReadySeconds:i replicas:i selector:128! template:97
    ReplicaSetStatus v1 - availableReplicas:i conditions:[152 fullyLabeledReplicas:i observedGeneration:l readyReplicas:i replicas:i! terminatingReplicas:i
    StatefulSetSpec v1 - minReadySeconds:i ordinals:153 persistentVolumeClaimRetentionPolicy:154 podManagementPolicy:s|OrderedReady,Parallel replicas:i revisionHistoryLimit:i selector:128! serviceName:s template:97! updateStrategy:155 volumeClaimTemplates:[24
    StatefulSetStatus v1 - availableReplicas:i collisionCount:i conditions:[156 currentReplicas:i currentRevision:s observedGeneration:l readyReplicas:i replicas:i! updateRevision:s updatedReplicas:i
    HorizontalPodAutoscalerSpec v1 - maxReplicas:i! minReplicas:i scaleTargetRef:157! targetCPUUtilizationPercentage:i
    HorizontalPodAutoscalerStatus v1 - currentCPUUtilizationPercentage:i currentReplicas:i! desiredReplicas:i! lastScaleTime:t observedGeneration:l
    HorizontalPodAutoscalerSpec v2 - behavior:158 maxReplicas:i! metrics:[159 minReplicas:i scaleTargetRef:160!
    HorizontalPodAutoscalerStatus v2 - conditions:[161 currentMetrics:[162 currentReplicas:i desiredReplicas:i! lastScaleTime:t observedGeneration:l
    CronJobSpec v1 - concurrencyPolicy:s|Allow,Forbid,Replace failedJobsHistoryLimit:i jobTemplate:163! schedule:s! startingDeadlineSeconds:l successfulJobsHistoryLimit:i suspend:b timeZone:s
    CronJobStatus v1 - active:[83 lastScheduleTime:t lastSuccessfulTime:t
    JobSpec v1 - activeDeadlineSeconds:l backoffLimit:i backoffLimitPerIndex:i completionMode:s|Indexed,NonIndexed completions:i managedBy:s manualSelector:b maxFailedIndexes:i parallelism:i podFailurePolicy:164 podReplacementPolicy:s|Failed,TerminatingOrFailed selector:128 successPolicy:165 suspend:b template:97! ttlSecondsAfterFinished:i
    JobStatus v1 - active:i completedIndexes:s completionTime:t conditions:[166 failed:i failedIndexes:s ready:i startTime:t succeeded:i terminating:i uncountedTerminatedPods:167
    LeaseSpec v1 - acquireTime:t holderIdentity:s leaseDurationSeconds:i leaseTransitions:i preferredHolder:s renewTime:t strategy:s
    ComponentCondition v1 - error:s message:s status:s! type:s!
    EndpointSubset v1 - addresses:[168 notReadyAddresses:[168 ports:[169
    ObjectReference v1 - apiVersion:s fieldPath:s kind:s name:s namespace:s resourceVersion:s uid:s
    EventSeries v1 - count:i lastObservedTime:t
    EventSource v1 - component:s host:s
    LimitRangeSpec v1 - limits:[170
    NamespaceSpec v1 - finalizers:[s
    NamespaceStatus v1 - conditions:[171 phase:s|Active,Terminating
    NodeSpec v1 - configSource:172 externalID:s podCIDR:s podCIDRs:[s providerID:s taints:[173 unschedulable:b
    NodeStatus v1 - addresses:[174 allocatable:{q capacity:{q conditions:[175 config:176 daemonEndpoints:177 declaredFeatures:[s features:178 images:[179 nodeInfo:180 phase:s|Pending,Running,Terminated runtimeHandlers:[181 volumesAttached:[182 volumesInUse:[s
    PersistentVolumeSpec v1 - accessModes:[s awsElasticBlockStore:183 azureDisk:184 azureFile:185 capacity:{q cephfs:186 cinder:187 claimRef:83 csi:188 fc:189 flexVolume:190 flocker:191 gcePersistentDisk:192 glusterfs:193 hostPath:194 iscsi:195 local:196 mountOptions:[s nfs:197 nodeAffinity:198 persistentVolumeReclaimPolicy:s|Delete,Recycle,Retain photonPersistentDisk:199 portworxVolume:200 quobyte:201 rbd:202 scaleIO:203 storageClassName:s storageos:204 volumeAttributesClassName:s volumeMode:s|Block,Filesystem vsphereVolume:205
    PersistentVolumeStatus v1 - lastPhaseTransitionTime:t message:s phase:s|Available,Bound,Failed,Pending,Released reason:s
    PersistentVolumeClaimSpec v1 - accessModes:[s dataSource:206 dataSourceRef:207 resources:208 selector:128 storageClassName:s volumeAttributesClassName:s volumeMode:s|Block,Filesystem volumeName:s
    PersistentVolumeClaimStatus v1 - accessModes:[s allocatedResourceStatuses:{s allocatedResources:{q capacity:{q conditions:[209 currentVolumeAttributesClassName:s modifyVolumeStatus:210 phase:s|Bound,Lost,Pending
    PodSpec v1 - activeDeadlineSeconds:l affinity:211 automountServiceAccountToken:b containers:[212! dnsConfig:213 dnsPolicy:s|ClusterFirst,ClusterFirstWithHostNet,Default,None enableServiceLinks:b ephemeralContainers:[214 hostAliases:[215 hostIPC:b hostNetwork:b hostPID:b hostUsers:b hostname:s hostnameOverride:s imagePullSecrets:[104 initContainers:[212 nodeName:s nodeSelector:{s os:216 overhead:{q preemptionPolicy:s|Never,PreemptLowerPriority priority:i priorityClassName:s readinessGates:[217 resourceClaims:[218 resources:219 restartPolicy:s|Always,Never,OnFailure runtimeClassName:s schedulerName:s schedulingGates:[220 schedulingGroup:221 securityContext:222 serviceAccount:s serviceAccountName:s setHostnameAsFQDN:b shareProcessNamespace:b subdomain:s terminationGracePeriodSeconds:l tolerations:[223 topologySpreadConstraints:[224 volumes:[225
    PodStatus v1 - allocatedResources:{q conditions:[226 containerStatuses:[227 ephemeralContainerStatuses:[227 extendedResourceClaimStatus:228 hostIP:s hostIPs:[229 initContainerStatuses:[227 message:s nodeAllocatableResourceClaimStatuses:[230 nominatedNodeName:s observedGeneration:l phase:s|Failed,Pending,Running,Succeeded,Unknown podIP:s podIPs:[231 qosClass:s|BestEffort,Burstable,Guaranteed reason:s resize:s resourceClaimStatuses:[232 resources:219 startTime:t
    PodTemplateSpec v1 - metadata:56 spec:95~
    ReplicationControllerSpec v1 - minReadySeconds:i replicas:i=1 selector:{s template:97
    ReplicationControllerStatus v1 - availableReplicas:i conditions:[233 fullyLabeledReplicas:i observedGeneration:l readyReplicas:i replicas:i!
    ResourceQuotaSpec v1 - hard:{q scopeSelector:234 scopes:[s
    ResourceQuotaStatus v1 - hard:{q used:{q
    ServiceSpec v1 - allocateLoadBalancerNodePorts:b clusterIP:s clusterIPs:[s externalIPs:[s externalName:s externalTrafficPolicy:s|Cluster,Local healthCheckNodePort:i internalTrafficPolicy:s|Cluster,Local ipFamilies:[s ipFamilyPolicy:s|PreferDualStack,RequireDualStack,SingleStack loadBalancerClass:s loadBalancerIP:s loadBalancerSourceRanges:[s ports:[235 publishNotReadyAddresses:b selector:{s sessionAffinity:s|ClientIP,None sessionAffinityConfig:236 trafficDistribution:s type:s|ClusterIP,ExternalName,LoadBalancer,NodePort
    ServiceStatus v1 - conditions:[146 loadBalancer:237
    LocalObjectReference v1 - name:s
    Endpoint v1 - addresses:[s! conditions:238 deprecatedTopology:{s hints:239 hostname:s nodeName:s targetRef:83 zone:s
    EndpointPort v1 - appProtocol:s name:s port:i protocol:s|SCTP,TCP,UDP
    EventSeries v1 - count:i! lastObservedTime:t!
    IPAddressSpec v1 - parentRef:240!
    IngressSpec v1 - defaultBackend:241 ingressClassName:s rules:[242 tls:[243
    IngressStatus v1 - loadBalancer:244
    IngressClassSpec v1 - controller:s parameters:245
    NetworkPolicySpec v1 - egress:[246 ingress:[247 podSelector:128 policyTypes:[s
    ServiceCIDRSpec v1 - cidrs:[s
    ServiceCIDRStatus v1 - conditions:[146
    PodDisruptionBudgetSpec v1 - maxUnavailable:x minAvailable:x selector:128 unhealthyPodEvictionPolicy:s|AlwaysAllow,IfHealthyBudget
    PodDisruptionBudgetStatus v1 - conditions:[146 currentHealthy:i desiredHealthy:i disruptedPods:{t disruptionsAllowed:i expectedPods:i observedGeneration:l
    AggregationRule v1 - clusterRoleSelectors:[128
    PolicyRule v1 - apiGroups:[s nonResourceURLs:[s resourceNames:[s resources:[s verbs:[s!
    RoleRef v1 - apiGroup:s kind:s! name:s!
    Subject v1 - apiGroup:s kind:s! name:s! namespace:s
    DeviceClassSpec v1 - config:[248 extendedResourceName:s selectors:[249
    ResourceClaimSpec v1 - devices:250
    ResourceClaimStatus v1 - allocation:251 devices:[252 reservedFor:[253
    ResourceClaimTemplateSpec v1 - metadata:56 spec:122!
    ResourceSliceSpec v1 - allNodes:b devices:[254 driver:s! nodeName:s nodeSelector:255 perDeviceNodeSelection:b pool:256! sharedCounters:[257
    CSIDriverSpec v1 - attachRequired:b fsGroupPolicy:s nodeAllocatableUpdatePeriodSeconds:l podInfoOnMount:b preventPodSchedulingIfMissing:b requiresRepublish:b seLinuxMount:b serviceAccountTokenInSecrets:b storageCapacity:b tokenRequests:[258 volumeLifecycleModes:[s
    CSINodeSpec v1 - drivers:[259!
    LabelSelector v1 - matchExpressions:[260 matchLabels:{s
    TopologySelectorTerm v1 - matchLabelExpressions:[261
    VolumeAttachmentSpec v1 - attacher:s! nodeName:s! source:262!
    VolumeAttachmentStatus v1 - attachError:263 attached:b! attachmentMetadata:{s detachError:263
    CustomResourceDefinitionSpec v1 - conversion:264 group:s! names:265! preserveUnknownFields:b scope:s! versions:[266!
    CustomResourceDefinitionStatus v1 - acceptedNames:265 conditions:[267 observedGeneration:l storedVersions:[s
    ManagedFieldsEntry v1 - apiVersion:s fieldsType:s fieldsV1:j manager:s operation:s subresource:s time:t
    OwnerReference v1 - apiVersion:s! blockOwnerDeletion:b controller:b kind:s! name:s! uid:s!
    MatchCondition v1 - expression:s! name:s!
    MatchResources v1 - excludeResourceRules:[268 matchPolicy:s|Equivalent,Exact namespaceSelector:128 objectSelector:128 resourceRules:[268
    Mutation v1 - applyConfiguration:269 jsonPatch:270 patchType:s!|ApplyConfiguration,JSONPatch
    ParamKind v1 - apiVersion:s kind:s
    Variable v1 - expression:s! name:s!
    ParamRef v1 - name:s namespace:s parameterNotFoundAction:s selector:128
    WebhookClientConfig v1 - caBundle:y service:271 url:s
    RuleWithOperations v1 - apiGroups:[s apiVersions:[s operations:[s resources:[s scope:s|*,Cluster,Namespaced
    AuditAnnotation v1 - key:s! valueExpression:s!
    Validation v1 - expression:s! message:s messageExpression:s reason:s
    Condition v1 - lastTransitionTime:t! message:s! observedGeneration:l reason:s! status:s! type:s!
    TypeChecking v1 - expressionWarnings:[272
    DaemonSetUpdateStrategy v1 - rollingUpdate:273 type:s|OnDelete,RollingUpdate
    DaemonSetCondition v1 - lastTransitionTime:t message:s reason:s status:s! type:s!
    DeploymentStrategy v1 - rollingUpdate:274 type:s|Recreate,RollingUpdate
    DeploymentCondition v1 - lastTransitionTime:t lastUpdateTime:t message:s reason:s status:s! type:s!
    ReplicaSetCondition v1 - lastTransitionTime:t message:s reason:s status:s! type:s!
    StatefulSetOrdinals v1 - start:i
    StatefulSetPersistentVolumeClaimRetentionPolicy v1 - whenDeleted:s whenScaled:s
    StatefulSetUpdateStrategy v1 - rollingUpdate:275 type:s|OnDelete,RollingUpdate
    StatefulSetCondition v1 - lastTransitionTime:t message:s reason:s status:s! type:s!
    CrossVersionObjectReference v1 - apiVersion:s kind:s! name:s!
    HorizontalPodAutoscalerBehavior v2 - scaleDown:276 scaleUp:276
    MetricSpec v2 - containerResource:277 external:278 object:279 pods:280 resource:281 type:s!
    CrossVersionObjectReference v2 - apiVersion:s kind:s! name:s!
    HorizontalPodAutoscalerCondition v2 - lastTransitionTime:t message:s reason:s status:s! type:s!
    MetricStatus v2 - containerResource:282 external:283 object:284 pods:285 resource:286 type:s!
    JobTemplateSpec v1 - metadata:56 spec:78~
    PodFailurePolicy v1 - rules:[287!
    SuccessPolicy v1 - rules:[288!
    JobCondition v1 - lastProbeTime:t lastTransitionTime:t message:s reason:s status:s! type:s!
    UncountedTerminatedPods v1 - failed:[s succeeded:[s
    EndpointAddress v1 - hostname:s ip:s! nodeName:s targetRef:83
    EndpointPort v1 - appProtocol:s name:s port:i! protocol:s|SCTP,TCP,UDP
    LimitRangeItem v1 - default:{q defaultRequest:{q max:{q maxLimitRequestRatio:{q min:{q type:s!
    NamespaceCondition v1 - lastTransitionTime:t message:s reason:s status:s! type:s!
    NodeConfigSource v1 - configMap:289
    Taint v1 - effect:s!|NoExecute,NoSchedule,PreferNoSchedule key:s! timeAdded:t value:s
    NodeAddress v1 - address:s! type:s!
    NodeCondition v1 - lastHeartbeatTime:t lastTransitionTime:t message:s reason:s status:s! type:s!
    NodeConfigStatus v1 - active:172 assigned:172 error:s lastKnownGood:172
    NodeDaemonEndpoints v1 - kubeletEndpoint:290
    NodeFeatures v1 - supplementalGroupsPolicy:b
    ContainerImage v1 - names:[s sizeBytes:l
    NodeSystemInfo v1 - architecture:s! bootID:s! containerRuntimeVersion:s! kernelVersion:s! kubeProxyVersion:s! kubeletVersion:s! machineID:s! operatingSystem:s! osImage:s! swap:291 systemUUID:s!
    NodeRuntimeHandler v1 - features:292 name:s
    AttachedVolume v1 - devicePath:s! name:s!
    AWSElasticBlockStoreVolumeSource v1 - fsType:s partition:i readOnly:b volumeID:s!
    AzureDiskVolumeSource v1 - cachingMode:s="ReadWrite"|None,ReadOnly,ReadWrite diskName:s! diskURI:s! fsType:s="ext4" kind:s="Shared"|Dedicated,Managed,Shared readOnly:b
    AzureFilePersistentVolumeSource v1 - readOnly:b secretName:s! secretNamespace:s shareName:s!
    CephFSPersistentVolumeSource v1 - monitors:[s! path:s readOnly:b secretFile:s secretRef:293 user:s
    CinderPersistentVolumeSource v1 - fsType:s readOnly:b secretRef:293 volumeID:s!
    CSIPersistentVolumeSource v1 - controllerExpandSecretRef:293 controllerPublishSecretRef:293 driver:s! fsType:s nodeExpandSecretRef:293 nodePublishSecretRef:293 nodeStageSecretRef:293 readOnly:b volumeAttributes:{s volumeHandle:s!
    FCVolumeSource v1 - fsType:s lun:i readOnly:b targetWWNs:[s wwids:[s
    FlexPersistentVolumeSource v1 - driver:s! fsType:s options:{s readOnly:b secretRef:293
    FlockerVolumeSource v1 - datasetName:s datasetUUID:s
    GCEPersistentDiskVolumeSource v1 - fsType:s partition:i pdName:s! readOnly:b
    GlusterfsPersistentVolumeSource v1 - endpoints:s! endpointsNamespace:s path:s! readOnly:b
    HostPathVolumeSource v1 - path:s! type:s|,BlockDevice,CharDevice,Directory,DirectoryOrCreate,File,FileOrCreate,Socket
    ISCSIPersistentVolumeSource v1 - chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:s iqn:s! iscsiInterface:s="default" lun:i portals:[s readOnly:b secretRef:293 targetPortal:s!
    LocalVolumeSource v1 - fsType:s path:s!
    NFSVolumeSource v1 - path:s! readOnly:b server:s!
    VolumeNodeAffinity v1 - required:255
    PhotonPersistentDiskVolumeSource v1 - fsType:s pdID:s!
    PortworxVolumeSource v1 - fsType:s readOnly:b volumeID:s!
    QuobyteVolumeSource v1 - group:s readOnly:b registry:s! tenant:s user:s volume:s!
    RBDPersistentVolumeSource v1 - fsType:s image:s! keyring:s="/etc/ceph/keyring" monitors:[s! pool:s="rbd" readOnly:b secretRef:293 user:s="admin"
    ScaleIOPersistentVolumeSource v1 - fsType:s="xfs" gateway:s! protectionDomain:s readOnly:b secretRef:293! sslEnabled:b storageMode:s="ThinProvisioned" storagePool:s system:s! volumeName:s
    StorageOSPersistentVolumeSource v1 - fsType:s readOnly:b secretRef:83 volumeName:s volumeNamespace:s
    VsphereVirtualDiskVolumeSource v1 - fsType:s storagePolicyID:s storagePolicyName:s volumePath:s!
    TypedLocalObjectReference v1 - apiGroup:s kind:s! name:s!
    TypedObjectReference v1 - apiGroup:s kind:s! name:s! namespace:s
    VolumeResourceRequirements v1 - limits:{q requests:{q
    PersistentVolumeClaimCondition v1 - lastProbeTime:t lastTransitionTime:t message:s reason:s status:s! type:s!
    ModifyVolumeStatus v1 - status:s!|InProgress,Infeasible,Pending targetVolumeAttributesClassName:s
    Affinity v1 - nodeAffinity:294 podAffinity:295 podAntiAffinity:296
    Container v1 - args:[s command:[s env:[297 envFrom:[298 image:s imagePullPolicy:s|Always,IfNotPresent,Never lifecycle:299 livenessProbe:300 name:s! ports:[301 readinessProbe:300 resizePolicy:[302 resources:219 restartPolicy:s restartPolicyRules:[303 securityContext:304 startupProbe:300 stdin:b stdinOnce:b terminationMessagePath:s terminationMessagePolicy:s|FallbackToLogsOnError,File tty:b volumeDevices:[305 volumeMounts:[306 workingDir:s
    PodDNSConfig v1 - nameservers:[s options:[307 searches:[s
    EphemeralContainer v1 - args:[s command:[s env:[297 envFrom:[298 image:s imagePullPolicy:s|Always,IfNotPresent,Never lifecycle:299 livenessProbe:300 name:s! ports:[301 readinessProbe:300 resizePolicy:[302 resources:219 restartPolicy:s restartPolicyRules:[303 securityContext:304 startupProbe:300 stdin:b stdinOnce:b targetContainerName:s terminationMessagePath:s terminationMessagePolicy:s|FallbackToLogsOnError,File tty:b volumeDevices:[305 volumeMounts:[306 workingDir:s
    HostAlias v1 - hostnames:[s ip:s!
    PodOS v1 - name:s!
    PodReadinessGate v1 - conditionType:s!
    PodResourceClaim v1 - name:s! resourceClaimName:s resourceClaimTemplateName:s
    ResourceRequirements v1 - claims:[308 limits:{q requests:{q
    PodSchedulingGate v1 - name:s!
    PodSchedulingGroup v1 - podGroupName:s
    PodSecurityContext v1 - appArmorProfile:309 fsGroup:l fsGroupChangePolicy:s|Always,OnRootMismatch runAsGroup:l runAsNonRoot:b runAsUser:l seLinuxChangePolicy:s seLinuxOptions:310 seccompProfile:311 supplementalGroups:[l supplementalGroupsPolicy:s|Merge,Strict sysctls:[312 windowsOptions:313
    Toleration v1 - effect:s|NoExecute,NoSchedule,PreferNoSchedule key:s operator:s|Equal,Exists,Gt,Lt tolerationSeconds:l value:s
    TopologySpreadConstraint v1 - labelSelector:128 matchLabelKeys:[s maxSkew:i! minDomains:i nodeAffinityPolicy:s|Honor,Ignore nodeTaintsPolicy:s|Honor,Ignore topologyKey:s! whenUnsatisfiable:s!|DoNotSchedule,ScheduleAnyway
    Volume v1 - awsElasticBlockStore:183 azureDisk:184 azureFile:314 cephfs:315 cinder:316 configMap:317 csi:318 downwardAPI:319 emptyDir:320 ephemeral:321 fc:189 flexVolume:322 flocker:191 gcePersistentDisk:192 gitRepo:323 glusterfs:324 hostPath:194 image:325 iscsi:326 name:s! nfs:197 persistentVolumeClaim:327 photonPersistentDisk:199 portworxVolume:200 projected:328 quobyte:201 rbd:329 scaleIO:330 secret:331 storageos:332 vsphereVolume:205
    PodCondition v1 - lastProbeTime:t lastTransitionTime:t message:s observedGeneration:l reason:s status:s! type:s!
    ContainerStatus v1 - allocatedResources:{q allocatedResourcesStatus:[333 containerID:s image:s! imageID:s! lastState:334 name:s! ready:b! resources:219 restartCount:i! started:b state:334 stopSignal:s|SIGABRT,SIGALRM,SIGBUS,SIGCHLD,SIGCLD,SIGCONT,SIGFPE,SIGHUP,SIGILL,SIGINT,SIGIO,SIGIOT,SIGKILL,SIGPIPE,SIGPOLL,SIGPROF,SIGPWR,SIGQUIT,SIGRTMAX,SIGRTMAX-1,SIGRTMAX-10,SIGRTMAX-11,SIGRTMAX-12,SIGRTMAX-13,SIGRTMAX-14,SIGRTMAX-2,SIGRTMAX-3,SIGRTMAX-4,SIGRTMAX-5,SIGRTMAX-6,SIGRTMAX-7,SIGRTMAX-8,SIGRTMAX-9,SIGRTMIN,SIGRTMIN+1,SIGRTMIN+10,SIGRTMIN+11,SIGRTMIN+12,SIGRTMIN+13,SIGRTMIN+14,SIGRTMIN+15,SIGRTMIN+2,SIGRTMIN+3,SIGRTMIN+4,SIGRTMIN+5,SIGRTMIN+6,SIGRTMIN+7,SIGRTMIN+8,SIGRTMIN+9,SIGSEGV,SIGSTKFLT,SIGSTOP,SIGSYS,SIGTERM,SIGTRAP,SIGTSTP,SIGTTIN,SIGTTOU,SIGURG,SIGUSR1,SIGUSR2,SIGVTALRM,SIGWINCH,SIGXCPU,SIGXFSZ user:335 volumeMounts:[336
    PodExtendedResourceClaimStatus v1 - requestMappings:[337! resourceClaimName:s!
    HostIP v1 - ip:s!
    NodeAllocatableResourceClaimStatus v1 - containers:[s resourceClaimName:s! resources:{q!
    PodIP v1 - ip:s!
    PodResourceClaimStatus v1 - name:s! resourceClaimName:s
    ReplicationControllerCondition v1 - lastTransitionTime:t message:s reason:s status:s! type:s!
    ScopeSelector v1 - matchExpressions:[338
    ServicePort v1 - appProtocol:s name:s nodePort:i port:i! protocol:s="TCP"|SCTP,TCP,UDP targetPort:x
    SessionAffinityConfig v1 - clientIP:339
    LoadBalancerStatus v1 - ingress:[340
    EndpointConditions v1 - ready:b serving:b terminating:b
    EndpointHints v1 - forNodes:[341 forZones:[342
    ParentReference v1 - group:s name:s! namespace:s resource:s!
    IngressBackend v1 - resource:206 service:343
    IngressRule v1 - host:s http:344
    IngressTLS v1 - hosts:[s secretName:s
    IngressLoadBalancerStatus v1 - ingress:[345
    IngressClassParametersReference v1 - apiGroup:s kind:s! name:s! namespace:s scope:s
    NetworkPolicyEgressRule v1 - ports:[346 to:[347
    NetworkPolicyIngressRule v1 - from:[347 ports:[346
    DeviceClassConfiguration v1 - opaque:348
    DeviceSelector v1 - cel:349
    DeviceClaim v1 - config:[350 constraints:[351 requests:[352
    AllocationResult v1 - allocationTimestamp:t devices:353 nodeSelector:255
    AllocatedDeviceStatus v1 - conditions:[146 data:j device:s! driver:s! networkData:354 pool:s! shareID:s
    ResourceClaimConsumerReference v1 - apiGroup:s name:s! resource:s! uid:s!
    Device v1 - allNodes:b allowMultipleAllocations:b attributes:{355 bindingConditions:[s bindingFailureConditions:[s bindsToNode:b capacity:{356 consumesCounters:[357 name:s! nodeAllocatableResourceMappings:{358 nodeName:s nodeSelector:255 taints:[359
    NodeSelector v1 - nodeSelectorTerms:[360!
    ResourcePool v1 - generation:l name:s! resourceSliceCount:l!
    CounterSet v1 - counters:{361! name:s!
    TokenRequest v1 - audience:s! expirationSeconds:l
    CSINodeDriver v1 - allocatable:362 name:s! nodeID:s! topologyKeys:[s
    LabelSelectorRequirement v1 - key:s! operator:s! values:[s
    TopologySelectorLabelRequirement v1 - key:s! values:[s!
    VolumeAttachmentSource v1 - inlineVolumeSpec:91 persistentVolumeName:s
    VolumeError v1 - errorCode:i message:s time:t
    CustomResourceConversion v1 - strategy:s! webhook:363
    CustomResourceDefinitionNames v1 - categories:[s kind:s! listKind:s plural:s! shortNames:[s singular:s
    CustomResourceDefinitionVersion v1 - additionalPrinterColumns:[364 deprecated:b deprecationWarning:s name:s! schema:365 selectableFields:[366 served:b! storage:b! subresources:367
    CustomResourceDefinitionCondition v1 - lastTransitionTime:t message:s observedGeneration:l reason:s status:s! type:s!
    NamedRuleWithOperations v1 - apiGroups:[s apiVersions:[s operations:[s resourceNames:[s resources:[s scope:s|*,Cluster,Namespaced
    ApplyConfiguration v1 - expression:s
    JSONPatch v1 - expression:s
    ServiceReference v1 - name:s! namespace:s! path:s port:i
    ExpressionWarning v1 - fieldRef:s! warning:s!
    RollingUpdateDaemonSet v1 - maxSurge:x maxUnavailable:x
    RollingUpdateDeployment v1 - maxSurge:x maxUnavailable:x
    RollingUpdateStatefulSetStrategy v1 - maxUnavailable:x partition:i
    HPAScalingRules v2 - policies:[368 selectPolicy:s stabilizationWindowSeconds:i tolerance:q
    ContainerResourceMetricSource v2 - container:s! name:s! target:369!
    ExternalMetricSource v2 - metric:370! target:369!
    ObjectMetricSource v2 - describedObject:160! metric:370! target:369!
    PodsMetricSource v2 - metric:370! target:369!
    ResourceMetricSource v2 - name:s! target:369!
    ContainerResourceMetricStatus v2 - container:s! current:371! name:s!
    ExternalMetricStatus v2 - current:371! metric:370!
    ObjectMetricStatus v2 - current:371! describedObject:160! metric:370!
    PodsMetricStatus v2 - current:371! metric:370!
    ResourceMetricStatus v2 - current:371! name:s!
    PodFailurePolicyRule v1 - action:s!|Count,FailIndex,FailJob,Ignore onExitCodes:372 onPodConditions:[373
    SuccessPolicyRule v1 - succeededCount:i succeededIndexes:s
    ConfigMapNodeConfigSource v1 - kubeletConfigKey:s! name:s! namespace:s! resourceVersion:s uid:s
    DaemonEndpoint v1 - Port:i!
    NodeSwapStatus v1 - capacity:l
    NodeRuntimeHandlerFeatures v1 - recursiveReadOnlyMounts:b userNamespaces:b
    SecretReference v1 - name:s namespace:s
    NodeAffinity v1 - preferredDuringSchedulingIgnoredDuringExecution:[374 requiredDuringSchedulingIgnoredDuringExecution:255
    PodAffinity v1 - preferredDuringSchedulingIgnoredDuringExecution:[375 requiredDuringSchedulingIgnoredDuringExecution:[376
    PodAntiAffinity v1 - preferredDuringSchedulingIgnoredDuringExecution:[375 requiredDuringSchedulingIgnoredDuringExecution:[376
    EnvVar v1 - name:s! value:s valueFrom:377
    EnvFromSource v1 - configMapRef:378 prefix:s secretRef:379
    Lifecycle v1 - postStart:380 preStop:380 stopSignal:s|SIGABRT,SIGALRM,SIGBUS,SIGCHLD,SIGCLD,SIGCONT,SIGFPE,SIGHUP,SIGILL,SIGINT,SIGIO,SIGIOT,SIGKILL,SIGPIPE,SIGPOLL,SIGPROF,SIGPWR,SIGQUIT,SIGRTMAX,SIGRTMAX-1,SIGRTMAX-10,SIGRTMAX-11,SIGRTMAX-12,SIGRTMAX-13,SIGRTMAX-14,SIGRTMAX-2,SIGRTMAX-3,SIGRTMAX-4,SIGRTMAX-5,SIGRTMAX-6,SIGRTMAX-7,SIGRTMAX-8,SIGRTMAX-9,SIGRTMIN,SIGRTMIN+1,SIGRTMIN+10,SIGRTMIN+11,SIGRTMIN+12,SIGRTMIN+13,SIGRTMIN+14,SIGRTMIN+15,SIGRTMIN+2,SIGRTMIN+3,SIGRTMIN+4,SIGRTMIN+5,SIGRTMIN+6,SIGRTMIN+7,SIGRTMIN+8,SIGRTMIN+9,SIGSEGV,SIGSTKFLT,SIGSTOP,SIGSYS,SIGTERM,SIGTRAP,SIGTSTP,SIGTTIN,SIGTTOU,SIGURG,SIGUSR1,SIGUSR2,SIGVTALRM,SIGWINCH,SIGXCPU,SIGXFSZ
    Probe v1 - exec:381 failureThreshold:i grpc:382 httpGet:383 initialDelaySeconds:i periodSeconds:i successThreshold:i tcpSocket:384 terminationGracePeriodSeconds:l timeoutSeconds:i
    ContainerPort v1 - containerPort:i! hostIP:s hostPort:i name:s protocol:s="TCP"|SCTP,TCP,UDP
    ContainerResizePolicy v1 - resourceName:s! restartPolicy:s!
    ContainerRestartRule v1 - action:s! exitCodes:385
    SecurityContext v1 - allowPrivilegeEscalation:b appArmorProfile:309 capabilities:386 privileged:b procMount:s|Default,Unmasked readOnlyRootFilesystem:b runAsGroup:l runAsNonRoot:b runAsUser:l seLinuxOptions:310 seccompProfile:311 windowsOptions:313
    VolumeDevice v1 - devicePath:s! name:s!
    VolumeMount v1 - mountPath:s! mountPropagation:s|Bidirectional,HostToContainer,None name:s! readOnly:b recursiveReadOnly:s subPath:s subPathExpr:s
    PodDNSConfigOption v1 - name:s value:s
    ResourceClaim v1 - name:s! request:s
    AppArmorProfile v1 - localhostProfile:s type:s!|Localhost,RuntimeDefault,Unconfined
    SELinuxOptions v1 - level:s role:s type:s user:s
    SeccompProfile v1 - localhostProfile:s type:s!|Localhost,RuntimeDefault,Unconfined
    Sysctl v1 - name:s! value:s
    WindowsSecurityContextOptions v1 - gmsaCredentialSpec:s gmsaCredentialSpecName:s hostProcess:b runAsUserName:s
    AzureFileVolumeSource v1 - readOnly:b secretName:s! shareName:s!
    CephFSVolumeSource v1 - monitors:[s! path:s readOnly:b secretFile:s secretRef:104 user:s
    CinderVolumeSource v1 - fsType:s readOnly:b secretRef:104 volumeID:s!
    ConfigMapVolumeSource v1 - defaultMode:i items:[387 name:s optional:b
    CSIVolumeSource v1 - driver:s! fsType:s nodePublishSecretRef:104 readOnly:b volumeAttributes:{s
    DownwardAPIVolumeSource v1 - defaultMode:i items:[388
    EmptyDirVolumeSource v1 - medium:s sizeLimit:q
    EphemeralVolumeSource v1 - volumeClaimTemplate:389
    FlexVolumeSource v1 - driver:s! fsType:s options:{s readOnly:b secretRef:104
    GitRepoVolumeSource v1 - directory:s repository:s! revision:s
    GlusterfsVolumeSource v1 - endpoints:s! path:s! readOnly:b
    ImageVolumeSource v1 - pullPolicy:s|Always,IfNotPresent,Never reference:s
    ISCSIVolumeSource v1 - chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:s iqn:s! iscsiInterface:s="default" lun:i portals:[s readOnly:b secretRef:104 targetPortal:s!
    PersistentVolumeClaimVolumeSource v1 - claimName:s! readOnly:b
    ProjectedVolumeSource v1 - defaultMode:i sources:[390
    RBDVolumeSource v1 - fsType:s image:s! keyring:s="/etc/ceph/keyring" monitors:[s! pool:s="rbd" readOnly:b secretRef:104 user:s="admin"
    ScaleIOVolumeSource v1 - fsType:s="xfs" gateway:s! protectionDomain:s readOnly:b secretRef:104! sslEnabled:b storageMode:s="ThinProvisioned" storagePool:s system:s! volumeName:s
    SecretVolumeSource v1 - defaultMode:i items:[387 optional:b secretName:s
    StorageOSVolumeSource v1 - fsType:s readOnly:b secretRef:104 volumeName:s volumeNamespace:s
    ResourceStatus v1 - name:s! resources:[391
    ContainerState v1 - running:392 terminated:393 waiting:394
    ContainerUser v1 - linux:395
    VolumeMountStatus v1 - mountPath:s! name:s! readOnly:b recursiveReadOnly:s volumeStatus:396
    ContainerExtendedResourceRequest v1 - containerName:s! requestName:s! resourceName:s!
    ScopedResourceSelectorRequirement v1 - operator:s!|DoesNotExist,Exists,In,NotIn scopeName:s!|BestEffort,CrossNamespacePodAffinity,NotBestEffort,NotTerminating,PriorityClass,Terminating,VolumeAttributesClass values:[s
    ClientIPConfig v1 - timeoutSeconds:i
    LoadBalancerIngress v1 - hostname:s ip:s ipMode:s ports:[397
    ForNode v1 - name:s!
    ForZone v1 - name:s!
    IngressServiceBackend v1 - name:s! port:398
    HTTPIngressRuleValue v1 - paths:[399!
    IngressLoadBalancerIngress v1 - hostname:s ip:s ports:[400
    NetworkPolicyPort v1 - endPort:i port:x protocol:s|SCTP,TCP,UDP
    NetworkPolicyPeer v1 - ipBlock:401 namespaceSelector:128 podSelector:128
    OpaqueDeviceConfiguration v1 - driver:s! parameters:j!
    CELDeviceSelector v1 - expression:s!
    DeviceClaimConfiguration v1 - opaque:348 requests:[s
    DeviceConstraint v1 - distinctAttribute:s matchAttribute:s requests:[s
    DeviceRequest v1 - exactly:402 firstAvailable:[403 name:s!
    DeviceAllocationResult v1 - config:[404 results:[405
    NetworkDeviceData v1 - hardwareAddress:s interfaceName:s ips:[s
    DeviceAttribute v1 - bool:b bools:[b int:l ints:[l string:s strings:[s version:s versions:[s
    DeviceCapacity v1 - requestPolicy:406 value:q!
    DeviceCounterConsumption v1 - counterSet:s! counters:{361!
    NodeAllocatableResourceMapping v1 - allocationMultiplier:q capacityKey:s
    DeviceTaint v1 - effect:s!|NoExecute,NoSchedule,None key:s! timeAdded:t value:s
    NodeSelectorTerm v1 - matchExpressions:[407 matchFields:[407
    Counter v1 - value:q!
    VolumeNodeResources v1 - count:i
    WebhookConversion v1 - clientConfig:408 conversionReviewVersions:[s!
    CustomResourceColumnDefinition v1 - description:s format:s jsonPath:s! name:s! priority:i type:s!
    CustomResourceValidation v1 - openAPIV3Schema:409
    SelectableField v1 - jsonPath:s!
    CustomResourceSubresources v1 - scale:410 status:j
    HPAScalingPolicy v2 - periodSeconds:i! type:s! value:i!
    MetricTarget v2 - averageUtilization:i averageValue:q type:s! value:q
    MetricIdentifier v2 - name:s! selector:128
    MetricValueStatus v2 - averageUtilization:i averageValue:q value:q
    PodFailurePolicyOnExitCodesRequirement v1 - containerName:s operator:s!|In,NotIn values:[i!
    PodFailurePolicyOnPodConditionsPattern v1 - status:s type:s!
    PreferredSchedulingTerm v1 - preference:360! weight:i!
    WeightedPodAffinityTerm v1 - podAffinityTerm:376! weight:i!
    PodAffinityTerm v1 - labelSelector:128 matchLabelKeys:[s mismatchLabelKeys:[s namespaceSelector:128 namespaces:[s topologyKey:s!
    EnvVarSource v1 - configMapKeyRef:411 fieldRef:412 fileKeyRef:413 resourceFieldRef:414 secretKeyRef:415
    ConfigMapEnvSource v1 - name:s optional:b
    SecretEnvSource v1 - name:s optional:b
    LifecycleHandler v1 - exec:381 httpGet:383 sleep:416 tcpSocket:384
    ExecAction v1 - command:[s
    GRPCAction v1 - port:i! service:s
    HTTPGetAction v1 - host:s httpHeaders:[417 path:s port:x! scheme:s|HTTP,HTTPS
    TCPSocketAction v1 - host:s port:x!
    ContainerRestartRuleOnExitCodes v1 - operator:s! values:[i
    Capabilities v1 - add:[s drop:[s
    KeyToPath v1 - key:s! mode:i path:s!
    DownwardAPIVolumeFile v1 - fieldRef:412 mode:i path:s! resourceFieldRef:414
    PersistentVolumeClaimTemplate v1 - metadata:56 spec:93!
    VolumeProjection v1 - clusterTrustBundle:418 configMap:419 downwardAPI:420 podCertificate:421 secret:422 serviceAccountToken:423
    ResourceHealth v1 - health:s message:s resourceID:s!
    ContainerStateRunning v1 - startedAt:t
    ContainerStateTerminated v1 - containerID:s exitCode:i! finishedAt:t message:s reason:s signal:i startedAt:t
    ContainerStateWaiting v1 - message:s reason:s
    LinuxContainerUser v1 - gid:l supplementalGroups:[l uid:l
    VolumeStatus v1 - image:424
    PortStatus v1 - error:s port:i! protocol:s!|SCTP,TCP,UDP
    ServiceBackendPort v1 - name:s number:i
    HTTPIngressPath v1 - backend:241! path:s pathType:s!|Exact,ImplementationSpecific,Prefix
    IngressPortStatus v1 - error:s port:i! protocol:s!|SCTP,TCP,UDP
    IPBlock v1 - cidr:s! except:[s
    ExactDeviceRequest v1 - adminAccess:b allocationMode:s|All,ExactCount capacity:425 count:l deviceClassName:s! selectors:[249 tolerations:[426
    DeviceSubRequest v1 - allocationMode:s|All,ExactCount capacity:425 count:l deviceClassName:s! name:s! selectors:[249 tolerations:[426
    DeviceAllocationConfiguration v1 - opaque:348 requests:[s source:s!|FromClaim,FromClass
    DeviceRequestAllocationResult v1 - adminAccess:b bindingConditions:[s bindingFailureConditions:[s consumedCapacity:{q device:s! driver:s! pool:s! request:s! shareID:s tolerations:[426
    CapacityRequestPolicy v1 - default:q validRange:427 validValues:[q
    NodeSelectorRequirement v1 - key:s! operator:s!|DoesNotExist,Exists,Gt,In,Lt,NotIn values:[s
    WebhookClientConfig v1 - caBundle:y service:428 url:s
    JSONSchemaProps v1 - $ref:s $schema:s additionalItems:j additionalProperties:j allOf:[409 anyOf:[409 default:j definitions:{409 dependencies:{j description:s enum:[j example:j exclusiveMaximum:b exclusiveMinimum:b externalDocs:429 format:s id:s items:j maxItems:l maxLength:l maxProperties:l maximum:d minItems:l minLength:l minProperties:l minimum:d multipleOf:d not:409 nullable:b oneOf:[409 pattern:s patternProperties:{409 properties:{409 required:[s title:s type:s uniqueItems:b x-kubernetes-embedded-resource:b x-kubernetes-int-or-string:b x-kubernetes-list-map-keys:[s x-kubernetes-list-type:s x-kubernetes-map-type:s x-kubernetes-preserve-unknown-fields:b x-kubernetes-validations:[430
    CustomResourceSubresourceScale v1 - labelSelectorPath:s specReplicasPath:s! statusReplicasPath:s!
    ConfigMapKeySelector v1 - key:s! name:s optional:b
    ObjectFieldSelector v1 - apiVersion:s fieldPath:s!
    FileKeySelector v1 - key:s! optional:b path:s! volumeName:s!
    ResourceFieldSelector v1 - containerName:s divisor:q resource:s!
    SecretKeySelector v1 - key:s! name:s optional:b
    SleepAction v1 - seconds:l
    HTTPHeader v1 - name:s! value:s
    ClusterTrustBundleProjection v1 - labelSelector:128 name:s optional:b path:s! signerName:s
    ConfigMapProjection v1 - items:[387 name:s optional:b
    DownwardAPIProjection v1 - items:[388
    PodCertificateProjection v1 - certificateChainPath:s credentialBundlePath:s keyPath:s keyType:s! maxExpirationSeconds:i signerName:s! userAnnotations:{s
    SecretProjection v1 - items:[387 name:s optional:b
    ServiceAccountTokenProjection v1 - audience:s expirationSeconds:l path:s!
    ImageVolumeStatus v1 - imageRef:s!
    CapacityRequirements v1 - requests:{q
    DeviceToleration v1 - effect:s|NoExecute,NoSchedule,None key:s operator:s="Equal"|Equal,Exists tolerationSeconds:l value:s
    CapacityRequestPolicyRange v1 - max:q min:q! step:q
    ServiceReference v1 - name:s! namespace:s! path:s port:i
    ExternalDocumentation v1 - description:s url:s
    ValidationRule v1 - fieldPath:s message:s messageExpression:s optionalOldSelf:b reason:s|FieldValueDuplicate,FieldValueForbidden,FieldValueInvalid,FieldValueRequired rule:s!
    """
}
