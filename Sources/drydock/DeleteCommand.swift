import APIMachinery
import ArgumentParser
import LocalCluster
import Scenarios

/// `drydock delete`.
struct DeleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete objects, and wait until their finalizers are gone.",
    discussion: """
      EXAMPLES
        drydock delete devicebinding train
        drydock delete -f manifests/quickstart
        drydock delete gpuclaims --all
        drydock delete devicebindings -l team=vision
      """)

  @Argument(help: "A kind and names, or kind/name.")
  var objects: [String] = []

  @Option(name: .shortAndLong, help: "Delete what these manifests name, in reverse order.")
  var filename: [String] = []

  @Flag(name: [.customShort("R"), .long], help: "Look into directories below, too.")
  var recursive = false

  @Option(name: [.customShort("l"), .long], help: "Choose by labels.")
  var selector: String?

  @Flag(help: "Delete all objects of the kind in the namespace.")
  var all = false

  @Flag(help: "What is not there counts as deleted.")
  var ignoreNotFound = false

  @Flag(inversion: .prefixedNo, help: "Wait until finalizers are gone.")
  var wait = true

  @OptionGroup var cluster: ClusterOptions

  func validate() throws {
    if filename.isEmpty, objects.isEmpty {
      throw ValidationError("name what to delete: a kind and names, or -f and manifests")
    }
    if !filename.isEmpty, !objects.isEmpty {
      throw ValidationError("name objects, or manifests with -f, not both")
    }
  }

  func run() throws {
    try reportingMistakes {
      var output: [String] = []
      var errors: [String] = []
      try cluster.change { session in
        var deleted: [ClusterSession.Outcome] = []
        for (type, key) in try targets(session) {
          let outcome = session.delete(type, key)
          switch outcome.result {
          case .success:
            // A pool can go only after its holders have gone.
            session.settle()
            deleted.append(outcome)
          case .failure(let error) where error.isNotFound && ignoreNotFound: continue
          case .failure(let error): errors.append(refusalText(error))
          }
        }
        session.settle()
        for outcome in deleted {
          let name = "\(outcome.type.qualifiedSingular) \"\(outcome.key.name)\""
          if wait, let left = session.remaining(outcome) {
            errors.append("\(name) \(session.waitsFor(left))")
          } else {
            output.append("\(name) deleted")
          }
        }
        // What is stuck has been told, in other words.
        for warning in session.warnings where !warning.contains("being deleted") {
          errors.append("warning: \(warning)")
        }
      }
      if !output.isEmpty { Console.print(output) }
      for error in errors { Console.error(error) }
      if !errors.isEmpty { throw ExitCode.violated }
    }
  }

  private func targets(
    _ session: ClusterSession
  ) throws -> [(ResourceType, ObjectKey)] {
    if !filename.isEmpty {
      let files = ManifestFiles(isRecursive: recursive, validation: .identity)
      let content = cluster.placed(try files.content(of: filename, registry: session.registry))
      guard content.mistakes.isEmpty else { throw Mistakes(all: content.mistakes) }
      return ClusterSession.ordered(content.manifests).reversed().map {
        ($0.object.type, $0.object.key)
      }
    }
    return try ObjectArguments(objects, session).selections.flatMap { type, names in
      if names.isEmpty, !all, selector == nil {
        throw ValidationError(
          "name the \(type.plural) to delete, choose them with -l, or say --all")
      }
      if !names.isEmpty {
        let namespace = type.definition.isNamespaced ? cluster.namespace : ""
        return names.map { (type, ObjectKey(namespace: namespace, name: $0)) }
      }
      let query = ClusterSession.Query(
        namespace: cluster.namespace, labels: try LabelSelector(parsing: selector ?? ""))
      return try session.objects(of: type, query).map { (type, $0.key) }
    }
  }
}
