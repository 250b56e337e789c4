import CSQLite

/// What marks a file as a state file, and which version of the format it has.
enum FileFormat {
  /// In the header of the file: "Drdk".
  static let applicationID: Int64 = 0x4472_646B
  /// The format that is written; a later one is refused, an earlier one is read, and migrated when it is written to.
  ///
  /// 2: pools remember the item that was handed out last.
  static let version: Int64 = 2

  private static let magic = Array("SQLite format 3\0".utf8)
  private static let headSize = 100

  /// What a file is by its first bytes, before SQLite looks at it.
  enum Kind {
    /// Nothing has been written yet.
    case empty
    /// A state file of this format.
    case current
  }

  /// Looks at the first bytes.
  ///
  /// - Throws: what a file is that is no state file of this format.
  static func kind(
    of database: Database, path: String
  ) throws(StateFileError) -> Kind {
    let head: (bytes: [UInt8], size: Int64)
    do { head = try database.head(headSize) } catch {
      throw StateFileError(error, path: path)
    }
    if head.size == 0 { return .empty }
    let bytes = head.bytes
    // Big-endian numbers at the places that SQLite's format gives them.
    func number(at offset: Int) -> Int64 {
      Int64(bytes[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }
    let isOurs = number(at: 68) == applicationID
    guard bytes.starts(with: magic) else {
      if isOurs { throw .damaged(path: path, detail: "its first bytes are not as written") }
      if bytes.allSatisfy({ $0 == 0 }) {
        throw .damaged(path: path, detail: "it begins with zeros")
      }
      throw .notDrydock(path: path, found: description(bytes.prefix(Int(min(head.size, 100)))))
    }
    guard head.size >= headSize else {
      throw .damaged(path: path, detail: "it ends after \(head.size) bytes")
    }
    guard isOurs else {
      // A database is set up in steps; whoever was killed before the first commit left nothing in it.
      if number(at: 68) == 0, number(at: 60) == 0 {
        do {
          if try database.integer("SELECT count(*) FROM sqlite_schema") == 0 { return .empty }
          if try database.integer("PRAGMA application_id") == applicationID { return .current }
        } catch { throw StateFileError(error, path: path) }
      }
      throw .notDrydock(path: path, found: "the SQLite database of another program")
    }
    return .current
  }

  /// Refuses formats that are not known.
  ///
  /// To be called within the transaction that reads: another process may have changed the file since.
  ///
  /// - Returns: the version that the file has.
  @discardableResult
  static func checkVersion(
    of database: Database, path: String
  ) throws(StateFileError) -> Int64 {
    let found: Int64
    do { found = try database.integer("PRAGMA user_version") } catch {
      throw StateFileError(error, path: path)
    }
    if found > version {
      throw .newer(path: path, format: Int(found), known: Int(version))
    }
    guard found >= 1 else {
      throw .damaged(path: path, detail: "its format is \(found), which never was one")
    }
    return found
  }

  /// Brings the tables of a file from an earlier version to this one.
  ///
  /// To be called within the transaction that writes, so that the file has one version or the other, whole.
  static func migrate(_ database: Database, from found: Int64) throws(SQLiteError) {
    guard found < version else { return }
    for table in Table.all {
      for statement in table.migration(fromVersion: found) { try database.execute(statement) }
    }
    try database.execute("PRAGMA user_version = \(version)")
  }

  /// Makes the tables, and marks the file.
  static func create(in database: Database) throws(SQLiteError) {
    for table in Table.all { try database.execute(table.creation) }
    try database.execute("PRAGMA application_id = \(applicationID)")
    try database.execute("PRAGMA user_version = \(version)")
  }

  private static func description(_ bytes: ArraySlice<UInt8>) -> String {
    let isText = bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (9...13).contains($0) }
    return isText ? "a text file" : "some other file"
  }
}

extension StateFileError {
  /// What SQLite said, about a file.
  init(_ error: SQLiteError, path: String) {
    if error.isBusy {
      self = .locked(path: path, holder: LockHolder.writer(of: path))
    } else if error.isDamage {
      self = .damaged(path: path, detail: error.message)
    } else {
      self = .io(path: path, reason: error.message)
    }
  }
}
