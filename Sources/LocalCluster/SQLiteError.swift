import CSQLite
import Glibc

/// What SQLite said when it did not do what it was asked.
struct SQLiteError: Error, Sendable, Hashable {
  /// The extended result code.
  let code: Int32
  /// What went wrong, for people.
  let message: String

  init(code: Int32, message: String) {
    self.code = code
    self.message = message
  }

  /// The last failure of a connection.
  init(_ code: Int32, on connection: OpaquePointer?) {
    guard let connection = unsafe connection else {
      self.init(code: code, message: unsafe String(cString: sqlite3_errstr(code)))
      return
    }
    let extended = unsafe sqlite3_extended_errcode(connection)
    var message = unsafe String(cString: sqlite3_errmsg(connection))
    // "disk I/O error" and "unable to open" say nothing; the system's word says which.
    let system = unsafe sqlite3_system_errno(connection)
    if system != 0, [SQLITE_IOERR, SQLITE_CANTOPEN].contains(code & 0xFF) {
      message = unsafe String(cString: strerror(system))
    }
    self.init(code: extended & 0xFF == code & 0xFF ? extended : code, message: message)
  }

  /// What is stored is not what was written.
  static func damage(_ detail: String) -> SQLiteError {
    SQLiteError(code: SQLITE_CORRUPT, message: detail)
  }

  private var primary: Int32 { code & 0xFF }

  /// Whether somebody else holds a lock.
  var isBusy: Bool { primary == SQLITE_BUSY || primary == SQLITE_LOCKED }

  /// Whether what is stored cannot be right.
  var isDamage: Bool {
    // SQLITE_IOERR_SHORT_READ is (10 | 2 << 8): pages that should be there are not.
    primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || code == 522
  }
}
