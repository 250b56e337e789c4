import APIMachinery
import ArgumentParser
import LocalCluster
import Scenarios
import YAMLCoding

/// What people name on the command line: `pods a b`, `pod/a db/b`, `pods,services`, `all`.
struct ObjectArguments {
  /// Kinds, and the names asked for; none for all.
  let selections: [(type: ResourceType, names: [String])]
  /// The namespace that the names are in, where it was not chosen on the command line.
  var namespace: String?

  /// What manifests name.
  init(_ objects: [(type: ResourceType, key: ObjectKey)]) throws {
    selections = objects.map { ($0.type, [$0.key.name]) }
    namespace = objects.map(\.key.namespace).first { !$0.isEmpty }
    for (_, key) in objects where !key.namespace.isEmpty && key.namespace != namespace {
      throw ValidationError("the manifests name objects of several namespaces; use -n and names")
    }
  }

  /// What is named, or what the manifests in files name.
  init(
    _ arguments: [String], _ files: [String], isRecursive: Bool, _ cluster: ClusterOptions,
    _ session: ClusterSession
  ) throws {
    guard !files.isEmpty else {
      try self.init(arguments, session)
      return
    }
    let manifests = ManifestFiles(isRecursive: isRecursive, validation: .identity)
    let content = cluster.placed(try manifests.content(of: files, registry: session.registry))
    guard content.mistakes.isEmpty else { throw Mistakes(all: content.mistakes) }
    try self.init(content.manifests.map { ($0.object.type, $0.object.key) })
  }

  init(_ arguments: [String], _ session: ClusterSession) throws {
    guard let first = arguments.first else {
      throw ValidationError("name a kind: pools, devicebindings, …")
    }
    if arguments.contains(where: { $0.contains("/") }) {
      selections = try arguments.map { argument in
        let parts = argument.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else {
          throw ValidationError(
            "there is no need to specify a resource type as a separate argument when passing "
              + "arguments in resource/name form (e.g. 'drydock get resource/name' instead of "
              + "'drydock get resource resource/name')")
        }
        return (try Self.types(parts[0], session)[0], [parts[1]])
      }
      return
    }
    let names = Array(arguments.dropFirst())
    var found: [(ResourceType, [String])] = []
    for name in first.split(separator: ",") {
      for type in try Self.types(String(name), session) { found.append((type, names)) }
    }
    selections = found
  }

  private static func types(
    _ name: String, _ session: ClusterSession
  ) throws -> [ResourceType] {
    let types = session.types(named: name)
    guard !types.isEmpty else {
      let meant = SourceDiagnostic.suggestion(for: name, among: session.typeNames)
      throw SourceDiagnostic(
        "the server doesn't have a resource type \"\(name)\"", at: nil, suggestion: meant)
    }
    return types
  }
}
