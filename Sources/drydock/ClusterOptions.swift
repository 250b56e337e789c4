import APIMachinery
import ArgumentParser
import Glibc
import LocalCluster
import Scalars
import Scenarios
import Simulation
import YAMLCoding

/// What all verbs of the local cluster share.
struct ClusterOptions: ParsableArguments {
  @Option(help: "The cluster's state file, or none for a cluster in memory.")
  var state = ".drydock/cluster.db"

  @Option(
    name: [.customShort("n"), .customLong("namespace")],
    help: ArgumentHelp("The namespace. (default: default)", valueName: "namespace"))
  var givenNamespace: String?

  /// The namespace that was asked for, or else the default one.
  var namespace: String { givenNamespace ?? "default" }

  /// The manifests in the namespace that was asked for; one that names another is a mistake.
  func placed(_ content: ManifestFiles.Content) -> ManifestFiles.Content {
    var placed = ManifestFiles.Content(mistakes: content.mistakes)
    for manifest in content.manifests {
      placed.collect { () throws(SourceDiagnostic) in
        try manifest.inNamespace(namespace, isRequired: givenNamespace != nil)
      }
    }
    return placed
  }

  /// Reads the cluster; one that does not exist yet is empty.
  func read() throws -> ClusterSession {
    let saved = state == "none" ? ClusterState() : try StateFile.read(path: state)
    return try ClusterSession(state: saved, now: WallClock.now, isLookedAt: true)
  }

  /// Changes the cluster: `work` sees it whole, and what it leaves is saved whole, or nothing is.
  func change<T>(_ work: (inout ClusterSession) throws -> T) throws -> T {
    let file =
      state == "none" ? StateFile.inMemory() : try StateFile.open(path: state, create: true)
    return try file.withTransaction { state in
      var session = try ClusterSession(state: state, now: WallClock.now)
      let result = try work(&session)
      state = session.state
      return result
    }
  }
}

/// The time, handed to the core as a value.
enum WallClock {
  static var now: Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
  }
}

/// The message of a server's refusal, as kubectl words it.
func refusalText(_ error: StatusError) -> String {
  error.reason == .invalid || error.reason == .notFound && error.name == nil
    ? "\(error.message)" : "Error from server (\(error.reason.rawValue)): \(error.message)"
}
