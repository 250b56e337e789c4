import APIMachinery
import ValueTree

/// What Kubernetes says of a new pod that says little itself: clients read these fields without asking whether they are
/// there.
enum PodRules {
  /// The content of a new pod: it is pending, of the class that its requests and limits put it in, and has the defaults of
  /// Kubernetes' types.
  static func created(_ body: Value, _ type: ResourceType) -> Value {
    guard type.definition.group.isEmpty, type.kind == "Pod" else { return body }
    var spec = defaults.merging(body[Fields.spec] ?? Value.emptyMap)
    for list: Key in ["initContainers", "containers"] {
      guard let containers = spec[list], containers.isList else { continue }
      spec = spec.setting(list, to: Value(containers.elements.map(completed)))
    }
    return body.setting(Fields.spec, to: spec).setting(
      Fields.status, to: ["phase": "Pending", "qosClass": Value(serviceClass(of: spec))])
  }

  private static let defaults: Value = [
    "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
    "securityContext": .emptyMap, "schedulerName": "default-scheduler", "enableServiceLinks": true,
  ]

  private static func completed(_ container: Value) -> Value {
    let defaults: Value = [
      "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
      "resources": .emptyMap,
      "imagePullPolicy": isLatest(container["image"]?.string ?? "") ? "Always" : "IfNotPresent",
    ]
    return defaults.merging(container)
  }

  /// Whether an image is named without a tag and without a digest, or by the tag `latest`.
  private static func isLatest(_ image: String) -> Bool {
    if image.utf8.contains(UInt8(ascii: "@")) { return false }
    let name = image.split(separator: "/").last ?? ""
    let parts = name.split(separator: ":")
    return parts.count < 2 || parts[1] == "latest"
  }

  /// `Guaranteed` where every container's limits are all there is to say, `BestEffort` where none says anything.
  private static func serviceClass(of spec: Value) -> String {
    var isGuaranteed = true
    var saysAnything = false
    for list: Key in ["initContainers", "containers"] {
      for container in (spec[list] ?? Value.emptyList).elements {
        for name: Key in ["cpu", "memory"] {
          let limit = container["resources"]?["limits"]?[name]
          let request = container["resources"]?["requests"]?[name] ?? limit
          if limit != nil || request != nil { saysAnything = true }
          if limit == nil || request != limit { isGuaranteed = false }
        }
      }
    }
    return saysAnything ? isGuaranteed ? "Guaranteed" : "Burstable" : "BestEffort"
  }
}
