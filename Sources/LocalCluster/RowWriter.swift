import APIMachinery
import Scalars

/// Writes rows of one table: values in the order of the columns, and the row's checksum behind them.
struct RowWriter: ~Copyable {
  private let statement: Statement
  private var place: Int32 = 1
  private var sum = RowSum()

  init(_ database: Database, into table: Table) throws(SQLiteError) {
    let marks = Array(repeating: "?", count: table.columns.count + 1).joined(separator: ", ")
    // By name: a column that a migration has added stands behind the sum.
    let columns = (table.columns + ["sum"]).joined(separator: ", ")
    statement = try database.prepare(
      "INSERT OR REPLACE INTO \(table.name) (\(columns)) VALUES (\(marks))")
  }

  mutating func integer(_ number: Int64) throws(SQLiteError) {
    try statement.bind(place, number)
    sum.add(number)
    place += 1
  }

  mutating func integer(_ number: UInt64) throws(SQLiteError) {
    try integer(Int64(bitPattern: number))
  }

  mutating func integer(optional number: Int64?) throws(SQLiteError) {
    if let number { return try integer(number) }
    try statement.bindNull(place)
    place += 1
  }

  mutating func text(_ text: String) throws(SQLiteError) {
    let bytes = unsafe text.utf8Span.span.bytes
    try statement.bind(place, text: bytes)
    sum.add(bytes)
    place += 1
  }

  mutating func text(optional text: String?) throws(SQLiteError) {
    if let text { return try self.text(text) }
    try statement.bindNull(place)
    place += 1
  }

  mutating func text(_ utf8: [UInt8]) throws(SQLiteError) {
    let bytes = unsafe utf8.span.bytes
    try statement.bind(place, text: bytes)
    sum.add(bytes)
    place += 1
  }

  mutating func uid(_ uid: UID?) throws(SQLiteError) {
    defer { place += 1 }
    guard let uid else { return try statement.bindNull(place) }
    let words = [uid.high.bigEndian, uid.low.bigEndian]
    try statement.bind(place, blob: unsafe words.span.bytes)
    sum.add(uid.high)
    sum.add(uid.low)
  }

  /// A moment, in two columns.
  mutating func time(_ time: Timestamp?) throws(SQLiteError) {
    try integer(optional: time?.seconds)
    try integer(optional: (time?.nanoseconds).map { Int64($0) })
  }

  /// Writes the row.
  mutating func finish() throws(SQLiteError) {
    try statement.bind(place, Int64(bitPattern: sum.value))
    defer {
      statement.reset()
      place = 1
      sum = RowSum()
    }
    _ = try statement.step()
  }
}
