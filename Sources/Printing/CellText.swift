import APIMachinery
import Scalars
import ValueTree

/// What cannot be read off one field of an object, as kubectl shows it.
enum CellText {
  static func text(_ name: String, _ object: APIObject, _ now: Timestamp) -> Value {
    if let text = PodText.text(name, object, now) { return Value(text) }
    if let value = EventText.value(name, object, now) { return value }
    return value(name, object, now)
  }

  private static func value(_ name: String, _ object: APIObject, _ now: Timestamp) -> Value {
    let spec = object.body[Fields.spec] ?? Value.emptyMap
    let status = object.body[Fields.status] ?? Value.emptyMap
    let template = spec["template"]?["spec"]
    switch name {
    case "created":
      return Value(object.header.creationTimestamp?.text(.seconds) ?? "<unknown>")
    case "ready": return Value("\(status["readyReplicas"]?.int ?? 0)/\(spec["replicas"]?.int ?? 1)")
    case "containers": return Value(containers(template, "name"))
    case "images": return Value(containers(template, "image"))
    case "templateContainers": return Value(containers(object.body["template"]?["spec"], "name"))
    case "templateImages": return Value(containers(object.body["template"]?["spec"], "image"))
    case "templateLabels":
      return Value(labels(object.body[FieldPath("template", "metadata", "labels")]))
    case "jobContainers":
      return Value(containers(spec[FieldPath("jobTemplate", "spec", "template", "spec")], "name"))
    case "jobImages":
      return Value(containers(spec[FieldPath("jobTemplate", "spec", "template", "spec")], "image"))
    case "jobSelector": return Value(labels(spec[FieldPath("jobTemplate", "spec", "selector")]))
    case "selector": return Value(labels(spec["selector"]))
    case "podSelector": return Value(labels(spec["podSelector"]))
    case "nodeSelector": return Value(labels(template?["nodeSelector"]))
    case "phase":
      return object.isDeleting ? "Terminating" : status["phase"] ?? ""
    case "modes": return Value(modes(spec["accessModes"]))
    case "claimModes": return Value(spec["volumeName"] == nil ? "" : modes(status["accessModes"]))
    case "claimCapacity":
      guard spec["volumeName"] != nil, let size = status["capacity"]?["storage"] else { return "" }
      return size
    case "claim":
      guard let claim = spec["claimRef"] else { return "" }
      return Value("\(claim["namespace"]?.string ?? "")/\(claim["name"]?.string ?? "")")
    case "externalIP": return Value(externalIP(spec, status))
    case "ports": return Value(ports(spec["ports"]))
    case "owner":
      let owner = object.ownerReferences.first { $0.controller == true }
      return Value(owner.map { "\($0.kind.lowercased())/\($0.name)" } ?? "<none>")
    case "suspend": return bool(spec["suspend"], or: "<unset>")
    case "expansion": return bool(object.body["allowVolumeExpansion"], or: "false", lower: true)
    case "globalDefault": return bool(object.body["globalDefault"], or: "false", lower: true)
    case "attached": return bool(status["attached"], or: "false", lower: true)
    case "lastSchedule":
      return Value(status["lastScheduleTime"].map { Age.text(of: time($0), at: now) } ?? "<none>")
    case "role":
      let role = object.body["roleRef"]
      return Value("\(role?["kind"]?.string ?? "")/\(role?["name"]?.string ?? "")")
    case "users", "groups", "serviceAccounts": return Value(subjects(name, object))
    case "parameters": return Value(parameters(spec["parameters"]))
    case "cidrs": return Value(joined(spec["cidrs"]?.elements.compactMap(\.string)))
    case "quotaRequest": return Value(quota(object, isLimit: false))
    case "quotaLimit": return Value(quota(object, isLimit: true))
    default: return Value(networked(name, object, spec, status))
    }
  }

  private static func networked(
    _ name: String, _ object: APIObject, _ spec: Value, _ status: Value
  ) -> String {
    func list(_ value: Value?) -> [Value] { value?.elements.map(\.self) ?? [] }
    switch name {
    case "hosts":
      let hosts = list(spec["rules"]).map { $0["host"]?.string ?? "*" }
      return hosts.isEmpty ? "*" : short(hosts, 3)
    case "ingressAddress":
      return list(status["loadBalancer"]?["ingress"]).compactMap {
        $0["ip"]?.string ?? $0["hostname"]?.string
      }.joined(separator: ",")
    case "ingressPorts": return list(spec["tls"]).isEmpty ? "80" : "80, 443"
    case "slicePorts":
      let ports = list(object.body["ports"]).map { $0["port"]?.description ?? "*" }
      return ports.isEmpty ? "<unset>" : short(ports, 3)
    case "sliceAddresses":
      let addresses = list(object.body["endpoints"]).flatMap { list($0["addresses"]) }
      return addresses.isEmpty ? "<unset>" : short(addresses.compactMap(\.string), 3)
    case "endpoints":
      var pairs: [String] = []
      for subset in list(object.body["subsets"]) {
        for address in list(subset["addresses"]) {
          for port in list(subset["ports"]) {
            pairs.append("\(address["ip"]?.string ?? ""):\(port["port"]?.description ?? "")")
          }
        }
      }
      return pairs.isEmpty ? "<none>" : short(pairs, 3)
    case "devices": return held(status["devices"]) { $0["name"]?.string }
    case "addresses": return held(status["addresses"]) { $0["ip"]?.string }
    case "claimedPorts":
      return held(status["ports"]) { entry in
        entry["port"].map { "\($0)/\(entry["protocol"]?.string ?? "TCP")" }
      }
    case "claimState":
      if object.isDeleting { return "deleted" }
      guard status["allocation"] != nil else { return "pending" }
      return list(status["reservedFor"]).isEmpty ? "allocated" : "allocated,reserved"
    case "reference":
      let target = spec["scaleTargetRef"]
      return "\(target?["kind"]?.string ?? "")/\(target?["name"]?.string ?? "")"
    case "targets": return list(spec["metrics"]).isEmpty ? "<none>" : targets(spec, status)
    default: return "<none>"
    }
  }

