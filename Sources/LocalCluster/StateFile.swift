public import APIMachinery
import CSQLite
import Glibc
public import Simulation

/// The file in which the local cluster lives between two invocations of the command line.
///
/// - Flow: `open` it, then `read` a snapshot, or change it within `withTransaction`.
/// - Guarantees: a transaction is there whole or not at all, also when the process is killed in the middle of it; two
///   processes that change the file do so one after the other, and the second sees what the first did. A file that
///   is damaged, newer or no state file is never written to. Objects of kinds that are not known here stay.
/// - Assumptions: the file is on a disk of this machine; SQLite's locks do not hold on network file systems.
/// - Caveats: a state file belongs to one thread. What was committed survives the process, not always a power cut.
public final class StateFile {
  private enum Place {
    case memory(ClusterState)
    case disk(Database, path: String)
  }

  private var place: Place
  private let registry: ResourceRegistry
  private let waitMilliseconds: Int32

  private init(_ place: Place, registry: ResourceRegistry, waitMilliseconds: Int32) {
    self.place = place
    self.registry = registry
    self.waitMilliseconds = waitMilliseconds
  }

  /// Opens a state file; with `create` one that is not there is made, with the folder that it is in.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - create: Whether a missing file is made.
  ///   - registry: The kinds that are known; `ClusterState.resolved(in:)` can make more known later.
  ///   - waitMilliseconds: How long another process is waited for.
  /// - Returns: the file, ready to be read and changed.
  /// - Throws: `notFound`, `notDrydock`, `newer`, `damaged`, `locked` or `io`.
  public static func open(
    path: String, create: Bool, registry: ResourceRegistry = .builtIn,
    waitMilliseconds: Int32 = 10_000
  ) throws(StateFileError) -> StateFile {
    if Folders.isFolder(path) {
      throw .notDrydock(path: path, found: "a folder")
    }
    if !Folders.exists(path) {
      guard create else { throw .notFound(path: path) }
      try Folders.makeParent(of: path)
    }
    let database: Database
    do {
      // Only a file that nobody can write is read without locks.
      let isReadable = Folders.isWritable(path) && Folders.isWritable(Folders.parent(of: path))
      let isLogged = (Folders.size("\(path)-wal") ?? 0) > 0
      let isImmutable = Folders.exists(path) && !create && !isReadable && !isLogged
      database = try Database(
        path: path, isImmutable ? .immutable : create ? .create : .readWrite)
    } catch {
      throw StateFileError(error, path: path)
    }
    database.wait(milliseconds: waitMilliseconds)
    let file = StateFile(
      .disk(database, path: path), registry: registry, waitMilliseconds: waitMilliseconds)
    try file.guarded(database) { () throws(StateFileError) in
      if try FileFormat.kind(of: database, path: path) == .current {
        try FileFormat.checkVersion(of: database, path: path)
      }
    }
    return file
  }

  /// A state that is forgotten with the process.
  public static func inMemory() -> StateFile {
    StateFile(.memory(ClusterState()), registry: .builtIn, waitMilliseconds: 0)
  }

  /// The state in a file; that of a cluster that never was where there is no file, and none is made.
  public static func read(
    path: String, registry: ResourceRegistry = .builtIn, waitMilliseconds: Int32 = 10_000
  ) throws(StateFileError) -> ClusterState {
    guard Folders.exists(path) else { return ClusterState() }
    return try open(
      path: path, create: false, registry: registry, waitMilliseconds: waitMilliseconds
    ).read()
  }

  /// The state as of the last commit; nobody who writes is kept waiting.
  public func read() throws(StateFileError) -> ClusterState {
    switch place {
    case .memory(let state): return state
    case .disk(let database, let path):
      return try guarded(database) { () throws(StateFileError) in
        try self.run("BEGIN", database, path)
        // Nothing was changed, so how it ends does not matter.
        defer { try? database.execute("ROLLBACK") }
        return try self.load(database, path)?.state ?? ClusterState()
      }
    }
  }

  /// Changes the state; what the body throws leaves it as it was.
  ///
  /// Others can read meanwhile, and wait when they want to write.
  ///
  /// - Throws: `StateFileError`, or what `body` throws.
  public func withTransaction<Result>(
    _ body: (inout ClusterState) throws -> Result
  ) throws -> Result {
    switch place {
    case .memory(var state):
      let result = try body(&state)
      place = .memory(state)
      return result
    case .disk(let database, let path):
      try useLog(database, path)
      try run("BEGIN IMMEDIATE", database, path)
      var isCommitted = false
      defer {
        // SQLite has rolled back by itself after some failures; then there is nothing to do.
        if !isCommitted { try? database.execute("ROLLBACK") }
      }
      let old = try guarded(database) { () throws(StateFileError) in
        try self.load(database, path)
      }
      var state = old?.state ?? ClusterState()
      let result = try body(&state)
      do {
        if let old {
          try FileFormat.migrate(database, from: old.version)
        } else {
          try FileFormat.create(in: database)
        }
        try StateWriter(database: database).write(state, over: old?.state)
        try database.execute("COMMIT")
      } catch {
        throw StateFileError(error, path: path)
      }
      isCommitted = true
      return result
    }
  }

  /// The connection, for whoever writes what changes and not whole states; nil for a state in memory.
  var connection: Database? {
    guard case .disk(let database, _) = place else { return nil }
    return database
  }

  /// The state within a transaction; nil where nothing was ever committed.
  private func load(
    _ database: Database, _ path: String
  ) throws(StateFileError) -> (state: ClusterState, version: Int64)? {
    do {
      if try database.integer("SELECT count(*) FROM sqlite_schema") == 0 { return nil }
    } catch {
      throw StateFileError(error, path: path)
    }
    let version = try FileFormat.checkVersion(of: database, path: path)
    do {
      let reader = StateReader(database: database, registry: registry, version: version)
      return (try reader.read(), version)
    } catch {
      // A table or a column that is missing is an error of the statement to SQLite.
      if error.code & 0xFF == SQLITE_ERROR {
        throw .damaged(path: path, detail: error.message)
      }
      throw StateFileError(error, path: path)
    }
  }

  /// Turns the write-ahead log on, so that readers and a writer do not stand in each other's way.
  ///
  /// SQLite does not wait for others here, so this does.
  private func useLog(_ database: Database, _ path: String) throws(StateFileError) {
    var left = waitMilliseconds
    while true {
      do throws(SQLiteError) {
        if try database.text("PRAGMA journal_mode") != "wal" {
          guard try database.text("PRAGMA journal_mode = WAL") == "wal" else {
            throw SQLiteError(
              code: SQLITE_READONLY, message: "attempt to write a readonly database")
          }
        }
        return try database.execute("PRAGMA synchronous = NORMAL")
      } catch {
        guard error.isBusy, left > 0 else { throw StateFileError(error, path: path) }
      }
      left -= 5
      usleep(5_000)
    }
  }

  private func run(
    _ sql: String, _ database: Database, _ path: String
  ) throws(StateFileError) {
    do { try database.execute(sql) } catch { throw StateFileError(error, path: path) }
  }

  /// Carries something out; a file that turns out not to be right is not touched when it is closed either.
  private func guarded<Result>(
    _ database: Database, _ body: () throws(StateFileError) -> Result
  ) throws(StateFileError) -> Result {
    do { return try body() } catch {
      switch error {
      case .damaged, .newer, .notDrydock: database.leaveAlone()
      case .notFound, .locked, .io: break
      }
      throw error
    }
  }
}
