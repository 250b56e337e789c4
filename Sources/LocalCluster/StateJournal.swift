import APIMachinery
import APIServer
import APIStore
import Allocation
import Simulation
import ValueTree

/// Writes what happens in a world to its state file, as it happens and nothing else.
///
/// - Guarantees: what `commit` has written survives the process, however it ends. A commit is there whole or not at all.
/// - Caveats: nobody else can use the file meanwhile.
struct StateJournal: ~Copyable {
  private let database: Database
  private let path: String
  /// Everything up to this revision has been written.
  private var revision: UInt64
  private var counters: Int
  /// The books and the ledger as they were written last.
  private var head: ClusterState
  private var headRevision: UInt64

  /// A journal that goes on where a state was written whole.
  init(_ database: Database, path: String, after world: World, _ state: ClusterState)
    throws(StateFileError)
  {
    self.database = database
    self.path = path
    revision = state.revision
    counters = state.counters.count + state.unknown.counters.count
    head = world.booksAndLedger
    headRevision = world.ledger.revision
    do {
      try database.execute("PRAGMA locking_mode = EXCLUSIVE")
      // The first write takes the lock, and keeps it.
      try database.execute("BEGIN IMMEDIATE")
      try database.execute("COMMIT")
    } catch { throw StateFileError(error, path: path) }
  }

  /// Whether something has happened that is not written yet.
  func isBehind(_ world: World) -> Bool {
    world.server.store.revision != revision || world.ledger.revision != headRevision
  }

  /// Writes everything that has happened since the last commit.
  mutating func commit(_ world: World) throws(StateFileError) {
    guard isBehind(world) else { return }
    do throws(SQLiteError) {
      try database.execute("BEGIN IMMEDIATE")
      try write(world)
      try database.execute("COMMIT")
    } catch {
      try? database.execute("ROLLBACK")
      throw StateFileError(error, path: path)
    }
  }

  private mutating func write(_ world: World) throws(SQLiteError) {
    let store = world.server.store
    let writer = StateWriter(database: database)
    var objects = head.unknown.objects.count
    var changed = ChangedRows()
    for type in world.server.registry.types {
      objects += store.count(type)
      if store.lastRevision(type) > revision {
        changed.note(store.events(type, after: revision), in: store)
      }
    }
    try writer.writeObjects(changed.objects)
    for counter in changed.counters where try !isKnown(counter) { counters += 1 }
    try writer.writeCounters(Changes(removed: [], written: changed.counters))
    var new = head
    if world.ledger.revision != headRevision {
      new = world.booksAndLedger
      try writer.writeBooks(of: new, over: head)
      try writer.writeLedger(new.ledger, over: head.ledger)
    }
    new.revision = store.revision
    new.compactedRevision = store.revision
    new.time = world.lastChange
    try writer.writeMeta(
      Changes(removed: [], written: new.metaRows(objects: objects, counters: counters)))
    head = new
    headRevision = world.ledger.revision
    revision = store.revision
  }

  private func isKnown(_ row: CounterRow) throws(SQLiteError) -> Bool {
    let counter = row.counter
    let statement = try database.prepare(
      "SELECT count(*) FROM counters WHERE api_group = ? AND plural = ? AND counts = ? "
        + "AND namespace = ? AND name = ?")
    let texts = [
      counter.kind.group, counter.kind.plural, counter.counts.rawValue, counter.key.namespace,
      counter.key.name,
    ]
    for (index, text) in texts.enumerated() {
      try statement.bind(Int32(index + 1), text: unsafe text.utf8Span.span.bytes)
    }
    return try statement.step() && statement.integer(0) > 0
  }
}

/// The rows that some writes have changed.
private struct ChangedRows {
  private(set) var objects = Changes<ObjectRow.Key, ObjectRow>(removed: [], written: [])
  private(set) var counters: [CounterRow] = []

  /// Takes in the writes to a kind.
  mutating func note(_ events: [StoreEvent], in store: APIStore) {
    var last: [ObjectKey: UInt64] = [:]
    for event in events { last[event.object.key] = event.revision }
    for event in events {
      let object = event.object
      // Nobody asks how many Events of a name there were: no two have one.
      if !(object.type.kind == "Event" && object.type.definition.group.isEmpty) {
        noteCounters(of: event, in: store)
      }
      guard last[object.key] == event.revision else { continue }
      let row = ObjectRow.known(object)
      if event.kind == .deleted {
        objects.removed.append(row.key)
      } else {
        objects.written.append(row)
      }
    }
  }

  private mutating func noteCounters(of event: StoreEvent, in store: APIStore) {
    let object = event.object
    var row: CounterRow?
    if event.kind == .deleted {
      let count = store.incarnation(object.type, object.key)
      row = CounterRow(.incarnations, object.type, object.key, count)
    } else if event.kind == .added, let base = object.body[Fields.generateNamePath]?.string {
      let cut = String(decoding: base.utf8.prefix(58), as: UTF8.self)
      let count = store.generatedNames(object.type, namespace: object.namespace, base: cut)
      if count > 0 {
        let key = ObjectKey(namespace: object.namespace, name: cut)
        row = CounterRow(.generatedNames, object.type, key, count)
      }
    }
    guard let row else { return }
    counters.removeAll { $0.key == row.key }
    counters.append(row)
  }
}

extension CounterRow {
  fileprivate init(
    _ counts: NameCounter.Kind, _ type: ResourceType, _ key: ObjectKey, _ count: UInt32
  ) {
    self.init(
      counter: ClusterState.UnknownCounter(
        kind: ClusterState.KindName(type), counts: counts, key: key, count: count))
  }
}