  // MARK: Pieces

  static func joined(_ parts: [String]?) -> String {
    guard let parts, !parts.isEmpty else { return "<none>" }
    return parts.joined(separator: ",")
  }

  /// The first few, and how many there are more.
  private static func short(_ parts: [String], _ most: Int) -> String {
    let text = parts.prefix(most).joined(separator: ",")
    return parts.count > most ? "\(text) + \(parts.count - most) more..." : text
  }

  static func time(_ value: Value) -> Timestamp? {
    value.string.flatMap { try? Timestamp(parsing: $0) }
  }

  private static func containers(_ spec: Value?, _ field: Key) -> String {
    spec?["containers"]?.elements.map { $0[field]?.string ?? "" }.joined(separator: ",") ?? ""
  }

  private static func labels(_ selector: Value?) -> String {
    guard let selector else { return "<none>" }
    let text = LabelSelector(reading: selector).description
    return text.isEmpty ? "<none>" : text
  }

  private static func bool(_ value: Value?, or missing: String, lower: Bool = false) -> Value {
    guard let value = value?.bool else { return Value(missing) }
    if lower { return value ? "true" : "false" }
    return value ? "True" : "False"
  }

  private static func modes(_ value: Value?) -> String {
    let short = [
      "ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX",
      "ReadWriteOncePod": "RWOP",
    ]
    let present = value?.elements.compactMap(\.string) ?? []
    let order = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]
    return order.filter(present.contains).compactMap { short[$0] }.joined(separator: ",")
  }

  private static func externalIP(_ spec: Value, _ status: Value) -> String {
    let own = spec["externalIPs"]?.elements.compactMap(\.string) ?? []
    switch spec["type"]?.string {
    case "ExternalName": return spec["externalName"]?.string ?? "<none>"
    case "LoadBalancer":
      let given = status["loadBalancer"]?["ingress"]?.elements.compactMap {
        $0["ip"]?.string ?? $0["hostname"]?.string
      }
      let all = (given ?? []) + own
      return all.isEmpty ? "<pending>" : all.joined(separator: ",")
    default: return joined(own)
    }
  }

  private static func ports(_ value: Value?) -> String {
    joined(
      value?.elements.map { port in
        let own = port["port"]?.description ?? ""
        let node = port["nodePort"]?.int ?? 0
        return "\(node == 0 ? own : "\(own):\(node)")/\(port["protocol"]?.string ?? "TCP")"
      })
  }

  private static func subjects(_ name: String, _ object: APIObject) -> String {
    let kind = ["users": "User", "groups": "Group", "serviceAccounts": "ServiceAccount"][name]
    let found = object.body["subjects"]?.elements.filter { $0["kind"]?.string == kind } ?? []
    return found.map { subject in
      let own = subject["name"]?.string ?? ""
      guard kind == "ServiceAccount" else { return own }
      return "\(subject["namespace"]?.string ?? "")/\(own)"
    }.joined(separator: ", ")
  }

  private static func parameters(_ value: Value?) -> String {
    guard let value else { return "<none>" }
    let kind = value["kind"]?.string ?? ""
    let group = value["apiGroup"]?.string.map { ".\($0)" } ?? ""
    return "\(kind)\(group)/\(value["name"]?.string ?? "")"
  }

  private static func quota(_ object: APIObject, isLimit: Bool) -> String {
    let hard = object.body[FieldPath(Fields.status, "hard")] ?? Value.emptyMap
    let used = object.body[FieldPath(Fields.status, "used")] ?? Value.emptyMap
    return hard.members.filter { $0.key.text.hasPrefix("limits.") == isLimit }.map { key, value in
      let now = used[key].map { $0.string ?? $0.description } ?? "0"
      return "\(key): \(now)/\(value.string ?? value.description)"
    }.joined(separator: ", ")
  }

  private static func targets(_ spec: Value, _ status: Value) -> String {
    let current = status["currentMetrics"]?.elements.map(\.self) ?? []
    let texts = (spec["metrics"] ?? Value.emptyList).elements.enumerated().map { index, metric in
      let target = metric["resource"]?["target"]
      let present = index < current.count ? current[index]["resource"]?["current"] : nil
      let name = metric["resource"]?["name"]?.string ?? "metric"
      if let percent = target?["averageUtilization"]?.int {
        let now = present?["averageUtilization"]?.int.map { "\($0)%" } ?? "<unknown>"
        return "\(name): \(now)/\(percent)%"
      }
      let now = present?["averageValue"]?.string ?? "<unknown>"
      return "\(name): \(now)/\(target?["averageValue"]?.string ?? "<auto>")"
    }
    return short(texts, 2)
  }

  /// What a claim holds, with commas between.
  private static func held(_ entries: Value?, _ text: (Value) -> String?) -> String {
    let texts = entries?.elements.compactMap(text) ?? []
    return texts.isEmpty ? "<none>" : texts.joined(separator: ",")
  }
}
