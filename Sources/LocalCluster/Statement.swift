import CSQLite

/// A prepared statement, finalized when it goes.
@safe struct Statement: ~Copyable {
  private let handle: OpaquePointer
  private let database: Database

  init(_ handle: OpaquePointer, of database: Database) {
    unsafe self.handle = handle
    self.database = database
  }

  deinit { unsafe sqlite3_finalize(handle) }

  /// Goes to the next row; false when there is none.
  func step() throws(SQLiteError) -> Bool {
    let code = unsafe sqlite3_step(handle)
    try database.check(code)
    return code == SQLITE_ROW
  }

  /// Makes the statement ready to be carried out again; what was bound stays.
  func reset() { unsafe _ = sqlite3_reset(handle) }

  // MARK: Binding, with places from 1

  func bind(_ place: Int32, _ number: Int64) throws(SQLiteError) {
    try database.check(unsafe sqlite3_bind_int64(handle, place, number))
  }

  func bindNull(_ place: Int32) throws(SQLiteError) {
    try database.check(unsafe sqlite3_bind_null(handle, place))
  }

  func bind(_ place: Int32, text: RawSpan) throws(SQLiteError) {
    let code = unsafe text.withUnsafeBytes {
      unsafe drydock_bind_text(handle, place, $0.baseAddress, Int32($0.count))
    }
    try database.check(code)
  }

  func bind(_ place: Int32, blob: RawSpan) throws(SQLiteError) {
    let code = unsafe blob.withUnsafeBytes {
      unsafe drydock_bind_blob(handle, place, $0.baseAddress, Int32($0.count))
    }
    try database.check(code)
  }

  // MARK: Reading, with columns from 0

  func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

  func isNull(_ column: Int32) -> Bool {
    unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
  }

  func text(_ column: Int32) -> String {
    withBytes(column) { bytes in
      unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
  }

  /// The bytes of a text or a blob; they are there until the next step.
  func withBytes<Result, Failure: Error>(
    _ column: Int32, _ body: (borrowing Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // SAFETY: the count is asked for after the bytes, as SQLite wants it, and nothing steps meanwhile.
    let start = unsafe sqlite3_column_blob(handle, column)
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
    return try unsafe body(Span(_unsafeBytes: bytes))
  }
}
