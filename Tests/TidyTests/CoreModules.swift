/// The rooms whose every result must be the same on every machine and in every run.
enum CoreModules {
  /// The edge of the house: it may look at the clock, the environment and the network.
  static let edge: Set<String> = [
    "APIServerHTTP", "ClusterClient", "ExternalControllers", "LocalCluster", "Reporting", "drydock",
  ]

  /// The Swift files of all rooms but the edge.
  ///
  /// A new room is core until it is listed above.
  static func files() throws -> [String] {
    let manifest = Manifest(try Repository.text("Package.swift"))
    return manifest.targets
      .filter { $0.kind == .room && !edge.contains($0.name) }
      .flatMap { Repository.swiftFiles(under: $0.folder) }
  }
}
