import APIMachinery
import APIStore
import Allocation
import Scalars
import Simulation
import ValueTree

/// Reads a state whole, and checks that it is what was written.
struct StateReader {
  let database: Database
  /// The kinds that are known; objects of others are kept as they are.
  let registry: ResourceRegistry
  /// The version of the file's format.
  let version: Int64

  /// The state; to be called within a transaction, so that all tables are of one moment.
  func read() throws(SQLiteError) -> ClusterState {
    var state = ClusterState()
    let meta = try readMeta()
    func number(_ name: String) throws(SQLiteError) -> Int64 {
      guard let row = meta.first(where: { $0.name == name }) else {
        throw .damage("the \(name) is missing")
      }
      return row.value
    }
    state.revision = UInt64(bitPattern: try number("revision"))
    state.compactedRevision = UInt64(bitPattern: try number("compactedRevision"))
    state.time = Timestamp(
      seconds: try number("time"), nanoseconds: try number("timeNanos"))
    state.seed = UInt64(bitPattern: try number("seed"))
    try readObjects(into: &state)
    try readCounters(into: &state)
    try readBooks(into: &state)
    state.ledger = try readLedger()
    state.sort()
    for row in state.metaRows where try number(row.name) != row.value {
      throw .damage("the file has \(row.value) \(row.name), not \(try number(row.name))")
    }
    return state
  }

  private func readMeta() throws(SQLiteError) -> [MetaRow] {
    var row = try RowReader(database, from: .meta, version: version)
    var rows: [MetaRow] = []
    while try row.next() {
      rows.append(MetaRow(name: row.text(), value: row.integer()))
      try row.check()
    }
    return rows
  }

  private func readObjects(into state: inout ClusterState) throws(SQLiteError) {
    var row = try RowReader(database, from: .objects, version: version)
    var kinds = KindLookup(registry: registry)
    while try row.next() {
      let group = row.text()
      let plural = row.text()
      let namespace = row.text()
      let name = row.text()
      let kind = ClusterState.KindName(
        group: group, version: row.text(), kind: row.text(), plural: plural)
      let header = ObjectHeader(
        namespace: namespace, name: name, uid: try row.uid(), resourceVersion: row.unsigned(),
        generation: row.integer(), creationTimestamp: row.time(), deletionTimestamp: row.time(),
        deletionGracePeriodSeconds: row.optionalInteger())
      let body = try row.value()
      try row.check()
      if let type = kinds.type(kind) {
        state.objects.append(APIObject(type: type, header: header, body: body))
      } else {
        state.unknown.objects.append(
          ClusterState.UnknownObject(kind: kind, header: header, body: body))
      }
    }
  }

  private func readCounters(into state: inout ClusterState) throws(SQLiteError) {
    var row = try RowReader(database, from: .counters, version: version)
    var kinds = KindLookup(registry: registry)
    while try row.next() {
      let group = row.text()
      let plural = row.text()
      let counts = try row.word(NameCounter.Kind.self)
      let key = ObjectKey(namespace: row.text(), name: row.text())
      let kind = ClusterState.KindName(
        group: group, version: row.text(), kind: row.text(), plural: plural)
      let count = try row.number(UInt32.self)
      try row.check()
      if let type = kinds.type(kind) {
        state.counters.append(NameCounter(counts, type, key, count: count))
      } else {
        state.unknown.counters.append(
          ClusterState.UnknownCounter(kind: kind, counts: counts, key: key, count: count))
      }
    }
  }

  private func readBooks(into state: inout ClusterState) throws(SQLiteError) {
    var pool = try RowReader(database, from: .pools, version: version)
    var places: [String: Int] = [:]
    while try pool.next() {
      let name = pool.text()
      _ = pool.integer()
      places[name] = state.books.count
      state.books.append(PoolBookState(pool: name, last: pool.optionalText()))
      try pool.check()
    }
    var slot = try RowReader(database, from: .slots, version: version)
    while try slot.next() {
      let name = slot.text()
      let item = slot.text()
      _ = slot.integer()
      let read = PoolBookState.Slot(
        item: item, generation: try slot.number(UInt32.self),
        state: try slot.word(GrantState.self), owner: try slot.owner(),
        requestKey: slot.text(), holder: slot.text(),
        position: slot.optionalInteger().map { Int(clamping: $0) })
      try slot.check()
      guard let place = places[name] else { throw .damage("\(item) is of no pool") }
      state.books[place].slots.append(read)
    }
    var sealed = try RowReader(database, from: .sealed, version: version)
    while try sealed.next() {
      let name = sealed.text()
      let owner = try sealed.owner()
      try sealed.check()
      guard let place = places[name] else { throw .damage("\(owner) is sealed in no pool") }
      state.books[place].sealed.append(owner)
    }
  }

  private func readLedger() throws(SQLiteError) -> [Ledger.Entry] {
    var row = try RowReader(database, from: .ledger, version: version)
    var entries: [Ledger.Entry] = []
    while try row.next() {
      guard row.integer() == Int64(entries.count + 1), let time = row.time() else {
        throw .damage("the ledger has a gap behind entry \(entries.count)")
      }
      entries.append(
        Ledger.Entry(
          time: time, event: try row.word(Ledger.Event.self), pool: row.text(),
          item: row.text(), generation: try row.number(UInt32.self), owner: try row.owner(),
          holder: row.text(), actor: row.text()))
      try row.check()
    }
    return entries
  }
}

/// Finds kinds by their names; rows of one kind mostly stand together.
private struct KindLookup {
  let registry: ResourceRegistry
  private var last: (name: ClusterState.KindName, type: ResourceType?)?

  init(registry: ResourceRegistry) { self.registry = registry }

  mutating func type(_ name: ClusterState.KindName) -> ResourceType? {
    if let last, last.name == name { return last.type }
    let type = registry.type(apiVersion: name.apiVersion, kind: name.kind)
    last = (name, type)
    return type
  }
}
