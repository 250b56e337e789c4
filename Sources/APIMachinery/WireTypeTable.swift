// Made by scripts/generate-wire-types from tables of Kubernetes v1.36; a table of this kind is one long file.

/// How the built-in kinds travel, a type a line.
enum WireTypeTable {
  /// A type's name, the kind that it is of or `-`, and its fields.
  ///
  /// A field is `number:name:type`, its name in JSON empty where its own fields stand in its place; `!` where a
  /// zero says something; then, behind `%`, how strategic merge patches treat it: `m` merge, `r` replace,
  /// `k` retain keys, and the key that tells elements apart. A type is a line's number, a letter, or either behind
  /// `[` for a list and `{` for a map.
  static let text: StaticString = """
    MutatingAdmissionPolicy admissionregistration.k8s.io/v1/MutatingAdmissionPolicy 1:metadata:67 2:spec:68
    MutatingAdmissionPolicyBinding admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding 1:metadata:67 2:spec:69
    MutatingWebhookConfiguration admissionregistration.k8s.io/v1/MutatingWebhookConfiguration 1:metadata:67 2:webhooks:[70%mname
    ValidatingAdmissionPolicy admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy 1:metadata:67 2:spec:71 3:status:72
    ValidatingAdmissionPolicyBinding admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding 1:metadata:67 2:spec:73
    ValidatingWebhookConfiguration admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration 1:metadata:67 2:webhooks:[74%mname
    ControllerRevision apps/v1/ControllerRevision 2:data:r 1:metadata:67 3:revision:l
    DaemonSet apps/v1/DaemonSet 1:metadata:67 2:spec:75 3:status:76
    Deployment apps/v1/Deployment 1:metadata:67 2:spec:77 3:status:78
    ReplicaSet apps/v1/ReplicaSet 1:metadata:67 2:spec:79 3:status:80
    StatefulSet apps/v1/StatefulSet 1:metadata:67 2:spec:81 3:status:82
    SelfSubjectReview authentication.k8s.io/v1/SelfSubjectReview 1:metadata:67 2:status:83
    TokenRequest authentication.k8s.io/v1/TokenRequest 1:metadata:67 2:spec:84 3:status:85
    TokenReview authentication.k8s.io/v1/TokenReview 1:metadata:67 2:spec:86 3:status:87
    LocalSubjectAccessReview authorization.k8s.io/v1/LocalSubjectAccessReview 1:metadata:67 2:spec:88 3:status:89
    SelfSubjectAccessReview authorization.k8s.io/v1/SelfSubjectAccessReview 1:metadata:67 2:spec:90 3:status:89
    SelfSubjectRulesReview authorization.k8s.io/v1/SelfSubjectRulesReview 1:metadata:67 2:spec:91 3:status:92
    SubjectAccessReview authorization.k8s.io/v1/SubjectAccessReview 1:metadata:67 2:spec:88 3:status:89
    HorizontalPodAutoscaler autoscaling/v1/HorizontalPodAutoscaler 1:metadata:67 2:spec:93 3:status:94
    Scale autoscaling/v1/Scale 1:metadata:67 2:spec:95 3:status:96
    HorizontalPodAutoscaler autoscaling/v2/HorizontalPodAutoscaler 1:metadata:67 2:spec:97 3:status:98
    CronJob batch/v1/CronJob 1:metadata:67 2:spec:99 3:status:100
    Job batch/v1/Job 1:metadata:67 2:spec:101 3:status:102
    Lease coordination.k8s.io/v1/Lease 1:metadata:67 2:spec:103
    Binding v1/Binding 1:metadata:67 2:target:104
    ComponentStatus v1/ComponentStatus 2:conditions:[105%mtype 1:metadata:67
    ConfigMap v1/ConfigMap 3:binaryData:{y 2:data:{s 4:immutable:b! 1:metadata:67
    Endpoints v1/Endpoints 1:metadata:67 2:subsets:[106
    Event v1/Event 12:action:s 8:count:i 10:eventTime:u 6:firstTimestamp:t 2:involvedObject:104 7:lastTimestamp:t 4:message:s 1:metadata:67 3:reason:s 13:related:104 14:reportingComponent:s 15:reportingInstance:s 11:series:107 5:source:108 9:type:s
    LimitRange v1/LimitRange 1:metadata:67 2:spec:109
    Namespace v1/Namespace 1:metadata:67 2:spec:110 3:status:111
    Node v1/Node 1:metadata:67 2:spec:112 3:status:113
    PersistentVolume v1/PersistentVolume 1:metadata:67 2:spec:114 3:status:115
    PersistentVolumeClaim v1/PersistentVolumeClaim 1:metadata:67 2:spec:116 3:status:117
    Pod v1/Pod 1:metadata:67 2:spec:118 3:status:119
    PodTemplate v1/PodTemplate 1:metadata:67 2:template:120
    ReplicationController v1/ReplicationController 1:metadata:67 2:spec:121 3:status:122
    ResourceQuota v1/ResourceQuota 1:metadata:67 2:spec:123 3:status:124
    Secret v1/Secret 2:data:{y 5:immutable:b! 1:metadata:67 4:stringData:{s 3:type:s
    Service v1/Service 1:metadata:67 2:spec:125 3:status:126
    ServiceAccount v1/ServiceAccount 4:automountServiceAccountToken:b! 3:imagePullSecrets:[127 1:metadata:67 2:secrets:[104%mname
    EndpointSlice discovery.k8s.io/v1/EndpointSlice 4:addressType:s 2:endpoints:[128 1:metadata:67 3:ports:[129
    Event events.k8s.io/v1/Event 6:action:s 15:deprecatedCount:i 13:deprecatedFirstTimestamp:t 14:deprecatedLastTimestamp:t 12:deprecatedSource:108 2:eventTime:u 1:metadata:67 10:note:s 7:reason:s 8:regarding:104 9:related:104 4:reportingController:s 5:reportingInstance:s 3:series:130 11:type:s
    IPAddress networking.k8s.io/v1/IPAddress 1:metadata:67 2:spec:131
    Ingress networking.k8s.io/v1/Ingress 1:metadata:67 2:spec:132 3:status:133
    IngressClass networking.k8s.io/v1/IngressClass 1:metadata:67 2:spec:134
    NetworkPolicy networking.k8s.io/v1/NetworkPolicy 1:metadata:67 2:spec:135
    ServiceCIDR networking.k8s.io/v1/ServiceCIDR 1:metadata:67 2:spec:136 3:status:137
    Eviction policy/v1/Eviction 2:deleteOptions:66 1:metadata:67
    PodDisruptionBudget policy/v1/PodDisruptionBudget 1:metadata:67 2:spec:138 3:status:139
    ClusterRole rbac.authorization.k8s.io/v1/ClusterRole 3:aggregationRule:140 1:metadata:67 2:rules:[141
    ClusterRoleBinding rbac.authorization.k8s.io/v1/ClusterRoleBinding 1:metadata:67 3:roleRef:142 2:subjects:[143
    Role rbac.authorization.k8s.io/v1/Role 1:metadata:67 2:rules:[141
    RoleBinding rbac.authorization.k8s.io/v1/RoleBinding 1:metadata:67 3:roleRef:142 2:subjects:[143
    DeviceClass resource.k8s.io/v1/DeviceClass 1:metadata:67 2:spec:144
    ResourceClaim resource.k8s.io/v1/ResourceClaim 1:metadata:67 2:spec:145 3:status:146
    ResourceClaimTemplate resource.k8s.io/v1/ResourceClaimTemplate 1:metadata:67 2:spec:147
    ResourceSlice resource.k8s.io/v1/ResourceSlice 1:metadata:67 2:spec:148
    PriorityClass scheduling.k8s.io/v1/PriorityClass 4:description:s 3:globalDefault:b 1:metadata:67 5:preemptionPolicy:s 2:value:i!
    CSIDriver storage.k8s.io/v1/CSIDriver 1:metadata:67 2:spec:149
    CSINode storage.k8s.io/v1/CSINode 1:metadata:67 2:spec:150
    CSIStorageCapacity storage.k8s.io/v1/CSIStorageCapacity 4:capacity:q 5:maximumVolumeSize:q 1:metadata:67 2:nodeTopology:151 3:storageClassName:s
    StorageClass storage.k8s.io/v1/StorageClass 6:allowVolumeExpansion:b! 8:allowedTopologies:[152 1:metadata:67 5:mountOptions:[s 3:parameters:{s 2:provisioner:s 4:reclaimPolicy:s 7:volumeBindingMode:s
    VolumeAttachment storage.k8s.io/v1/VolumeAttachment 1:metadata:67 2:spec:153 3:status:154
    VolumeAttributesClass storage.k8s.io/v1/VolumeAttributesClass 2:driverName:s 1:metadata:67 3:parameters:{s
    CustomResourceDefinition apiextensions.k8s.io/v1/CustomResourceDefinition 1:metadata:67 2:spec:155 3:status:156
    DeleteOptions v1/DeleteOptions 5:dryRun:[s 1:gracePeriodSeconds:l! 6:ignoreStoreReadErrorWithClusterBreakingPotential:b 3:orphanDependents:b! 2:preconditions:157 4:propagationPolicy:s
    ObjectMeta - 12:annotations:{s 8:creationTimestamp:t 10:deletionGracePeriodSeconds:l 9:deletionTimestamp:t 14:finalizers:[s%m 2:generateName:s 7:generation:l 11:labels:{s 17:managedFields:[158 1:name:s 3:namespace:s 13:ownerReferences:[159%muid 6:resourceVersion:s 4:selfLink:s 5:uid:s
    MutatingAdmissionPolicySpec - 5:failurePolicy:s 6:matchConditions:[160%mname 2:matchConstraints:161 4:mutations:[162 1:paramKind:163 7:reinvocationPolicy:s 3:variables:[164
    MutatingAdmissionPolicyBindingSpec - 3:matchResources:161 2:paramRef:165 1:policyName:s
    MutatingWebhook - 8:admissionReviewVersions:[s 2:clientConfig:166 4:failurePolicy:s 12:matchConditions:[160%mname 9:matchPolicy:s 1:name:s 5:namespaceSelector:151 11:objectSelector:151 10:reinvocationPolicy:s 3:rules:[167 6:sideEffects:s 7:timeoutSeconds:i
    ValidatingAdmissionPolicySpec - 5:auditAnnotations:[168 4:failurePolicy:s 6:matchConditions:[160%mname 2:matchConstraints:161 1:paramKind:163 3:validations:[169 7:variables:[164%mname
    ValidatingAdmissionPolicyStatus - 3:conditions:[170 1:observedGeneration:l 2:typeChecking:171
    ValidatingAdmissionPolicyBindingSpec - 3:matchResources:161 2:paramRef:165 1:policyName:s 4:validationActions:[s
    ValidatingWebhook - 8:admissionReviewVersions:[s 2:clientConfig:166 4:failurePolicy:s 11:matchConditions:[160%mname 9:matchPolicy:s 1:name:s 5:namespaceSelector:151 10:objectSelector:151 3:rules:[167 6:sideEffects:s 7:timeoutSeconds:i
    DaemonSetSpec - 4:minReadySeconds:i 6:revisionHistoryLimit:i! 1:selector:151 2:template:120 3:updateStrategy:172
    DaemonSetStatus - 9:collisionCount:i 10:conditions:[173%mtype 1:currentNumberScheduled:i 3:desiredNumberScheduled:i 7:numberAvailable:i 2:numberMisscheduled:i 4:numberReady:i 8:numberUnavailable:i 5:observedGeneration:l 6:updatedNumberScheduled:i
    DeploymentSpec - 5:minReadySeconds:i 7:paused:b 9:progressDeadlineSeconds:i! 1:replicas:i! 6:revisionHistoryLimit:i! 2:selector:151 4:strategy:174%k 3:template:120
    DeploymentStatus - 4:availableReplicas:i 8:collisionCount:i 6:conditions:[175%mtype 1:observedGeneration:l 7:readyReplicas:i 2:replicas:i 9:terminatingReplicas:i 5:unavailableReplicas:i 3:updatedReplicas:i
    ReplicaSetSpec - 4:minReadySeconds:i 1:replicas:i! 2:selector:151 3:template:120
    ReplicaSetStatus - 5:availableReplicas:i 6:conditions:[176%mtype 2:fullyLabeledReplicas:i 3:observedGeneration:l 4:readyReplicas:i 1:replicas:i 7:terminatingReplicas:i
    StatefulSetSpec - 9:minReadySeconds:i 11:ordinals:177 10:persistentVolumeClaimRetentionPolicy:178 6:podManagementPolicy:s 1:replicas:i! 8:revisionHistoryLimit:i! 2:selector:151 5:serviceName:s 3:template:120 7:updateStrategy:179 4:volumeClaimTemplates:[33
    StatefulSetStatus - 11:availableReplicas:i 9:collisionCount:i 10:conditions:[180%mtype 4:currentReplicas:i 6:currentRevision:s 1:observedGeneration:l 3:readyReplicas:i 2:replicas:i 7:updateRevision:s 5:updatedReplicas:i
    SelfSubjectReviewStatus - 1:userInfo:181
    TokenRequestSpec - 1:audiences:[s 3:boundObjectRef:182 4:expirationSeconds:l
    TokenRequestStatus - 2:expirationTimestamp:t 1:token:s
    TokenReviewSpec - 2:audiences:[s 1:token:s
    TokenReviewStatus - 4:audiences:[s 1:authenticated:b 3:error:s 2:user:181
    SubjectAccessReviewSpec - 5:extra:{[s 4:groups:[s 2:nonResourceAttributes:183 1:resourceAttributes:184 6:uid:s 3:user:s
    SubjectAccessReviewStatus - 1:allowed:b 4:denied:b 3:evaluationError:s 2:reason:s
    SelfSubjectAccessReviewSpec - 2:nonResourceAttributes:183 1:resourceAttributes:184
    SelfSubjectRulesReviewSpec - 1:namespace:s
    SubjectRulesReviewStatus - 4:evaluationError:s 3:incomplete:b 2:nonResourceRules:[185 1:resourceRules:[186
    HorizontalPodAutoscalerSpec - 3:maxReplicas:i 2:minReplicas:i! 1:scaleTargetRef:187 4:targetCPUUtilizationPercentage:i
    HorizontalPodAutoscalerStatus - 5:currentCPUUtilizationPercentage:i 3:currentReplicas:i 4:desiredReplicas:i 2:lastScaleTime:t 1:observedGeneration:l
    ScaleSpec - 1:replicas:i
    ScaleStatus - 1:replicas:i 2:selector:s
    HorizontalPodAutoscalerSpec - 5:behavior:188 3:maxReplicas:i 4:metrics:[189 2:minReplicas:i! 1:scaleTargetRef:190
    HorizontalPodAutoscalerStatus - 6:conditions:[191%mtype 5:currentMetrics:[192 3:currentReplicas:i 4:desiredReplicas:i 2:lastScaleTime:t 1:observedGeneration:l
    CronJobSpec - 3:concurrencyPolicy:s 7:failedJobsHistoryLimit:i! 5:jobTemplate:193 1:schedule:s 2:startingDeadlineSeconds:l! 6:successfulJobsHistoryLimit:i! 4:suspend:b! 8:timeZone:s
    CronJobStatus - 1:active:[104 4:lastScheduleTime:t 5:lastSuccessfulTime:t
    JobSpec - 3:activeDeadlineSeconds:l! 7:backoffLimit:i! 12:backoffLimitPerIndex:i! 9:completionMode:s 2:completions:i! 15:managedBy:s 5:manualSelector:b! 13:maxFailedIndexes:i! 1:parallelism:i! 11:podFailurePolicy:194 14:podReplacementPolicy:s 4:selector:151 16:successPolicy:195 10:suspend:b! 6:template:120 8:ttlSecondsAfterFinished:i!
    JobStatus - 4:active:i 7:completedIndexes:s 3:completionTime:t 1:conditions:[196%mtype 6:failed:i 10:failedIndexes:s 9:ready:i 2:startTime:t 5:succeeded:i 11:terminating:i 8:uncountedTerminatedPods:197
    LeaseSpec - 3:acquireTime:u 1:holderIdentity:s 2:leaseDurationSeconds:i! 5:leaseTransitions:i! 7:preferredHolder:s 4:renewTime:u 6:strategy:s
    ObjectReference - 5:apiVersion:s 7:fieldPath:s 1:kind:s 3:name:s 2:namespace:s 6:resourceVersion:s 4:uid:s
    ComponentCondition - 4:error:s 3:message:s 2:status:s 1:type:s
    EndpointSubset - 1:addresses:[198 2:notReadyAddresses:[198 3:ports:[199
    EventSeries - 1:count:i 2:lastObservedTime:u
    EventSource - 1:component:s 2:host:s
    LimitRangeSpec - 1:limits:[200
    NamespaceSpec - 1:finalizers:[s
    NamespaceStatus - 2:conditions:[201%mtype 1:phase:s
    NodeSpec - 6:configSource:202 2:externalID:s 1:podCIDR:s 7:podCIDRs:[s%m 3:providerID:s 5:taints:[203 4:unschedulable:b
    NodeStatus - 5:addresses:[204%mtype 2:allocatable:{q 1:capacity:{q 4:conditions:[205%mtype 11:config:206 6:daemonEndpoints:207 14:declaredFeatures:[s 13:features:208 8:images:[209 7:nodeInfo:210 3:phase:s 12:runtimeHandlers:[211 10:volumesAttached:[212 9:volumesInUse:[s
    PersistentVolumeSpec - 3:accessModes:[s 1:capacity:{q 4:claimRef:104 7:mountOptions:[s 9:nodeAffinity:213 5:persistentVolumeReclaimPolicy:s 6:storageClassName:s 10:volumeAttributesClassName:s 8:volumeMode:s 2::214
    PersistentVolumeStatus - 4:lastPhaseTransitionTime:t 2:message:s 1:phase:s 3:reason:s
    PersistentVolumeClaimSpec - 1:accessModes:[s 7:dataSource:215 8:dataSourceRef:216 2:resources:217 4:selector:151 5:storageClassName:s! 9:volumeAttributesClassName:s 6:volumeMode:s 3:volumeName:s
    PersistentVolumeClaimStatus - 2:accessModes:[s 7:allocatedResourceStatuses:{s 5:allocatedResources:{q 3:capacity:{q 4:conditions:[218%mtype 8:currentVolumeAttributesClassName:s 9:modifyVolumeStatus:219 1:phase:s
    PodSpec - 5:activeDeadlineSeconds:l! 18:affinity:220 21:automountServiceAccountToken:b! 2:containers:[221%mname 26:dnsConfig:222 6:dnsPolicy:s 30:enableServiceLinks:b! 34:ephemeralContainers:[223%mname 23:hostAliases:[224%mip 13:hostIPC:b 11:hostNetwork:b 12:hostPID:b 37:hostUsers:b! 16:hostname:s 41:hostnameOverride:s 15:imagePullSecrets:[127%mname 20:initContainers:[221%mname 10:nodeName:s 7:nodeSelector:{s 36:os:225 32:overhead:{q 31:preemptionPolicy:s 25:priority:i! 24:priorityClassName:s 28:readinessGates:[226 39:resourceClaims:[227%mkname 40:resources:228 3:restartPolicy:s 29:runtimeClassName:s 19:schedulerName:s 38:schedulingGates:[229%mname 43:schedulingGroup:230 14:securityContext:231 9:serviceAccount:s 8:serviceAccountName:s 35:setHostnameAsFQDN:b! 27:shareProcessNamespace:b! 17:subdomain:s 4:terminationGracePeriodSeconds:l! 22:tolerations:[232 33:topologySpreadConstraints:[233%mtopologyKey 1:volumes:[234%mkname
    PodStatus - 19:allocatedResources:{q 2:conditions:[235%mtype 8:containerStatuses:[236 13:ephemeralContainerStatuses:[236 18:extendedResourceClaimStatus:237 5:hostIP:s 16:hostIPs:[238%mip 10:initContainerStatuses:[236 3:message:s 21:nodeAllocatableResourceClaimStatuses:[239 11:nominatedNodeName:s 17:observedGeneration:l 1:phase:s 6:podIP:s 12:podIPs:[240%mip 9:qosClass:s 4:reason:s 14:resize:s 15:resourceClaimStatuses:[241%mkname 20:resources:228 7:startTime:t
    PodTemplateSpec - 1:metadata:67 2:spec:118
    ReplicationControllerSpec - 4:minReadySeconds:i 1:replicas:i! 2:selector:{s 3:template:120
    ReplicationControllerStatus - 5:availableReplicas:i 6:conditions:[242%mtype 2:fullyLabeledReplicas:i 3:observedGeneration:l 4:readyReplicas:i 1:replicas:i
    ResourceQuotaSpec - 1:hard:{q 3:scopeSelector:243 2:scopes:[s
    ResourceQuotaStatus - 1:hard:{q 2:used:{q
    ServiceSpec - 20:allocateLoadBalancerNodePorts:b! 3:clusterIP:s 18:clusterIPs:[s 5:externalIPs:[s 10:externalName:s 11:externalTrafficPolicy:s 12:healthCheckNodePort:i 22:internalTrafficPolicy:s 19:ipFamilies:[s 17:ipFamilyPolicy:s 21:loadBalancerClass:s 8:loadBalancerIP:s 9:loadBalancerSourceRanges:[s 1:ports:[244%mport 13:publishNotReadyAddresses:b 2:selector:{s 7:sessionAffinity:s 14:sessionAffinityConfig:245 23:trafficDistribution:s 4:type:s
    ServiceStatus - 2:conditions:[170%mtype 1:loadBalancer:246
    LocalObjectReference - 1:name:s
    Endpoint - 1:addresses:[s 2:conditions:247 5:deprecatedTopology:{s 8:hints:248 3:hostname:s 6:nodeName:s 4:targetRef:104 7:zone:s
    EndpointPort - 4:appProtocol:s! 1:name:s! 3:port:i! 2:protocol:s!
    EventSeries - 1:count:i 2:lastObservedTime:u
    IPAddressSpec - 1:parentRef:249
    IngressSpec - 1:defaultBackend:250 4:ingressClassName:s 3:rules:[251 2:tls:[252
    IngressStatus - 1:loadBalancer:253
    IngressClassSpec - 1:controller:s 2:parameters:254
    NetworkPolicySpec - 3:egress:[255 2:ingress:[256 1:podSelector:151 4:policyTypes:[s
    ServiceCIDRSpec - 1:cidrs:[s
    ServiceCIDRStatus - 1:conditions:[170%mtype
    PodDisruptionBudgetSpec - 3:maxUnavailable:x 1:minAvailable:x 2:selector:151%r 4:unhealthyPodEvictionPolicy:s
    PodDisruptionBudgetStatus - 7:conditions:[170%mtype 4:currentHealthy:i 5:desiredHealthy:i 2:disruptedPods:{t 3:disruptionsAllowed:i 6:expectedPods:i 1:observedGeneration:l
    AggregationRule - 1:clusterRoleSelectors:[151
    PolicyRule - 2:apiGroups:[s 5:nonResourceURLs:[s 4:resourceNames:[s 3:resources:[s 1:verbs:[s
    RoleRef - 1:apiGroup:s 2:kind:s 3:name:s
    Subject - 2:apiGroup:s 1:kind:s 3:name:s 4:namespace:s
    DeviceClassSpec - 2:config:[257 4:extendedResourceName:s 1:selectors:[258
    ResourceClaimSpec - 1:devices:259
    ResourceClaimStatus - 1:allocation:260 4:devices:[261 2:reservedFor:[262%muid
    ResourceClaimTemplateSpec - 1:metadata:67 2:spec:145
    ResourceSliceSpec - 5:allNodes:b! 6:devices:[263 1:driver:s! 3:nodeName:s! 4:nodeSelector:264 7:perDeviceNodeSelection:b! 2:pool:265 8:sharedCounters:[266
    CSIDriverSpec - 1:attachRequired:b! 5:fsGroupPolicy:s! 9:nodeAllocatableUpdatePeriodSeconds:l! 2:podInfoOnMount:b! 11:preventPodSchedulingIfMissing:b! 7:requiresRepublish:b! 8:seLinuxMount:b! 10:serviceAccountTokenInSecrets:b! 4:storageCapacity:b! 6:tokenRequests:[267 3:volumeLifecycleModes:[s
    CSINodeSpec - 1:drivers:[268%mname
    LabelSelector - 2:matchExpressions:[269 1:matchLabels:{s
    TopologySelectorTerm - 1:matchLabelExpressions:[270
    VolumeAttachmentSpec - 1:attacher:s 3:nodeName:s 2:source:271
    VolumeAttachmentStatus - 3:attachError:272 1:attached:b 2:attachmentMetadata:{s 4:detachError:272
    CustomResourceDefinitionSpec - 9:conversion:273 1:group:s 3:names:274 10:preserveUnknownFields:b 4:scope:s 7:versions:[275
    CustomResourceDefinitionStatus - 2:acceptedNames:274 1:conditions:[276 4:observedGeneration:l 3:storedVersions:[s
    Preconditions - 2:resourceVersion:s 1:uid:s
    ManagedFieldsEntry - 3:apiVersion:s 6:fieldsType:s 7:fieldsV1:r 1:manager:s 2:operation:s 8:subresource:s 4:time:t
    OwnerReference - 5:apiVersion:s! 7:blockOwnerDeletion:b! 6:controller:b! 1:kind:s! 3:name:s! 4:uid:s!
    MatchCondition - 2:expression:s 1:name:s
    MatchResources - 4:excludeResourceRules:[277 7:matchPolicy:s 1:namespaceSelector:151 2:objectSelector:151 3:resourceRules:[277
    Mutation - 3:applyConfiguration:278 4:jsonPatch:279 2:patchType:s
    ParamKind - 1:apiVersion:s 2:kind:s
    Variable - 1:name:s 2:expression:s
    ParamRef - 1:name:s 2:namespace:s 4:parameterNotFoundAction:s 3:selector:151
    WebhookClientConfig - 2:caBundle:y 1:service:280 3:url:s
    RuleWithOperations - 1:operations:[s 2::281
    AuditAnnotation - 1:key:s 2:valueExpression:s
    Validation - 2:message:s 4:messageExpression:s 3:reason:s 1:expression:s
    Condition - 4:lastTransitionTime:t 6:message:s 3:observedGeneration:l 5:reason:s 2:status:s 1:type:s
    TypeChecking - 1:expressionWarnings:[282
    DaemonSetUpdateStrategy - 2:rollingUpdate:283 1:type:s
    DaemonSetCondition - 3:lastTransitionTime:t 5:message:s 4:reason:s 2:status:s 1:type:s
    DeploymentStrategy - 2:rollingUpdate:284 1:type:s
    DeploymentCondition - 7:lastTransitionTime:t 6:lastUpdateTime:t 5:message:s 4:reason:s 2:status:s 1:type:s
    ReplicaSetCondition - 3:lastTransitionTime:t 5:message:s 4:reason:s 2:status:s 1:type:s
    StatefulSetOrdinals - 1:start:i
    StatefulSetPersistentVolumeClaimRetentionPolicy - 1:whenDeleted:s 2:whenScaled:s
    StatefulSetUpdateStrategy - 2:rollingUpdate:285 1:type:s
    StatefulSetCondition - 3:lastTransitionTime:t 5:message:s 4:reason:s 2:status:s 1:type:s
    UserInfo - 4:extra:{[s 3:groups:[s 2:uid:s 1:username:s
    BoundObjectReference - 2:apiVersion:s 1:kind:s 3:name:s 4:uid:s
    NonResourceAttributes - 1:path:s 2:verb:s
    ResourceAttributes - 8:fieldSelector:286 3:group:s 9:labelSelector:287 7:name:s 1:namespace:s 5:resource:s 6:subresource:s 2:verb:s 4:version:s
    NonResourceRule - 2:nonResourceURLs:[s 1:verbs:[s
    ResourceRule - 2:apiGroups:[s 4:resourceNames:[s 3:resources:[s 1:verbs:[s
    CrossVersionObjectReference - 3:apiVersion:s 1:kind:s 2:name:s
    HorizontalPodAutoscalerBehavior - 2:scaleDown:288 1:scaleUp:288
    MetricSpec - 7:containerResource:289 5:external:290 2:object:291 3:pods:292 4:resource:293 1:type:s
    CrossVersionObjectReference - 3:apiVersion:s 1:kind:s 2:name:s
    HorizontalPodAutoscalerCondition - 3:lastTransitionTime:t 5:message:s 4:reason:s 2:status:s 1:type:s
    MetricStatus - 7:containerResource:294 5:external:295 2:object:296 3:pods:297 4:resource:298 1:type:s
    JobTemplateSpec - 1:metadata:67 2:spec:101
    PodFailurePolicy - 1:rules:[299
    SuccessPolicy - 1:rules:[300
    JobCondition - 3:lastProbeTime:t 4:lastTransitionTime:t 6:message:s 5:reason:s 2:status:s 1:type:s
    UncountedTerminatedPods - 2:failed:[s 1:succeeded:[s
    EndpointAddress - 3:hostname:s 1:ip:s 4:nodeName:s 2:targetRef:104
    EndpointPort - 4:appProtocol:s! 1:name:s! 2:port:i! 3:protocol:s!
    LimitRangeItem - 4:default:{q 5:defaultRequest:{q 2:max:{q 6:maxLimitRequestRatio:{q 3:min:{q 1:type:s
    NamespaceCondition - 4:lastTransitionTime:t 6:message:s 5:reason:s 2:status:s 1:type:s
    NodeConfigSource - 2:configMap:301
    Taint - 3:effect:s 1:key:s 4:timeAdded:t 2:value:s
    NodeAddress - 2:address:s 1:type:s
    NodeCondition - 3:lastHeartbeatTime:t 4:lastTransitionTime:t 6:message:s 5:reason:s 2:status:s 1:type:s
    NodeConfigStatus - 2:active:202 1:assigned:202 4:error:s 3:lastKnownGood:202
    NodeDaemonEndpoints - 1:kubeletEndpoint:302
    NodeFeatures - 1:supplementalGroupsPolicy:b
    ContainerImage - 1:names:[s 2:sizeBytes:l
    NodeSystemInfo - 10:architecture:s 3:bootID:s 6:containerRuntimeVersion:s 4:kernelVersion:s 8:kubeProxyVersion:s 7:kubeletVersion:s 1:machineID:s 9:operatingSystem:s 5:osImage:s 11:swap:303 2:systemUUID:s
    NodeRuntimeHandler - 2:features:304 1:name:s
    AttachedVolume - 2:devicePath:s 1:name:s
    VolumeNodeAffinity - 1:required:264
    PersistentVolumeSource - 1:gcePersistentDisk:305 2:awsElasticBlockStore:306 3:hostPath:307 4:glusterfs:308 5:nfs:309 6:rbd:310 7:iscsi:311 8:cinder:312 9:cephfs:313 10:fc:314 11:flocker:315 12:flexVolume:316 13:azureFile:317 14:vsphereVolume:318 15:quobyte:319 16:azureDisk:320 17:photonPersistentDisk:321 18:portworxVolume:322 19:scaleIO:323 20:local:324 21:storageos:325 22:csi:326
    TypedLocalObjectReference - 1:apiGroup:s 2:kind:s 3:name:s
    TypedObjectReference - 1:apiGroup:s 2:kind:s 3:name:s 4:namespace:s
    VolumeResourceRequirements - 1:limits:{q 2:requests:{q
    PersistentVolumeClaimCondition - 3:lastProbeTime:t 4:lastTransitionTime:t 6:message:s 5:reason:s 2:status:s 1:type:s
    ModifyVolumeStatus - 2:status:s 1:targetVolumeAttributesClassName:s
    Affinity - 1:nodeAffinity:327 2:podAffinity:328 3:podAntiAffinity:329
    Container - 4:args:[s 3:command:[s 7:env:[330%mname 19:envFrom:[331 2:image:s 14:imagePullPolicy:s 12:lifecycle:332 10:livenessProbe:333 1:name:s 6:ports:[334%mcontainerPort 11:readinessProbe:333 23:resizePolicy:[335 8:resources:228 24:restartPolicy:s 25:restartPolicyRules:[336 15:securityContext:337 22:startupProbe:333 16:stdin:b 17:stdinOnce:b 13:terminationMessagePath:s 20:terminationMessagePolicy:s 18:tty:b 21:volumeDevices:[338%mdevicePath 9:volumeMounts:[339%mmountPath 5:workingDir:s
    PodDNSConfig - 1:nameservers:[s 3:options:[340 2:searches:[s
    EphemeralContainer - 2:targetContainerName:s 1::341
    HostAlias - 2:hostnames:[s 1:ip:s
    PodOS - 1:name:s
    PodReadinessGate - 1:conditionType:s
    PodResourceClaim - 1:name:s 3:resourceClaimName:s 4:resourceClaimTemplateName:s
    ResourceRequirements - 3:claims:[342 1:limits:{q 2:requests:{q
    PodSchedulingGate - 1:name:s
    PodSchedulingGroup - 1:podGroupName:s
    PodSecurityContext - 11:appArmorProfile:343 5:fsGroup:l! 9:fsGroupChangePolicy:s 6:runAsGroup:l! 3:runAsNonRoot:b! 2:runAsUser:l! 13:seLinuxChangePolicy:s 1:seLinuxOptions:344 10:seccompProfile:345 4:supplementalGroups:[l 12:supplementalGroupsPolicy:s 7:sysctls:[346 8:windowsOptions:347
    Toleration - 4:effect:s 1:key:s 2:operator:s 5:tolerationSeconds:l! 3:value:s
    TopologySpreadConstraint - 4:labelSelector:151 8:matchLabelKeys:[s 1:maxSkew:i 5:minDomains:i! 6:nodeAffinityPolicy:s 7:nodeTaintsPolicy:s 2:topologyKey:s 3:whenUnsatisfiable:s
    Volume - 1:name:s 2::348
    PodCondition - 3:lastProbeTime:t 4:lastTransitionTime:t 6:message:s 7:observedGeneration:l 5:reason:s 2:status:s 1:type:s
    ContainerStatus - 10:allocatedResources:{q 14:allocatedResourcesStatus:[349%mname 8:containerID:s 6:image:s 7:imageID:s 3:lastState:350 1:name:s 4:ready:b! 11:resources:228 5:restartCount:i 9:started:b! 2:state:350 15:stopSignal:s 13:user:351 12:volumeMounts:[352%mmountPath
    PodExtendedResourceClaimStatus - 1:requestMappings:[353 2:resourceClaimName:s
    HostIP - 1:ip:s
    NodeAllocatableResourceClaimStatus - 2:containers:[s 1:resourceClaimName:s 3:resources:{q
    PodIP - 1:ip:s
    PodResourceClaimStatus - 1:name:s 2:resourceClaimName:s
    ReplicationControllerCondition - 3:lastTransitionTime:t 5:message:s 4:reason:s 2:status:s 1:type:s
    ScopeSelector - 1:matchExpressions:[354
    ServicePort - 6:appProtocol:s 1:name:s 5:nodePort:i 3:port:i 2:protocol:s 4:targetPort:x
    SessionAffinityConfig - 1:clientIP:355
    LoadBalancerStatus - 1:ingress:[356
    EndpointConditions - 1:ready:b! 2:serving:b! 3:terminating:b!
    EndpointHints - 2:forNodes:[357 1:forZones:[358
    ParentReference - 1:group:s 4:name:s 3:namespace:s 2:resource:s
    IngressBackend - 3:resource:215 4:service:359
    IngressRule - 1:host:s 2::360
    IngressTLS - 1:hosts:[s 2:secretName:s
    IngressLoadBalancerStatus - 1:ingress:[361
    IngressClassParametersReference - 2:kind:s 3:name:s 5:namespace:s 4:scope:s 1:apiGroup:s
    NetworkPolicyEgressRule - 1:ports:[362 2:to:[363
    NetworkPolicyIngressRule - 2:from:[363 1:ports:[362
    DeviceClassConfiguration - 1::364
    DeviceSelector - 1:cel:365
    DeviceClaim - 3:config:[366 2:constraints:[367 1:requests:[368
    AllocationResult - 5:allocationTimestamp:t 1:devices:369 3:nodeSelector:264
    AllocatedDeviceStatus - 4:conditions:[170 5:data:r 3:device:s 1:driver:s 6:networkData:370 2:pool:s 7:shareID:s
    ResourceClaimConsumerReference - 1:apiGroup:s 4:name:s 3:resource:s 5:uid:s
    Device - 7:allNodes:b! 12:allowMultipleAllocations:b 2:attributes:{371 10:bindingConditions:[s 11:bindingFailureConditions:[s 9:bindsToNode:b 3:capacity:{372 4:consumesCounters:[373 1:name:s 13:nodeAllocatableResourceMappings:{374 5:nodeName:s 6:nodeSelector:264 8:taints:[375
    NodeSelector - 1:nodeSelectorTerms:[376
    ResourcePool - 2:generation:l 1:name:s 3:resourceSliceCount:l
    CounterSet - 2:counters:{377 1:name:s
    TokenRequest - 1:audience:s 2:expirationSeconds:l
    CSINodeDriver - 4:allocatable:378 1:name:s 2:nodeID:s 3:topologyKeys:[s
    LabelSelectorRequirement - 1:key:s 2:operator:s 3:values:[s
    TopologySelectorLabelRequirement - 1:key:s 2:values:[s
    VolumeAttachmentSource - 2:inlineVolumeSpec:114 1:persistentVolumeName:s
    VolumeError - 3:errorCode:i 2:message:s 1:time:t
    CustomResourceConversion - 1:strategy:s 2:webhook:379
    CustomResourceDefinitionNames - 6:categories:[s 4:kind:s 5:listKind:s 1:plural:s 3:shortNames:[s 2:singular:s
    CustomResourceDefinitionVersion - 6:additionalPrinterColumns:[380 7:deprecated:b 8:deprecationWarning:s 1:name:s 4:schema:381 9:selectableFields:[382 2:served:b! 3:storage:b! 5:subresources:383
    CustomResourceDefinitionCondition - 3:lastTransitionTime:t 5:message:s 6:observedGeneration:l 4:reason:s 2:status:s 1:type:s
    NamedRuleWithOperations - 1:resourceNames:[s 2::384
    ApplyConfiguration - 1:expression:s
    JSONPatch - 1:expression:s
    ServiceReference - 2:name:s 1:namespace:s 3:path:s 4:port:i
    Rule - 1:apiGroups:[s 2:apiVersions:[s 3:resources:[s 4:scope:s
    ExpressionWarning - 2:fieldRef:s 3:warning:s
    RollingUpdateDaemonSet - 2:maxSurge:x 1:maxUnavailable:x
    RollingUpdateDeployment - 2:maxSurge:x 1:maxUnavailable:x
    RollingUpdateStatefulSetStrategy - 2:maxUnavailable:x 1:partition:i!
    FieldSelectorAttributes - 1:rawSelector:s 2:requirements:[385
    LabelSelectorAttributes - 1:rawSelector:s 2:requirements:[269
    HPAScalingRules - 2:policies:[386 1:selectPolicy:s 3:stabilizationWindowSeconds:i! 4:tolerance:q
    ContainerResourceMetricSource - 3:container:s 1:name:s 2:target:387
    ExternalMetricSource - 1:metric:388 2:target:387
    ObjectMetricSource - 1:describedObject:190 3:metric:388 2:target:387
    PodsMetricSource - 1:metric:388 2:target:387
    ResourceMetricSource - 1:name:s 2:target:387
    ContainerResourceMetricStatus - 3:container:s 2:current:389 1:name:s
    ExternalMetricStatus - 2:current:389 1:metric:388
    ObjectMetricStatus - 2:current:389 3:describedObject:190 1:metric:388
    PodsMetricStatus - 2:current:389 1:metric:388
    ResourceMetricStatus - 2:current:389 1:name:s
    PodFailurePolicyRule - 1:action:s 2:onExitCodes:390 3:onPodConditions:[391
    SuccessPolicyRule - 2:succeededCount:i 1:succeededIndexes:s
    ConfigMapNodeConfigSource - 5:kubeletConfigKey:s 2:name:s 1:namespace:s 4:resourceVersion:s 3:uid:s
    DaemonEndpoint - 1:Port:i
    NodeSwapStatus - 1:capacity:l
    NodeRuntimeHandlerFeatures - 1:recursiveReadOnlyMounts:b 2:userNamespaces:b
    GCEPersistentDiskVolumeSource - 2:fsType:s 3:partition:i 1:pdName:s 4:readOnly:b
    AWSElasticBlockStoreVolumeSource - 2:fsType:s 3:partition:i 4:readOnly:b 1:volumeID:s
    HostPathVolumeSource - 1:path:s 2:type:s
    GlusterfsPersistentVolumeSource - 1:endpoints:s 4:endpointsNamespace:s 2:path:s 3:readOnly:b
    NFSVolumeSource - 2:path:s 3:readOnly:b 1:server:s
    RBDPersistentVolumeSource - 3:fsType:s 2:image:s 6:keyring:s 1:monitors:[s 4:pool:s 8:readOnly:b 7:secretRef:392 5:user:s
    ISCSIPersistentVolumeSource - 8:chapAuthDiscovery:b 11:chapAuthSession:b 5:fsType:s 12:initiatorName:s 2:iqn:s 4:iscsiInterface:s 3:lun:i! 7:portals:[s 6:readOnly:b 10:secretRef:392 1:targetPortal:s
    CinderPersistentVolumeSource - 2:fsType:s 3:readOnly:b 4:secretRef:392 1:volumeID:s
    CephFSPersistentVolumeSource - 1:monitors:[s 2:path:s 6:readOnly:b 4:secretFile:s 5:secretRef:392 3:user:s
    FCVolumeSource - 3:fsType:s 2:lun:i! 4:readOnly:b 1:targetWWNs:[s 5:wwids:[s
    FlockerVolumeSource - 1:datasetName:s 2:datasetUUID:s
    FlexPersistentVolumeSource - 1:driver:s 2:fsType:s 5:options:{s 4:readOnly:b 3:secretRef:392
    AzureFilePersistentVolumeSource - 3:readOnly:b 1:secretName:s 4:secretNamespace:s 2:shareName:s
    VsphereVirtualDiskVolumeSource - 2:fsType:s 4:storagePolicyID:s 3:storagePolicyName:s 1:volumePath:s
    QuobyteVolumeSource - 5:group:s 3:readOnly:b 1:registry:s 6:tenant:s 4:user:s 2:volume:s
    AzureDiskVolumeSource - 3:cachingMode:s 1:diskName:s 2:diskURI:s 4:fsType:s 6:kind:s 5:readOnly:b
    PhotonPersistentDiskVolumeSource - 2:fsType:s 1:pdID:s
    PortworxVolumeSource - 2:fsType:s 3:readOnly:b 1:volumeID:s
    ScaleIOPersistentVolumeSource - 9:fsType:s 1:gateway:s 5:protectionDomain:s 10:readOnly:b 3:secretRef:392 4:sslEnabled:b 7:storageMode:s 6:storagePool:s 2:system:s 8:volumeName:s
    LocalVolumeSource - 2:fsType:s 1:path:s
    StorageOSPersistentVolumeSource - 3:fsType:s 4:readOnly:b 5:secretRef:104 1:volumeName:s 2:volumeNamespace:s
    CSIPersistentVolumeSource - 9:controllerExpandSecretRef:392 6:controllerPublishSecretRef:392 1:driver:s 4:fsType:s 10:nodeExpandSecretRef:392 8:nodePublishSecretRef:392 7:nodeStageSecretRef:392 3:readOnly:b 5:volumeAttributes:{s 2:volumeHandle:s
    NodeAffinity - 2:preferredDuringSchedulingIgnoredDuringExecution:[393 1:requiredDuringSchedulingIgnoredDuringExecution:264
    PodAffinity - 2:preferredDuringSchedulingIgnoredDuringExecution:[394 1:requiredDuringSchedulingIgnoredDuringExecution:[395
    PodAntiAffinity - 2:preferredDuringSchedulingIgnoredDuringExecution:[394 1:requiredDuringSchedulingIgnoredDuringExecution:[395
    EnvVar - 1:name:s 2:value:s 3:valueFrom:396
    EnvFromSource - 2:configMapRef:397 1:prefix:s 3:secretRef:398
    Lifecycle - 1:postStart:399 2:preStop:399 3:stopSignal:s
    Probe - 6:failureThreshold:i 2:initialDelaySeconds:i 4:periodSeconds:i 5:successThreshold:i 7:terminationGracePeriodSeconds:l! 3:timeoutSeconds:i 1::400
    ContainerPort - 3:containerPort:i 5:hostIP:s 2:hostPort:i 1:name:s 4:protocol:s
    ContainerResizePolicy - 1:resourceName:s 2:restartPolicy:s
    ContainerRestartRule - 1:action:s 2:exitCodes:401
    SecurityContext - 7:allowPrivilegeEscalation:b! 12:appArmorProfile:343 1:capabilities:402 2:privileged:b! 9:procMount:s! 6:readOnlyRootFilesystem:b! 8:runAsGroup:l! 5:runAsNonRoot:b! 4:runAsUser:l! 3:seLinuxOptions:344 11:seccompProfile:345 10:windowsOptions:347
    VolumeDevice - 2:devicePath:s 1:name:s
    VolumeMount - 3:mountPath:s 5:mountPropagation:s 1:name:s 2:readOnly:b 7:recursiveReadOnly:s 4:subPath:s 6:subPathExpr:s
    PodDNSConfigOption - 1:name:s 2:value:s
    EphemeralContainerCommon - 1:name:s 2:image:s 3:command:[s 4:args:[s 5:workingDir:s 6:ports:[334%mcontainerPort 19:envFrom:[331 7:env:[330%mname 8:resources:228 23:resizePolicy:[335 24:restartPolicy:s 25:restartPolicyRules:[336 9:volumeMounts:[339%mmountPath 21:volumeDevices:[338%mdevicePath 10:livenessProbe:333 11:readinessProbe:333 22:startupProbe:333 12:lifecycle:332 13:terminationMessagePath:s 20:terminationMessagePolicy:s 14:imagePullPolicy:s 15:securityContext:337 16:stdin:b 17:stdinOnce:b 18:tty:b
    ResourceClaim - 1:name:s 2:request:s
    AppArmorProfile - 2:localhostProfile:s 1:type:s
    SELinuxOptions - 4:level:s 2:role:s 3:type:s 1:user:s
    SeccompProfile - 2:localhostProfile:s 1:type:s
    Sysctl - 1:name:s 2:value:s
    WindowsSecurityContextOptions - 2:gmsaCredentialSpec:s 1:gmsaCredentialSpecName:s 4:hostProcess:b 3:runAsUserName:s!
    VolumeSource - 1:hostPath:307 2:emptyDir:403 3:gcePersistentDisk:305 4:awsElasticBlockStore:306 5:gitRepo:404 6:secret:405 7:nfs:309 8:iscsi:406 9:glusterfs:407 10:persistentVolumeClaim:408 11:rbd:409 12:flexVolume:410 13:cinder:411 14:cephfs:412 15:flocker:315 16:downwardAPI:413 17:fc:314 18:azureFile:414 19:configMap:415 20:vsphereVolume:318 21:quobyte:319 22:azureDisk:320 23:photonPersistentDisk:321 26:projected:416 24:portworxVolume:322 25:scaleIO:417 27:storageos:418 28:csi:419 29:ephemeral:420 30:image:421
    ResourceStatus - 1:name:s 2:resources:[422
    ContainerState - 2:running:423 3:terminated:424 1:waiting:425
    ContainerUser - 1:linux:426
    VolumeMountStatus - 2:mountPath:s 1:name:s 3:readOnly:b 4:recursiveReadOnly:s 5:volumeStatus:427
    ContainerExtendedResourceRequest - 1:containerName:s 3:requestName:s 2:resourceName:s
    ScopedResourceSelectorRequirement - 2:operator:s 1:scopeName:s 3:values:[s
    ClientIPConfig - 1:timeoutSeconds:i!
    LoadBalancerIngress - 2:hostname:s 1:ip:s 3:ipMode:s 4:ports:[428
    ForNode - 1:name:s
    ForZone - 1:name:s
    IngressServiceBackend - 1:name:s 2:port:429
    IngressRuleValue - 1:http:430
    IngressLoadBalancerIngress - 2:hostname:s 1:ip:s 4:ports:[431
    NetworkPolicyPort - 3:endPort:i! 2:port:x 1:protocol:s!
    NetworkPolicyPeer - 3:ipBlock:432 2:namespaceSelector:151 1:podSelector:151
    DeviceConfiguration - 1:opaque:433
    CELDeviceSelector - 1:expression:s
    DeviceClaimConfiguration - 1:requests:[s 2::434
    DeviceConstraint - 3:distinctAttribute:s 2:matchAttribute:s 1:requests:[s
    DeviceRequest - 2:exactly:435 3:firstAvailable:[436 1:name:s
    DeviceAllocationResult - 2:config:[437 1:results:[438
    NetworkDeviceData - 3:hardwareAddress:s 1:interfaceName:s 2:ips:[s
    DeviceAttribute - 3:bool:b! 7:bools:[b 2:int:l! 6:ints:[l 4:string:s 8:strings:[s 5:version:s 9:versions:[s
    DeviceCapacity - 2:requestPolicy:439 1:value:q
    DeviceCounterConsumption - 1:counterSet:s 2:counters:{377
    NodeAllocatableResourceMapping - 2:allocationMultiplier:q 1:capacityKey:s
    DeviceTaint - 3:effect:s 1:key:s 4:timeAdded:t 2:value:s
    NodeSelectorTerm - 1:matchExpressions:[440 2:matchFields:[440
    Counter - 1:value:q
    VolumeNodeResources - 1:count:i!
    WebhookConversion - 2:clientConfig:441 3:conversionReviewVersions:[s
    CustomResourceColumnDefinition - 4:description:s 3:format:s 6:jsonPath:s 1:name:s 5:priority:i 2:type:s
    CustomResourceValidation - 1:openAPIV3Schema:442
    SelectableField - 1:jsonPath:s
    CustomResourceSubresources - 2:scale:443 1:status:r
    RuleWithOperations - 1:operations:[s 2::444
    FieldSelectorRequirement - 1:key:s 2:operator:s 3:values:[s
    HPAScalingPolicy - 3:periodSeconds:i 1:type:s 2:value:i
    MetricTarget - 4:averageUtilization:i! 3:averageValue:q 1:type:s 2:value:q
    MetricIdentifier - 1:name:s 2:selector:151
    MetricValueStatus - 3:averageUtilization:i! 2:averageValue:q 1:value:q
    PodFailurePolicyOnExitCodesRequirement - 1:containerName:s 2:operator:s 3:values:[i
    PodFailurePolicyOnPodConditionsPattern - 2:status:s 1:type:s
    SecretReference - 1:name:s 2:namespace:s
    PreferredSchedulingTerm - 2:preference:376 1:weight:i
    WeightedPodAffinityTerm - 2:podAffinityTerm:395 1:weight:i
    PodAffinityTerm - 1:labelSelector:151 5:matchLabelKeys:[s 6:mismatchLabelKeys:[s 4:namespaceSelector:151 2:namespaces:[s 3:topologyKey:s
    EnvVarSource - 3:configMapKeyRef:445 1:fieldRef:446 5:fileKeyRef:447 2:resourceFieldRef:448 4:secretKeyRef:449
    ConfigMapEnvSource - 2:optional:b! 1::450
    SecretEnvSource - 2:optional:b! 1::451
    LifecycleHandler - 1:exec:452 2:httpGet:453 4:sleep:454 3:tcpSocket:455
    ProbeHandler - 1:exec:452 2:httpGet:453 3:tcpSocket:455 4:grpc:456
    ContainerRestartRuleOnExitCodes - 1:operator:s 2:values:[i
    Capabilities - 1:add:[s 2:drop:[s
    EmptyDirVolumeSource - 1:medium:s 2:sizeLimit:q
    GitRepoVolumeSource - 3:directory:s 1:repository:s 2:revision:s
    SecretVolumeSource - 3:defaultMode:i! 2:items:[457 4:optional:b! 1:secretName:s
    ISCSIVolumeSource - 8:chapAuthDiscovery:b 11:chapAuthSession:b 5:fsType:s 12:initiatorName:s 2:iqn:s 4:iscsiInterface:s 3:lun:i! 7:portals:[s 6:readOnly:b 10:secretRef:127 1:targetPortal:s
    GlusterfsVolumeSource - 1:endpoints:s 2:path:s 3:readOnly:b
    PersistentVolumeClaimVolumeSource - 1:claimName:s 2:readOnly:b
    RBDVolumeSource - 3:fsType:s 2:image:s 6:keyring:s 1:monitors:[s 4:pool:s 8:readOnly:b 7:secretRef:127 5:user:s
    FlexVolumeSource - 1:driver:s 2:fsType:s 5:options:{s 4:readOnly:b 3:secretRef:127
    CinderVolumeSource - 2:fsType:s 3:readOnly:b 4:secretRef:127 1:volumeID:s
    CephFSVolumeSource - 1:monitors:[s 2:path:s 6:readOnly:b 4:secretFile:s 5:secretRef:127 3:user:s
    DownwardAPIVolumeSource - 2:defaultMode:i! 1:items:[458
    AzureFileVolumeSource - 3:readOnly:b 1:secretName:s 2:shareName:s
    ConfigMapVolumeSource - 3:defaultMode:i! 2:items:[457 4:optional:b! 1::459
    ProjectedVolumeSource - 2:defaultMode:i! 1:sources:[460
    ScaleIOVolumeSource - 9:fsType:s 1:gateway:s 5:protectionDomain:s 10:readOnly:b 3:secretRef:127 4:sslEnabled:b 7:storageMode:s 6:storagePool:s 2:system:s 8:volumeName:s
    StorageOSVolumeSource - 3:fsType:s 4:readOnly:b 5:secretRef:127 1:volumeName:s 2:volumeNamespace:s
    CSIVolumeSource - 1:driver:s 3:fsType:s 5:nodePublishSecretRef:127 2:readOnly:b 4:volumeAttributes:{s
    EphemeralVolumeSource - 1:volumeClaimTemplate:461
    ImageVolumeSource - 2:pullPolicy:s 1:reference:s
    ResourceHealth - 2:health:s 6:message:s 1:resourceID:s
    ContainerStateRunning - 1:startedAt:t
    ContainerStateTerminated - 7:containerID:s 1:exitCode:i 6:finishedAt:t 4:message:s 3:reason:s 2:signal:i 5:startedAt:t
    ContainerStateWaiting - 2:message:s 1:reason:s
    LinuxContainerUser - 2:gid:l 3:supplementalGroups:[l 1:uid:l
    VolumeStatus - 1:image:462
    PortStatus - 3:error:s 1:port:i 2:protocol:s
    ServiceBackendPort - 1:name:s 2:number:i
    HTTPIngressRuleValue - 1:paths:[463
    IngressPortStatus - 3:error:s 1:port:i 2:protocol:s
    IPBlock - 1:cidr:s 2:except:[s
    OpaqueDeviceConfiguration - 1:driver:s 2:parameters:r
    DeviceConfiguration - 1:opaque:433
    ExactDeviceRequest - 5:adminAccess:b 3:allocationMode:s 7:capacity:464 4:count:l 1:deviceClassName:s 2:selectors:[258 6:tolerations:[465
    DeviceSubRequest - 4:allocationMode:s 7:capacity:464 5:count:l! 2:deviceClassName:s 1:name:s 3:selectors:[258 6:tolerations:[465
    DeviceAllocationConfiguration - 2:requests:[s 1:source:s 3::466
    DeviceRequestAllocationResult - 5:adminAccess:b! 7:bindingConditions:[s 8:bindingFailureConditions:[s 10:consumedCapacity:{q 4:device:s 2:driver:s 3:pool:s 1:request:s 9:shareID:s 6:tolerations:[465
    CapacityRequestPolicy - 1:default:q 4:validRange:467 3:validValues:[q
    NodeSelectorRequirement - 1:key:s 2:operator:s 3:values:[s
    WebhookClientConfig - 2:caBundle:y 1:service:468 3:url:s
    JSONSchemaProps - 33:additionalItems:o 30:additionalProperties:o 25:allOf:[442 27:anyOf:[442 8:default:r 34:definitions:{442 32:dependencies:{p 4:description:s 20:enum:[r 36:example:r 10:exclusiveMaximum:b 12:exclusiveMinimum:b 35:externalDocs:469 6:format:s 1:id:s 24:items:a 16:maxItems:l! 13:maxLength:l! 21:maxProperties:l! 9:maximum:d 17:minItems:l! 14:minLength:l! 22:minProperties:l! 11:minimum:d 19:multipleOf:d 28:not:442 37:nullable:b 26:oneOf:[442 15:pattern:s 31:patternProperties:{442 29:properties:{442 23:required:[s 7:title:s 5:type:s 18:uniqueItems:b 2:$schema:s 3:$ref:s 38:x-kubernetes-preserve-unknown-fields:b! 39:x-kubernetes-embedded-resource:b 40:x-kubernetes-int-or-string:b 41:x-kubernetes-list-map-keys:[s 42:x-kubernetes-list-type:s 43:x-kubernetes-map-type:s 44:x-kubernetes-validations:[470%mrule
    CustomResourceSubresourceScale - 3:labelSelectorPath:s 1:specReplicasPath:s 2:statusReplicasPath:s
    Rule - 1:apiGroups:[s 2:apiVersions:[s 3:resources:[s 4:scope:s
    ConfigMapKeySelector - 2:key:s 3:optional:b! 1::471
    ObjectFieldSelector - 1:apiVersion:s 2:fieldPath:s
    FileKeySelector - 3:key:s 4:optional:b! 2:path:s 1:volumeName:s
    ResourceFieldSelector - 1:containerName:s 3:divisor:q 2:resource:s
    SecretKeySelector - 2:key:s 3:optional:b! 1::472
    LocalObjectReference - 1:name:s
    LocalObjectReference - 1:name:s
    ExecAction - 1:command:[s
    HTTPGetAction - 3:host:s 5:httpHeaders:[473 1:path:s 2:port:x 4:scheme:s
    SleepAction - 1:seconds:l
    TCPSocketAction - 2:host:s 1:port:x
    GRPCAction - 1:port:i 2:service:s
    KeyToPath - 1:key:s 3:mode:i! 2:path:s
    DownwardAPIVolumeFile - 2:fieldRef:446 4:mode:i! 1:path:s 3:resourceFieldRef:448
    LocalObjectReference - 1:name:s
    VolumeProjection - 5:clusterTrustBundle:474 3:configMap:475 2:downwardAPI:476 6:podCertificate:477 1:secret:478 4:serviceAccountToken:479
    PersistentVolumeClaimTemplate - 1:metadata:67 2:spec:116
    ImageVolumeStatus - 1:imageRef:s
    HTTPIngressPath - 2:backend:250 1:path:s 3:pathType:s
    CapacityRequirements - 1:requests:{q
    DeviceToleration - 4:effect:s 1:key:s 2:operator:s 5:tolerationSeconds:l! 3:value:s
    DeviceConfiguration - 1:opaque:433
    CapacityRequestPolicyRange - 2:max:q 1:min:q 3:step:q
    ServiceReference - 2:name:s 1:namespace:s 3:path:s 4:port:i
    ExternalDocumentation - 1:description:s 2:url:s
    ValidationRule - 5:fieldPath:s 2:message:s 3:messageExpression:s 6:optionalOldSelf:b! 4:reason:s 1:rule:s
    LocalObjectReference - 1:name:s
    LocalObjectReference - 1:name:s
    HTTPHeader - 1:name:s 2:value:s
    ClusterTrustBundleProjection - 3:labelSelector:151 1:name:s 5:optional:b! 4:path:s 2:signerName:s
    ConfigMapProjection - 2:items:[457 4:optional:b! 1::480
    DownwardAPIProjection - 1:items:[458
    PodCertificateProjection - 6:certificateChainPath:s 4:credentialBundlePath:s 5:keyPath:s 2:keyType:s 3:maxExpirationSeconds:i 1:signerName:s 7:userAnnotations:{s
    SecretProjection - 2:items:[457 4:optional:b! 1::481
    ServiceAccountTokenProjection - 1:audience:s 2:expirationSeconds:l 3:path:s
    LocalObjectReference - 1:name:s
    LocalObjectReference - 1:name:s
    """
}
