import APIMachinery
import APIStore
import Allocation
import Scalars
import Simulation
import ValueTree

/// An object as a row, of a kind that is known here or not.
enum ObjectRow: Hashable {
  case known(APIObject)
  case unknown(ClusterState.UnknownObject)

  struct Key: Hashable {
    let group: String
    let plural: String
    let key: ObjectKey
  }

  var key: Key {
    switch self {
    case .known(let object):
      let definition = object.type.definition
      return Key(group: definition.group, plural: definition.plural, key: object.key)
    case .unknown(let object):
      return Key(group: object.kind.group, plural: object.kind.plural, key: object.header.key)
    }
  }

  var kind: ClusterState.KindName {
    switch self {
    case .known(let object): ClusterState.KindName(object.type)
    case .unknown(let object): object.kind
    }
  }

  var header: ObjectHeader {
    switch self {
    case .known(let object): object.header
    case .unknown(let object): object.header
    }
  }

  var body: Value {
    switch self {
    case .known(let object): object.body
    case .unknown(let object): object.body
    }
  }
}

/// A count as a row.
struct CounterRow: Hashable {
  struct Key: Hashable {
    let group: String
    let plural: String
    let counts: NameCounter.Kind
    let key: ObjectKey
  }

  let counter: ClusterState.UnknownCounter

  var key: Key {
    Key(
      group: counter.kind.group, plural: counter.kind.plural, counts: counter.counts,
      key: counter.key)
  }
}

/// A pool as a row.
struct PoolRow: Hashable {
  let pool: String
  let place: Int
  let last: String?
}

/// The latest grant of an item as a row.
struct SlotRow: Hashable {
  struct Key: Hashable {
    let pool: String
    let item: String
  }

  let pool: String
  let place: Int
  let slot: PoolBookState.Slot

  var key: Key { Key(pool: pool, item: slot.item) }
}

/// An owner that gets nothing more from a pool, as a row.
struct SealedRow: Hashable {
  let pool: String
  let owner: UID
}

/// A single number as a row.
struct MetaRow: Hashable {
  let name: String
  let value: Int64
}

extension ClusterState {
  var objectRows: [ObjectRow] {
    objects.map { .known($0) } + unknown.objects.map { .unknown($0) }
  }

  var counterRows: [CounterRow] {
    counters.map { counter in
      CounterRow(
        counter: UnknownCounter(
          kind: KindName(counter.type), counts: counter.kind, key: counter.key,
          count: counter.count))
    } + unknown.counters.map { CounterRow(counter: $0) }
  }

  var poolRows: [PoolRow] {
    books.enumerated().map { PoolRow(pool: $1.pool, place: $0, last: $1.last) }
  }

  var slotRows: [SlotRow] {
    books.flatMap { book in
      book.slots.enumerated().map { SlotRow(pool: book.pool, place: $0, slot: $1) }
    }
  }

  var sealedRows: [SealedRow] {
    books.flatMap { book in book.sealed.map { SealedRow(pool: book.pool, owner: $0) } }
  }

  /// The single numbers, and how many rows there are of everything: a lost row is found by it.
  var metaRows: [MetaRow] {
    metaRows(
      objects: objects.count + unknown.objects.count,
      counters: counters.count + unknown.counters.count)
  }

  /// The same of a state whose objects and counters are elsewhere.
  func metaRows(objects: Int, counters: Int) -> [MetaRow] {
    [
      MetaRow(name: "revision", value: Int64(bitPattern: revision)),
      MetaRow(name: "compactedRevision", value: Int64(bitPattern: compactedRevision)),
      MetaRow(name: "time", value: time.seconds),
      MetaRow(name: "timeNanos", value: Int64(time.nanoseconds)),
      MetaRow(name: "seed", value: Int64(bitPattern: seed)),
      MetaRow(name: "objects", value: Int64(objects)),
      MetaRow(name: "counters", value: Int64(counters)),
      MetaRow(name: "pools", value: Int64(books.count)),
      MetaRow(name: "slots", value: Int64(books.reduce(0) { $0 + $1.slots.count })),
      MetaRow(name: "sealed", value: Int64(books.reduce(0) { $0 + $1.sealed.count })),
      MetaRow(name: "ledger", value: Int64(ledger.count)),
    ]
  }
}
