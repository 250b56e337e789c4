/// What discovery tells of Kubernetes' kinds beside the kinds that are stored.
enum BuiltInEndpoints {
  /// apiVersion, plural and part, the kind of its body, verbs, and the body's apiVersion if it is another.
  private static let parts: StaticString = """
    v1 namespaces/finalize Namespace update
    v1 nodes/proxy NodeProxyOptions create,delete,get,patch,update
    v1 pods/attach PodAttachOptions create,get
    v1 pods/binding Binding create
    v1 pods/ephemeralcontainers Pod get,patch,update
    v1 pods/eviction Eviction create policy/v1
    v1 pods/exec PodExecOptions create,get
    v1 pods/log Pod get
    v1 pods/portforward PodPortForwardOptions create,get
    v1 pods/proxy PodProxyOptions create,delete,get,patch,update
    v1 pods/resize Pod get,patch,update
    v1 serviceaccounts/token TokenRequest create authentication.k8s.io/v1
    v1 services/proxy ServiceProxyOptions create,delete,get,patch,update
    """

  /// apiVersion, plural, singular, kind, `n` for a namespaced one, short names, verbs.
  private static let unstored: StaticString = """
    v1 bindings binding Binding n - create
    v1 componentstatuses componentstatus ComponentStatus - cs get,list
    authentication.k8s.io/v1 selfsubjectreviews selfsubjectreview SelfSubjectReview - - create
    authentication.k8s.io/v1 tokenreviews tokenreview TokenReview - - create
    authorization.k8s.io/v1 localsubjectaccessreviews localsubjectaccessreview LocalSubjectAccessReview n - create
    authorization.k8s.io/v1 selfsubjectaccessreviews selfsubjectaccessreview SelfSubjectAccessReview - - create
    authorization.k8s.io/v1 selfsubjectrulesreviews selfsubjectrulesreview SelfSubjectRulesReview - - create
    authorization.k8s.io/v1 subjectaccessreviews subjectaccessreview SubjectAccessReview - - create
    """

  /// The parts of a kind beside status and scale.
  static func parts(of definition: ResourceType.Definition) -> [SubresourceDefinition] {
    let group = definition.group
    let apiVersion = group.isEmpty ? definition.version : "\(group)/\(definition.version)"
    return rows[apiVersion]?[definition.plural] ?? []
  }

  private static let rows: [String: [String: [SubresourceDefinition]]] = {
    var rows: [String: [String: [SubresourceDefinition]]] = [:]
    for row in parts.description.split(separator: "\n") {
      let words = row.split(separator: " ").map(String.init)
      let path = words[1].split(separator: "/").map(String.init)
      rows[words[0], default: [:]][path[0], default: []].append(
        SubresourceDefinition(
          name: path[1], kind: words[2], verbs: words[3].split(separator: ",").map(String.init),
          apiVersion: words.count > 4 ? words[4] : nil))
    }
    return rows
  }()

  static let unstoredKinds: [ResourceType.Definition] =
    unstored.description.split(separator: "\n").map { row in
      let words = row.split(separator: " ").map(String.init)
      let groupVersion = words[0].split(separator: "/").map(String.init)
      var definition = ResourceType.Definition(
        group: groupVersion.count == 2 ? groupVersion[0] : "",
        version: groupVersion[groupVersion.count - 1], kind: words[3], plural: words[1],
        singular: words[2], shortNames: words[5] == "-" ? [] : [words[5]],
        isNamespaced: words[4] == "n", usesGeneration: false, allowsUnconditionalUpdate: true,
        isCustom: false)
      definition.verbs = words[6].split(separator: ",").map(String.init)
      return definition
    }
}

extension ResourceRegistry {
  /// Kinds of requests and answers that Kubernetes serves and nobody stores, with their verbs.
  public static var unstoredKinds: [ResourceType.Definition] { BuiltInEndpoints.unstoredKinds }
}
