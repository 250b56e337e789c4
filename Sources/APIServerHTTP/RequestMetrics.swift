import APIMachinery
import APIServer
import APIStore
import LocalCluster
import NIOCore
import Scalars
import ValueTree

/// What has been asked for, counted, in the form that Prometheus reads.
struct RequestMetrics {
  /// A method on a kind, which is known by its address: three texts would be hashed for every request.
  private struct Name: Hashable {
    let method: HTTPQuestion.Method
    let type: ObjectIdentifier
  }

  private var requests: [Name: (type: ResourceType, count: Int)] = [:]
  var watchers = 0
  var events = 0
  var droppedWatchers = 0

  mutating func note(_ method: HTTPQuestion.Method, _ type: ResourceType) {
    let name = Name(method: method, type: ObjectIdentifier(type))
    requests[name, default: (type, 0)].count += 1
  }

  func text(_ cluster: ServedCluster) -> String {
    var lines = [
      "# HELP apiserver_request_total Requests for objects, by method and resource.",
      "# TYPE apiserver_request_total counter",
    ]
    // A definition that was changed has made another kind of the same names.
    var counts: [String: Int] = [:]
    for (name, entry) in requests {
      let definition = entry.type.definition
      counts[
        "apiserver_request_total{verb=\"\(name.method.rawValue)\",group=\"\(definition.group)\","
          + "version=\"\(definition.version)\",resource=\"\(definition.plural)\"}", default: 0] +=
        entry.count
    }
    lines += counts.map { "\($0) \($1)" }.sorted()
    func add(_ name: String, _ type: String, _ help: String, _ value: Int) {
      lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)", "\(name) \(value)"]
    }
    add("apiserver_longrunning_requests", "gauge", "Watches that are open.", watchers)
    add("apiserver_watch_events_total", "counter", "Events that watchers were sent.", events)
    add(
      "apiserver_terminated_watchers_total", "counter", "Watchers that were too slow.",
      droppedWatchers)
    add(
      "drydock_store_revision", "counter", "The revision of the latest write.",
      Int(clamping: cluster.revision))
    let store = cluster.server.store
    lines += [
      "# HELP apiserver_storage_objects Objects, by resource.",
      "# TYPE apiserver_storage_objects gauge",
    ]
    lines += cluster.server.registry.served.filter { store.count($0) > 0 }.map {
      "apiserver_storage_objects{resource=\"\($0.qualifiedPlural)\"} \(store.count($0))"
    }.sorted()
    return lines.joined(separator: "\n") + "\n"
  }
}
