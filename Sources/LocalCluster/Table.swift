/// The tables of a state file: what the latest `PRAGMA user_version` means.
///
/// Every row ends with a checksum over its other columns; a null adds nothing to it, so that a column that is added
/// later leaves the sums of the rows that are there as they are.
struct Table {
  let name: String
  /// The columns but the checksum, with their types.
  private let declarations: [String]
  /// Columns that came with a later version of the format than the first; they can be null.
  private let laterColumns: [(version: Int64, declaration: String)]
  let primaryKey: String
  /// How rows are read.
  let order: String
  /// Wide rows fare better in a table of their own, with the key beside it.
  private let isWide: Bool

  private init(
    _ name: String, key: String, order: String? = nil, isWide: Bool = false,
    _ declarations: [String], later: [(version: Int64, declaration: String)] = []
  ) {
    laterColumns = later
    self.name = name
    self.declarations = declarations
    self.order = order ?? key
    self.isWide = isWide
    primaryKey = key
  }

  /// The columns, in the order in which rows are read and written.
  var columns: [String] {
    (declarations + laterColumns.map(\.declaration)).map(Self.name)
  }

  /// What to select from a file of this version, in the order of `columns`: null for what it does not have.
  func selection(inVersion version: Int64) -> [String] {
    declarations.map(Self.name)
      + laterColumns.map { $0.version <= version ? Self.name($0.declaration) : "NULL" }
  }

  /// The statements that bring the table from this version to the latest.
  func migration(fromVersion version: Int64) -> [String] {
    laterColumns.filter { $0.version > version }.map {
      "ALTER TABLE \(name) ADD COLUMN \($0.declaration)"
    }
  }

  private static func name(_ declaration: String) -> String {
    String(declaration.prefix { $0 != " " })
  }

  var creation: String {
    let columns = (declarations + laterColumns.map(\.declaration) + ["sum INTEGER NOT NULL"])
      .joined(separator: ", ")
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
    ["pool TEXT NOT NULL", "place INTEGER NOT NULL"], later: [(2, "last TEXT")])

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
