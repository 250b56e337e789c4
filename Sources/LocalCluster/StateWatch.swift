import CSQLite
import Glibc
public import Simulation

/// Tells when another process has changed a state file, and what it holds then.
///
/// - Flow: `next` again and again; it answers a state the first time and whenever somebody has committed one since.
/// - Guarantees: a look at a file that has not changed costs one statement and reads nothing of it. Nobody who writes
///   is kept waiting.
/// - Caveats: of several commits between two looks the last one is seen. It belongs to one thread.
public final class StateWatch {
  private let path: String
  private var open: (database: Database, file: FileIdentity, version: Int64)?
  private var hasAnswered = false

  /// A watch of a file, which need not be there yet.
  public init(path: String) { self.path = path }

  /// The state, if it is another than the last time; nil where nothing has changed.
  public func next() throws(StateFileError) -> ClusterState? {
    guard let identity = FileIdentity(path) else {
      // Not made yet, or taken away: an empty cluster.
      guard open != nil || !hasAnswered else { return nil }
      open = nil
      hasAnswered = true
      return ClusterState()
    }
    do {
      if let known = open, known.file == identity {
        let version = try known.database.integer("PRAGMA data_version")
        guard version != known.version else { return nil }
        open?.version = version
      } else {
        let isWritable = Folders.isWritable(path) && Folders.isWritable(Folders.parent(of: path))
        let database = try Database(path: path, isWritable ? .readWrite : .immutable)
        // Whatever becomes of the file, this connection has nothing to tidy up in it.
        database.leaveAlone()
        database.wait(milliseconds: 10_000)
        open = (database, identity, try database.integer("PRAGMA data_version"))
      }
    } catch {
      // A file that is not ours is told in the words of those who read it.
      hasAnswered = true
      return try StateFile.read(path: path)
    }
    hasAnswered = true
    return try StateFile.read(path: path)
  }

  /// Which file it is, whatever its name.
  private struct FileIdentity: Hashable {
    let device: UInt64
    let number: UInt64

    init?(_ path: String) {
      var status = stat()
      guard unsafe stat(path, &status) == 0 else { return nil }
      device = UInt64(status.st_dev)
      number = UInt64(status.st_ino)
    }
  }
}
