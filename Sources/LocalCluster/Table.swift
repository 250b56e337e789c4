/// The tables of a state file: what `PRAGMA user_version` 1 means.
///
/// Every row ends with a checksum over its other columns.
struct Table {
  let name: String
  /// The columns but the checksum, with their types.
  private let declarations: [String]
  let primaryKey: String
  /// How rows are read.
  let order: String
  /// Wide rows fare better in a table of their own, with the key beside it.
  private let isWide: Bool

  private init(
    _ name: String, key: String, order: String? = nil, isWide: Bool = false,
    _ declarations: [String]
  ) {
    self.name = name
    self.declarations = declarations
    self.order = order ?? key
    self.isWide = isWide
    primaryKey = key
  }

  var columns: [String] {
    declarations.map { String($0.prefix { $0 != " " }) }
  }

  var creation: String {
    let columns = (declarations + ["sum INTEGER NOT NULL"]).joined(separator: ", ")
    return "CREATE TABLE \(name) (\(columns), PRIMARY KEY (\(primaryKey))) STRICT"
      + (isWide ? "" : ", WITHOUT ROWID")
  }

  /// Single numbers: revision, floor, time, seed, and how many rows the other tables have.
  static let meta = Table(
    "meta", key: "name", ["name TEXT NOT NULL", "value INTEGER NOT NULL"])

  static let objects = Table(
    "objects", key: "api_group, plural, namespace, name", order: "rowid", isWide: true,
    [
      "api_group TEXT NOT NULL", "plural TEXT NOT NULL", "namespace TEXT NOT NULL",
      "name TEXT NOT NULL", "version TEXT NOT NULL", "kind TEXT NOT NULL", "uid BLOB",
      "resource_version INTEGER NOT NULL", "generation INTEGER NOT NULL", "created INTEGER",
      "created_nanos INTEGER", "deleted INTEGER", "deleted_nanos INTEGER", "grace INTEGER",
      "body TEXT NOT NULL",
    ])

  static let counters = Table(
    "counters", key: "api_group, plural, counts, namespace, name",
    [
      "api_group TEXT NOT NULL", "plural TEXT NOT NULL", "counts TEXT NOT NULL",
      "namespace TEXT NOT NULL", "name TEXT NOT NULL", "version TEXT NOT NULL",
      "kind TEXT NOT NULL", "count INTEGER NOT NULL",
    ])

  static let pools = Table(
    "pools", key: "pool", order: "place",
    ["pool TEXT NOT NULL", "place INTEGER NOT NULL"])

  static let slots = Table(
    "slots", key: "pool, item", order: "pool, place",
    [
      "pool TEXT NOT NULL", "item TEXT NOT NULL", "place INTEGER NOT NULL",
      "generation INTEGER NOT NULL", "state TEXT NOT NULL", "owner BLOB NOT NULL",
      "request_key TEXT NOT NULL", "holder TEXT NOT NULL", "position INTEGER",
    ])

  static let sealed = Table(
    "sealed", key: "pool, owner", ["pool TEXT NOT NULL", "owner BLOB NOT NULL"])

  static let ledger = Table(
    "ledger", key: "number",
    [
      "number INTEGER NOT NULL", "time INTEGER NOT NULL", "time_nanos INTEGER NOT NULL",
      "event TEXT NOT NULL", "pool TEXT NOT NULL", "item TEXT NOT NULL",
      "generation INTEGER NOT NULL", "owner BLOB NOT NULL", "holder TEXT NOT NULL",
      "actor TEXT NOT NULL",
    ])

  static let all = [meta, objects, counters, pools, slots, sealed, ledger]
}
