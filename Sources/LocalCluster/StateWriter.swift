import APIMachinery
import APIStore
import Allocation
import Simulation
import ValueTree

/// Writes what has changed between two states.
struct StateWriter {
  let database: Database

  /// Writes the difference; an `old` of nil means that the tables are empty.
  func write(_ new: ClusterState, over old: ClusterState?) throws(SQLiteError) {
    let before = old ?? ClusterState()
    try writeObjects(Changes(from: before.objectRows, to: new.objectRows, key: \.key))
    try writeCounters(Changes(from: before.counterRows, to: new.counterRows, key: \.key))
    try writeBooks(of: new, over: before)
    try writeLedger(new.ledger, over: before.ledger)
    try writeMeta(Changes(from: old?.metaRows ?? [], to: new.metaRows, key: \.name))
  }

  /// Writes what has changed in the books of pools.
  func writeBooks(of new: ClusterState, over old: ClusterState) throws(SQLiteError) {
    guard old.books != new.books else { return }
    try writePools(Changes(from: old.poolRows, to: new.poolRows, key: \.pool))
    try writeSlots(Changes(from: old.slotRows, to: new.slotRows, key: \.key))
    try writeSealed(Changes(from: old.sealedRows, to: new.sealedRows, key: \.self))
  }

  func writeObjects(_ changes: Changes<ObjectRow.Key, ObjectRow>) throws(SQLiteError) {
    try delete(
      changes.removed.map { [.text($0.group), .text($0.plural)] + parts($0.key) },
      from: .objects)
    guard !changes.written.isEmpty else { return }
    var row = try RowWriter(database, into: .objects)
    let json = JSONWriter()
    for object in changes.written {
      let kind = object.kind
      let header = object.header
      try row.text(kind.group)
      try row.text(kind.plural)
      try row.text(header.namespace)
      try row.text(header.name)
      try row.text(kind.version)
      try row.text(kind.kind)
      try row.uid(header.uid)
      try row.integer(header.resourceVersion)
      try row.integer(header.generation)
      try row.time(header.creationTimestamp)
      try row.time(header.deletionTimestamp)
      try row.integer(optional: header.deletionGracePeriodSeconds)
      try row.text(json.bytes(object.body))
      try row.finish()
    }
  }

  func writeCounters(
    _ changes: Changes<CounterRow.Key, CounterRow>
  ) throws(SQLiteError) {
    try delete(
      changes.removed.map {
        [.text($0.group), .text($0.plural), .text($0.counts.rawValue)] + parts($0.key)
      },
      from: .counters)
    guard !changes.written.isEmpty else { return }
    var row = try RowWriter(database, into: .counters)
    for counter in changes.written.map(\.counter) {
      try row.text(counter.kind.group)
      try row.text(counter.kind.plural)
      try row.text(counter.counts.rawValue)
      try row.text(counter.key.namespace)
      try row.text(counter.key.name)
      try row.text(counter.kind.version)
      try row.text(counter.kind.kind)
      try row.integer(Int64(counter.count))
      try row.finish()
    }
  }

  private func writePools(_ changes: Changes<String, PoolRow>) throws(SQLiteError) {
    try delete(changes.removed.map { [.text($0)] }, from: .pools)
    guard !changes.written.isEmpty else { return }
    var row = try RowWriter(database, into: .pools)
    for pool in changes.written {
      try row.text(pool.pool)
      try row.integer(Int64(pool.place))
      try row.text(optional: pool.last)
      try row.finish()
    }
  }

  private func writeSlots(_ changes: Changes<SlotRow.Key, SlotRow>) throws(SQLiteError) {
    try delete(changes.removed.map { [.text($0.pool), .text($0.item)] }, from: .slots)
    guard !changes.written.isEmpty else { return }
    var row = try RowWriter(database, into: .slots)
    for entry in changes.written {
      try row.text(entry.pool)
      try row.text(entry.slot.item)
      try row.integer(Int64(entry.place))
      try row.integer(Int64(entry.slot.generation))
      try row.text(entry.slot.state.rawValue)
      try row.uid(entry.slot.owner)
      try row.text(entry.slot.requestKey)
      try row.text(entry.slot.holder)
      try row.integer(optional: entry.slot.position.map { Int64($0) })
      try row.finish()
    }
  }

  private func writeSealed(_ changes: Changes<SealedRow, SealedRow>) throws(SQLiteError) {
    try delete(changes.removed.map { [.text($0.pool), .uid($0.owner)] }, from: .sealed)
    guard !changes.written.isEmpty else { return }
    var row = try RowWriter(database, into: .sealed)
    for entry in changes.written {
      try row.text(entry.pool)
      try row.uid(entry.owner)
      try row.finish()
    }
  }

  /// Adds the entries that are new; a ledger that does not begin as the old one did replaces it.
  func writeLedger(
    _ new: [Ledger.Entry], over old: [Ledger.Entry]
  ) throws(SQLiteError) {
    var kept = old.count
    if new.count < kept || new.prefix(kept).last != old.last {
      try database.execute("DELETE FROM \(Table.ledger.name)")
      kept = 0
    }
    guard new.count > kept else { return }
    var row = try RowWriter(database, into: .ledger)
    for (index, entry) in new.enumerated().dropFirst(kept) {
      try row.integer(Int64(index + 1))
      try row.time(entry.time)
      try row.text(entry.event.rawValue)
      try row.text(entry.pool)
      try row.text(entry.item)
      try row.integer(Int64(entry.generation))
      try row.uid(entry.owner)
      try row.text(entry.holder)
      try row.text(entry.actor)
      try row.finish()
    }
  }

  func writeMeta(_ changes: Changes<String, MetaRow>) throws(SQLiteError) {
    guard !changes.written.isEmpty else { return }
    var row = try RowWriter(database, into: .meta)
    for entry in changes.written {
      try row.text(entry.name)
      try row.integer(entry.value)
      try row.finish()
    }
  }

  /// One column of a primary key.
  private enum KeyPart {
    case text(String)
    case uid(UID)
  }

  private func parts(_ key: ObjectKey) -> [KeyPart] { [.text(key.namespace), .text(key.name)] }

  private func delete(_ keys: [[KeyPart]], from table: Table) throws(SQLiteError) {
    guard !keys.isEmpty else { return }
    let condition = table.primaryKey.split(separator: ",").map { "\($0) = ?" }
      .joined(separator: " AND ")
    let statement = try database.prepare("DELETE FROM \(table.name) WHERE \(condition)")
    for key in keys {
      for (index, part) in key.enumerated() {
        switch part {
        case .text(let text):
          try statement.bind(Int32(index + 1), text: unsafe text.utf8Span.span.bytes)
        case .uid(let uid):
          let words = [uid.high.bigEndian, uid.low.bigEndian]
          try statement.bind(Int32(index + 1), blob: unsafe words.span.bytes)
        }
      }
      _ = try statement.step()
      statement.reset()
    }
  }
}
