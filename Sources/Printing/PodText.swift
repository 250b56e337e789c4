import APIMachinery
import Scalars
import ValueTree

/// How pods, jobs and nodes are doing, in a word.
enum PodText {
  static func text(_ name: String, _ object: APIObject, _ now: Timestamp) -> String? {
    let spec = object.body[Fields.spec] ?? Value.emptyMap
    let status = object.body[Fields.status] ?? Value.emptyMap
    switch name {
    case "podReady":
      let ready = containers(status, "containerStatuses").count {
        $0["ready"]?.bool == true && $0["state"]?["running"] != nil
      }
      return "\(ready)/\(spec["containers"]?.count ?? 0)"
    case "podStatus": return podStatus(object, spec, status)
    case "podRestarts": return restarts(status, now)
    case "gates":
      let gates = spec["readinessGates"]?.elements.compactMap { $0["conditionType"]?.string } ?? []
      if gates.isEmpty { return "<none>" }
      return "\(gates.count { condition($0, status) == "True" })/\(gates.count)"
    case "jobStatus": return jobStatus(object, spec, status)
    case "completions":
      let done = status["succeeded"]?.int ?? 0
      if let wanted = spec["completions"]?.int { return "\(done)/\(wanted)" }
      let parallel = spec["parallelism"]?.int ?? 1
      return parallel > 1 ? "\(done)/1 of \(parallel)" : "\(done)/1"
    case "duration": return duration(status, now)
    case "nodeStatus": return nodeStatus(spec, status)
    case "nodeRoles": return roles(object)
    case "internalIP": return address("InternalIP", status)
    case "externalNodeIP": return address("ExternalIP", status)
    default: return nil
    }
  }

  private static func containers(_ status: Value, _ field: Key) -> [Value] {
    status[field]?.elements.map(\.self) ?? []
  }

  private static func condition(_ type: String, _ status: Value) -> String? {
    status["conditions"]?.elements.first { $0["type"]?.string == type }?["status"]?.string
  }

  // MARK: Pods

  private static func podStatus(_ pod: APIObject, _ spec: Value, _ status: Value) -> String {
    let phase = status["phase"]?.string ?? ""
    let given = status["reason"]?.string ?? ""
    var reason = given.isEmpty ? phase : given
    let gated = status["conditions"]?.elements.contains {
      $0["type"]?.string == "PodScheduled" && $0["reason"]?.string == "SchedulingGated"
    }
    if gated == true { reason = "SchedulingGated" }
    if let waiting = initReason(spec, status) {
      reason = waiting
    } else {
      var isRunning = false
      for container in containers(status, "containerStatuses").reversed() {
        if let stopped = stopReason(container) {
          reason = stopped
        } else if container["ready"]?.bool == true, container["state"]?["running"] != nil {
          isRunning = true
        }
      }
      if reason == "Completed", isRunning {
        reason = condition("Ready", status) == "True" ? "Running" : "NotReady"
      }
    }
    guard pod.isDeleting else { return reason }
    if given == "NodeLost" { return "Unknown" }
    return phase == "Succeeded" || phase == "Failed" ? reason : "Terminating"
  }

  /// Why a container does not run; nil for one that does, or does not say.
  private static func stopReason(_ container: Value) -> String? {
    let state = container["state"]
    if let waiting = state?["waiting"]?["reason"]?.string, !waiting.isEmpty { return waiting }
    guard let terminated = state?["terminated"] else { return nil }
    if let reason = terminated["reason"]?.string, !reason.isEmpty { return reason }
    let signal = terminated["signal"]?.int ?? 0
    return signal != 0 ? "Signal:\(signal)" : "ExitCode:\(terminated["exitCode"]?.int ?? 0)"
  }

  /// What the first container says that has not done its work before the others start.
  private static func initReason(_ spec: Value, _ status: Value) -> String? {
    let wanted = spec["initContainers"]?.elements.map(\.self) ?? []
    for (index, container) in containers(status, "initContainerStatuses").enumerated() {
      let state = container["state"]
      if let terminated = state?["terminated"], terminated["exitCode"]?.int ?? 0 == 0 { continue }
      let own = wanted.first { $0["name"] == container["name"] }
      if own?["restartPolicy"]?.string == "Always", container["started"]?.bool == true { continue }
      if state?["terminated"] != nil { return "Init:\(stopReason(container) ?? "Error")" }
      let reason = state?["waiting"]?["reason"]?.string ?? ""
      if !reason.isEmpty, reason != "PodInitializing" { return "Init:\(reason)" }
      return "Init:\(index)/\(wanted.count)"
    }
    return nil
  }

  private static func restarts(_ status: Value, _ now: Timestamp) -> String {
    let all = containers(status, "containerStatuses")
    let count = all.reduce(0) { $0 + ($1["restartCount"]?.int ?? 0) }
    let last = all.compactMap {
      $0[FieldPath("lastState", "terminated", "finishedAt")].flatMap(CellText.time)
    }.max()
    guard count > 0, let last else { return "\(count)" }
    return "\(count) (\(Age.text(of: last, at: now)) ago)"
  }

  // MARK: Jobs and nodes

  private static func jobStatus(_ job: APIObject, _ spec: Value, _ status: Value) -> String {
    for (type, text) in [("Complete", "Complete"), ("Failed", "Failed")]
    where condition(type, status) == "True" { return text }
    if job.isDeleting { return "Terminating" }
    for (type, text) in [
      ("Suspended", "Suspended"), ("FailureTarget", "FailureTarget"),
      ("SuccessCriteriaMet", "SuccessCriteriaMet"),
    ] where condition(type, status) == "True" { return text }
    return "Running"
  }

  private static func duration(_ status: Value, _ now: Timestamp) -> String {
    guard let start = status["startTime"].flatMap(CellText.time) else { return "" }
    return Age.text((status["completionTime"].flatMap(CellText.time) ?? now) - start)
  }

  private static func nodeStatus(_ spec: Value, _ status: Value) -> String {
    let ready: String =
      switch condition("Ready", status) {
      case "True"?: "Ready"
      case nil: "Unknown"
      default: "NotReady"
      }
    return spec["unschedulable"]?.bool == true ? "\(ready),SchedulingDisabled" : ready
  }

  private static func roles(_ node: APIObject) -> String {
    let prefix = "node-role.kubernetes.io/"
    var roles: [String] = []
    for (key, value) in node.labels {
      if key.hasPrefix(prefix), key.utf8.count > prefix.utf8.count {
        roles.append(String(key.dropFirst(prefix.count)))
      } else if key == "kubernetes.io/role", !value.isEmpty {
        roles.append(value)
      }
    }
    return CellText.joined(roles.sorted())
  }

  private static func address(_ type: String, _ status: Value) -> String {
    status["addresses"]?.elements.first { $0["type"]?.string == type }?["address"]?.string
      ?? "<none>"
  }
}
