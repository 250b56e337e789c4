import CSQLite

/// A connection to an SQLite database, closed when nobody has it any more.
///
/// It belongs to one thread.
@safe final class Database {
  private let handle: OpaquePointer

  /// How a database is opened.
  enum Mode {
    case readWrite
    case create
    /// Reads a file that nobody writes, without locks and without files beside it.
    case immutable
  }

  init(path: String, _ mode: Mode) throws(SQLiteError) {
    var opened: OpaquePointer?
    var flags = SQLITE_OPEN_EXRESCODE
    var name = path
    switch mode {
    case .readWrite: flags |= SQLITE_OPEN_READWRITE
    case .create: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    case .immutable:
      flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      name = "file:\(Self.escaped(path))?immutable=1"
    }
    let code = unsafe sqlite3_open_v2(name, &opened, flags, nil)
    guard code == SQLITE_OK, let opened = unsafe opened else {
      let error = unsafe SQLiteError(code, on: opened)
      unsafe sqlite3_close_v2(opened)
      throw error
    }
    unsafe handle = opened
  }

  deinit { unsafe sqlite3_close_v2(handle) }

  /// Leaves the file as it is when it is closed, whatever waits in the write-ahead log.
  func leaveAlone() { unsafe _ = drydock_keep_wal_on_close(handle) }

  /// How long somebody else's lock is waited for.
  func wait(milliseconds: Int32) { unsafe _ = sqlite3_busy_timeout(handle, milliseconds) }

  /// The first bytes of the file, zeros where it is shorter, and its size.
  func head(_ count: Int) throws(SQLiteError) -> (bytes: [UInt8], size: Int64) {
    var bytes = [UInt8](repeating: 0, count: count)
    var size: sqlite3_int64 = 0
    let code = unsafe bytes.withUnsafeMutableBytes {
      unsafe drydock_read_head(handle, $0.baseAddress, Int32(count), &size)
    }
    try check(code)
    return (bytes, size)
  }

  /// Carries out statements that answer nothing.
  func execute(_ sql: String) throws(SQLiteError) {
    try check(unsafe sqlite3_exec(handle, sql, nil, nil, nil))
  }

  /// The number that a statement answers; 0 where it answers nothing.
  func integer(_ sql: String) throws(SQLiteError) -> Int64 {
    let statement = try prepare(sql)
    return try statement.step() ? statement.integer(0) : 0
  }

  /// The text that a statement answers.
  func text(_ sql: String) throws(SQLiteError) -> String {
    let statement = try prepare(sql)
    return try statement.step() ? statement.text(0) : ""
  }

  /// A statement, to be carried out any number of times.
  func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    var prepared: OpaquePointer?
    try check(unsafe sqlite3_prepare_v2(handle, sql, -1, &prepared, nil))
    guard let prepared = unsafe prepared else {
      throw SQLiteError(code: SQLITE_MISUSE, message: "not a statement: \(sql)")
    }
    return unsafe Statement(prepared, of: self)
  }

  /// Throws what a call answered unless it was done.
  func check(_ code: Int32) throws(SQLiteError) {
    if code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE {
      throw unsafe SQLiteError(code, on: handle)
    }
  }

  /// A path as it stands in a URI.
  private static func escaped(_ path: String) -> String {
    var result = ""
    for character in path {
      switch character {
      case "%": result += "%25"
      case "?": result += "%3f"
      case "#": result += "%23"
      default: result.append(character)
      }
    }
    return result
  }
}
