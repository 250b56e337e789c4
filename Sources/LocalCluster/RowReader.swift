import APIMachinery
import Scalars
import ValueTree

/// Reads the rows of one table: values in the order of the columns, and checks each row's sum.
struct RowReader: ~Copyable {
  private let statement: Statement
  private let table: Table
  private var column: Int32 = 0
  private var sum = RowSum()
  private var json = JSONReader(limits: JSONLimits(depth: 100_000))
  /// How many rows have been read.
  private(set) var count = 0

  /// Reads a table of a file that has this version of the format.
  init(_ database: Database, from table: Table, version: Int64) throws(SQLiteError) {
    self.table = table
    let columns = (table.selection(inVersion: version) + ["sum"]).joined(separator: ", ")
    statement = try database.prepare(
      "SELECT \(columns) FROM \(table.name) ORDER BY \(table.order)")
  }

  /// Goes to the next row; false when there is none.
  mutating func next() throws(SQLiteError) -> Bool {
    column = 0
    sum = RowSum()
    guard try statement.step() else { return false }
    count += 1
    return true
  }

  mutating func integer() -> Int64 {
    let number = statement.integer(column)
    sum.add(number)
    column += 1
    return number
  }

  mutating func unsigned() -> UInt64 { UInt64(bitPattern: integer()) }

  mutating func optionalInteger() -> Int64? {
    guard statement.isNull(column) else { return integer() }
    column += 1
    return nil
  }

  mutating func text() -> String {
    var text = ""
    statement.withBytes(column) { bytes in
      sum.add(unsafe bytes.bytes)
      text = unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
    column += 1
    return text
  }

  mutating func optionalText() -> String? {
    guard statement.isNull(column) else { return text() }
    column += 1
    return nil
  }

  /// A JSON text as a value.
  mutating func value() throws(SQLiteError) -> Value {
    defer { column += 1 }
    do {
      return try statement.withBytes(column) { bytes throws(JSONError) in
        sum.add(unsafe bytes.bytes)
        return try json.read(bytes)
      }
    } catch {
      throw damage("holds a value that is not JSON: \(error.message)")
    }
  }

  mutating func uid() throws(SQLiteError) -> UID? {
    defer { column += 1 }
    if statement.isNull(column) { return nil }
    let words: (UInt64, UInt64)? = statement.withBytes(column) { bytes in
      guard bytes.count == 16 else { return nil }
      var high: UInt64 = 0
      var low: UInt64 = 0
      for index in 0..<8 {
        high = high << 8 | UInt64(bytes[index])
        low = low << 8 | UInt64(bytes[index + 8])
      }
      return (high, low)
    }
    guard let words else { throw damage("holds an identity of the wrong size") }
    sum.add(words.0)
    sum.add(words.1)
    return UID(high: words.0, low: words.1)
  }

  mutating func owner() throws(SQLiteError) -> UID {
    guard let uid = try uid() else { throw damage("has no owner") }
    return uid
  }

  /// A moment, from two columns.
  mutating func time() -> Timestamp? {
    let seconds = optionalInteger()
    let nanoseconds = optionalInteger()
    return seconds.map { Timestamp(seconds: $0, nanoseconds: nanoseconds ?? 0) }
  }

  /// A number that fits `type`.
  mutating func number<Number: FixedWidthInteger>(
    _ type: Number.Type
  ) throws(SQLiteError) -> Number {
    guard let number = Number(exactly: integer()) else { throw damage("holds too large a number") }
    return number
  }

  /// One of the cases of an enumeration.
  mutating func word<Word: RawRepresentable<String>>(
    _ type: Word.Type
  ) throws(SQLiteError) -> Word {
    let text = text()
    guard let word = Word(rawValue: text) else { throw damage("holds \"\(text)\"") }
    return word
  }

  /// Compares the row with its checksum.
  func check() throws(SQLiteError) {
    guard UInt64(bitPattern: statement.integer(column)) == sum.value else {
      throw damage("is not as it was written")
    }
  }

  private func damage(_ what: String) -> SQLiteError {
    .damage("row \(count) of table \(table.name) \(what)")
  }
}
