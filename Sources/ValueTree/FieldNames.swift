/// The field names of Kubernetes' built-in kinds and of `drydock.dev`, sorted by their bytes.
///
/// A name may be added at its place: hashes and traces are made from text, so no number in this list is
/// ever stored.
enum FieldNames {
  static let sorted: StaticString = """
    $ref $schema Port acceptedNames accessModes acquireTime action active activeDeadlineSeconds \
    add additionalItems additionalPrinterColumns additionalProperties address addressType \
    addresses adminAccess admissionReviewVersions affinity after aggregationRule allNodes allOf \
    allocatable allocateLoadBalancerNodePorts allocatedResourceStatuses allocatedResources \
    allocatedResourcesStatus allocation allocationMode allocationMultiplier allocationTimestamp \
    allowMultipleAllocations allowPrivilegeEscalation allowVolumeExpansion allowed \
    allowedTopologies annotations anyOf apiGroup apiGroups apiVersion apiVersions app \
    app.kubernetes.io/name appArmorProfile appProtocol apply applyConfiguration architecture \
    args assigned at attachError attachRequired attached attacher attachmentMetadata attributes \
    audience audiences auditAnnotations authenticated automountServiceAccountToken \
    availableReplicas averageUtilization averageValue awsElasticBlockStore azureDisk azureFile \
    backend backing backoffLimit backoffLimitPerIndex bands behavior binaryData \
    bindingConditions bindingFailureConditions bindsToNode blockOwnerDeletion bool bools bootID \
    boundObjectRef caBundle cachingMode capabilities capacity capacityKey categories causes cel \
    cephfs certificateChainPath chapAuthDiscovery chapAuthSession cidr cidrs cinder claimName \
    claimRef claims clientConfig clientIP clusterIP clusterIPs clusterRoleSelectors \
    clusterTrustBundle code collisionCount command completedIndexes completionMode \
    completionTime completions component concurrencyPolicy conditionType conditions config \
    configMap configMapKeyRef configMapRef configSource constraints consumedCapacity \
    consumesCounters container containerID containerName containerPort containerResource \
    containerRuntimeVersion containerStatuses containers continue controller \
    controllerExpandSecretRef controllerPublishSecretRef conversion conversionReviewVersions \
    cooling count counterSet counters crash create creationTimestamp credentialBundlePath csi \
    current currentCPUUtilizationPercentage currentHealthy currentMetrics currentNumberScheduled \
    currentReplicas currentRevision currentVolumeAttributesClassName daemonEndpoints data \
    dataSource dataSourceRef datasetName datasetUUID declaredFeatures default defaultBackend \
    defaultMode defaultRequest definitions delete deleteOptions deletionGracePeriodSeconds \
    deletionTimestamp denied dependencies deprecated deprecatedCount deprecatedFirstTimestamp \
    deprecatedLastTimestamp deprecatedSource deprecatedTopology deprecationWarning \
    describedObject description desiredHealthy desiredNumberScheduled desiredReplicas \
    detachError details deviations device deviceClassName devicePath devices directory diskName \
    diskURI disruptedPods disruptionsAllowed distinctAttribute divisor dnsConfig dnsPolicy \
    downwardAPI driver driverName drivers drop dryRun drydock.dev/managed-by effect egress \
    emptyDir enableServiceLinks endPort endpoints endpointsNamespace enum env envFrom ephemeral \
    ephemeralContainerStatuses ephemeralContainers error errorCode evaluationError eventTime \
    exactly example except exclude excludeResourceRules exclusiveMaximum exclusiveMinimum exec \
    exitCode exitCodes expectedPods expirationSeconds expirationTimestamp expression \
    expressionWarnings extendedResourceClaimStatus extendedResourceName external externalDocs \
    externalID externalIPs externalName externalTrafficPolicy extra failed failedIndexes \
    failedJobsHistoryLimit failurePolicy failureThreshold faults fc features field fieldPath \
    fieldRef fieldSelector fieldsType fieldsV1 fileKeyRef finalizers finishedAt firstAvailable \
    firstTimestamp flexVolume flocker forNodes forZones format from fsGroup fsGroupChangePolicy \
    fsGroupPolicy fsType fullyLabeledReplicas gateway gcePersistentDisk generateName generation \
    gid gitRepo globalDefault glusterfs gmsaCredentialSpec gmsaCredentialSpecName gpu gpuRequest \
    gpus gracePeriodSeconds grant grants group groupVersion groups grpc hard hardwareAddress \
    hash health healthCheckNodePort hints holder holderIdentity host hostAliases hostIP hostIPC \
    hostIPs hostNetwork hostPID hostPath hostPort hostProcess hostUsers hostname \
    hostnameOverride hostnames hosts http httpGet httpHeaders id \
    ignoreStoreReadErrorWithClusterBreakingPotential image imageID imagePullPolicy \
    imagePullSecrets imageRef images immutable incomplete index ingress ingressClassName \
    initContainerStatuses initContainers initialDelaySeconds initiatorName inlineVolumeSpec int \
    interfaceName internalTrafficPolicy ints involvedObject ip ipBlock ipFamilies ipFamilyPolicy \
    ipMode ips iqn iscsi iscsiInterface item items jobTemplate jsonPatch jsonPath kernelVersion \
    key keyPath keyType keyring kind kubeProxyVersion \
    kubectl.kubernetes.io/last-applied-configuration kubeletConfigKey kubeletEndpoint \
    kubeletVersion kubernetes.io/metadata.name labelSelector labelSelectorPath labels lag \
    lastHeartbeatTime lastKnownGood lastObservedTime lastPhaseTransitionTime lastProbeTime \
    lastScaleTime lastScheduleTime lastState lastSuccessfulTime lastTimestamp lastTransitionTime \
    lastUpdateTime latency leaseDurationSeconds leaseTransitions level lifecycle limits linux \
    listKind livenessProbe loadBalancer loadBalancerClass loadBalancerIP \
    loadBalancerSourceRanges local localhostProfile lostReply lun machineID managedBy \
    managedFields manager manualSelector matchAttribute matchConditions matchConstraints \
    matchExpressions matchFields matchLabelExpressions matchLabelKeys matchLabels matchPolicy \
    matchResources max maxExpirationSeconds maxFailedIndexes maxItems maxLength \
    maxLimitRequestRatio maxProperties maxReplicas maxSkew maxSurge maxUnavailable maximum \
    maximumVolumeSize medium memory message messageExpression metadata metric metrics min \
    minAvailable minDomains minItems minLength minProperties minReadySeconds minReplicas minimum \
    mismatchLabelKeys mode model modifyVolumeStatus monitors mountOptions mountPath \
    mountPropagation multipleOf mutations name names nameservers namespace namespaceSelector \
    namespaced namespaces networkData nfs node nodeAffinity nodeAffinityPolicy \
    nodeAllocatableResourceClaimStatuses nodeAllocatableResourceMappings \
    nodeAllocatableUpdatePeriodSeconds nodeExpandSecretRef nodeID nodeInfo nodeName nodePort \
    nodePublishSecretRef nodeSelector nodeSelectorTerms nodeStageSecretRef nodeTaintsPolicy \
    nodeTopology nominatedNodeName nonResourceAttributes nonResourceRules nonResourceURLs not \
    notReadyAddresses note nullable number numberAvailable numberMisscheduled numberReady \
    numberUnavailable object objectSelector observedGeneration occurrence onExitCodes \
    onPodConditions oneOf opaque openAPIV3Schema operatingSystem operation operations operator \
    optional optionalOldSelf options ordinals orphanDependents os osImage overhead \
    ownerReferences parallelism paramKind paramRef parameterNotFoundAction parameters parentRef \
    partition patchType path pathType paths pattern patternProperties paused pdID pdName \
    perDeviceNodeSelection periodSeconds persistentVolumeClaim \
    persistentVolumeClaimRetentionPolicy persistentVolumeName persistentVolumeReclaimPolicy \
    phase photonPersistentDisk plural podAffinity podAffinityTerm podAntiAffinity podCIDR \
    podCIDRs podCertificate podFailurePolicy podGroupName podIP podIPs podInfoOnMount \
    podManagementPolicy podReplacementPolicy podSelector pods point policies policy policyName \
    policyTypes pool pools port portals ports portworxVolume postStart preStop preconditions \
    preemptionPolicy preference preferredDuringSchedulingIgnoredDuringExecution preferredHolder \
    prefix preserveUnknownFields preventPodSchedulingIfMissing priority priorityClassName \
    privileged procMount process product progressDeadlineSeconds projected propagationPolicy \
    properties protectionDomain protocol providerID provisioner publishNotReadyAddresses \
    pullPolicy qosClass quobyte ranges rawSelector rbd readOnly readOnlyRootFilesystem \
    readinessGates readinessProbe ready readyReplicas reason reclaimPolicy recursiveReadOnly \
    recursiveReadOnlyMounts reference regarding registry reinvocationPolicy related \
    remainingItemCount renewTime replicas reportingComponent reportingController \
    reportingInstance repository request requestMappings requestName requestPolicy requests \
    required requiredDuringSchedulingIgnoredDuringExecution requirements requiresRepublish \
    reservedFor resize resizePolicy resource resourceAttributes resourceClaimName \
    resourceClaimStatuses resourceClaimTemplateName resourceClaims resourceFieldRef resourceID \
    resourceName resourceNames resourceRules resourceSliceCount resourceVersion resources \
    restartCount restartPolicy restartPolicyRules results retryAfterSeconds revision \
    revisionHistoryLimit role roleRef rollingUpdate rule rules runAsGroup runAsNonRoot runAsUser \
    runAsUserName running runtimeClassName runtimeHandlers scale scaleDown scaleIO \
    scaleTargetRef scaleUp scenario schedule schedulerName schedulingGates schedulingGroup \
    schema scheme scope scopeName scopeSelector scopes seLinuxChangePolicy seLinuxMount \
    seLinuxOptions searches seccompProfile seconds secret secretFile secretKeyRef secretName \
    secretNamespace secretRef secrets securityContext seed selectPolicy selectableFields \
    selector selectors selfLink series served server service serviceAccount serviceAccountName \
    serviceAccountToken serviceAccountTokenInSecrets serviceName serving sessionAffinity \
    sessionAffinityConfig setHostnameAsFQDN settle shardInfo shareID shareName \
    shareProcessNamespace sharedCounters shortNames sideEffects signal signerName singular \
    singularName sizeBytes sizeLimit sleep source sources spec specReplicasPath sslEnabled \
    stabilizationWindowSeconds start startTime started startedAt startingDeadlineSeconds \
    startupProbe state status statusReplicasPath stdin stdinOnce step stopSignal storage \
    storageCapacity storageClassName storageMode storagePolicyID storagePolicyName storagePool \
    storageVersionHash storageos storedVersions strategy string stringData strings subPath \
    subPathExpr subdomain subjects subresource subresources subsets succeeded succeededCount \
    succeededIndexes successPolicy successThreshold successfulJobsHistoryLimit \
    supplementalGroups supplementalGroupsPolicy suspend swap sysctls system systemUUID taints \
    target targetCPUUtilizationPercentage targetContainerName targetPort targetPortal targetRef \
    targetVolumeAttributesClassName targetWWNs tcpSocket template tenant terminated terminating \
    terminatingReplicas terminationGracePeriodSeconds terminationMessagePath \
    terminationMessagePolicy time timeAdded timeZone timeoutSeconds title tls to token \
    tokenRequests tolerance tolerationSeconds tolerations topologyKey topologyKeys \
    topologySpreadConstraints trace trafficDistribution ttlSecondsAfterFinished tty type \
    typeChecking uid unavailableReplicas uncountedTerminatedPods unhealthyPodEvictionPolicy \
    uniqueItems unschedulable update updateRevision updateStrategy updatedNumberScheduled \
    updatedReplicas url use used user userAnnotations userInfo userNamespaces username uuid \
    validRange validValues validationActions validations value valueExpression valueFrom values \
    variables verb verbs verdict version versions volume volumeAttributes \
    volumeAttributesClassName volumeBindingMode volumeClaimTemplate volumeClaimTemplates \
    volumeDevices volumeHandle volumeID volumeLifecycleModes volumeMode volumeMounts volumeName \
    volumeNamespace volumePath volumeStatus volumes volumesAttached volumesInUse vsphereVolume \
    waiting warning webhook webhooks weight whenDeleted whenScaled whenUnsatisfiable \
    windowsOptions workers workingDir workload wwids x-kubernetes-embedded-resource \
    x-kubernetes-int-or-string x-kubernetes-list-map-keys x-kubernetes-list-type \
    x-kubernetes-map-type x-kubernetes-preserve-unknown-fields x-kubernetes-validations zone
    """
}
