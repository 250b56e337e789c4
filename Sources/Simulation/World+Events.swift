import APIMachinery
import APIServer
import APIStore
import ControllerRuntime
import PersistentCollections
public import Scalars
import ValueTree

extension World {
  /// What a controller said goes into the timeline, and becomes an Event where the plan wants them.
  mutating func hear(_ note: EventNote, _ process: Int, _ controller: Int, _ worker: Int) {
    if timeline != nil {
      tell(.worker(process, controller, worker), "says: \(note.reason): \(note.message)")
    }
    guard plan.recordsEvents else { return }
    record(note, from: processes[process].controllers[controller].controller.name)
  }

  /// Writes an Event, or counts one more; a refusal is nobody's business, as in a cluster.
  private mutating func record(_ note: EventNote, from component: String) {
    guard let type = server.registry.type(apiVersion: "v1", kind: "Event") else { return }
    let record = EventRecord(note: note, component: component)
    let prefix = record.namePrefix
    var known: [APIObject] = []
    let start = ObjectKey(namespace: record.namespace, name: prefix)
    for (key, event) in server.store.objects(type).elements(from: start) {
      guard key.namespace == start.namespace, key.name.hasPrefix(prefix) else { break }
      known.append(event)
    }
    let now = now
    writeEvents { server in
      switch record.writing(among: known, at: now) {
      case .create(let name, let body):
        let header = ObjectHeader(namespace: record.namespace, name: name)
        _ = try? server.create(APIObject(type: type, header: header, body: body), at: now)
      case .count(let key, let patch):
        _ = try? server.handle(.mergePatch(type, key, patch), at: now)
      }
    }
    lastEvent = now
  }

  /// Takes out Events that were last seen before `time`, as a cluster does after an hour.
  public mutating func forgetEvents(before time: Timestamp) {
    guard let type = server.registry.type(apiVersion: "v1", kind: "Event") else { return }
    let old = server.store.list(type).filter { event in
      let text = event.body["lastTimestamp"]?.string ?? event.body["eventTime"]?.string
      let last = text.flatMap { try? Timestamp(parsing: $0) } ?? event.header.creationTimestamp
      return last.map { $0 < time } ?? false
    }
    guard !old.isEmpty else { return }
    let now = now
    writeEvents { server in
      for event in old { _ = try? server.handle(.delete(type, event.key, .none), at: now) }
    }
  }

  /// Writes that are not counted as changes.
  private mutating func writeEvents(_ write: (inout APIServer) -> Void) {
    let before = server.store.revision
    write(&server)
    eventWrites &+= server.store.revision &- before
  }
}
