import APIMachinery
import ArgumentParser
import LocalCluster
import Scenarios
import YAMLCoding

/// `drydock delete`.
struct DeleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete objects, and wait until their finalizers are gone.",
    discussion: """
      Waits for finalizers, and says what they wait for where they stay. Pods on a node have a grace period, \
      which no node ends here: --grace-period=0 --force does.

      EXAMPLES
        drydock delete devicebinding train
        drydock delete db/train portclaim/web
        drydock delete -f manifests/quickstart
        drydock delete gpuclaims --all
        drydock delete devicebindings -l team=vision
        drydock delete deployment web --cascade=orphan
      """)

  @Argument(help: "A kind and names, kinds with commas between, or kind/name.")
  var objects: [String] = []

  @Option(name: .shortAndLong, help: "Delete what these manifests name, in reverse order.")
  var filename: [String] = []

  @Flag(name: [.customShort("R"), .long], help: "Look into directories below, too.")
  var recursive = false

  @Option(name: [.customShort("l"), .long], help: "Choose by labels.")
  var selector: String?

  @Option(help: "Choose by fields, such as metadata.name=a or status.phase=Bound.")
  var fieldSelector: String?

  @Flag(help: "Delete all objects of the kind in the namespace.")
  var all = false

  @Flag(name: [.customShort("A"), .long], help: "All namespaces.")
  var allNamespaces = false

  @Flag(help: "What is not there counts as deleted.")
  var ignoreNotFound = false

  @Flag(inversion: .prefixedNo, help: "Wait until finalizers are gone.")
  var wait = true

  @Flag(help: "Delete at once: a grace period of 1 second.")
  var now = false

  @Flag(help: "Do not wait for a confirmation that what an object ran has stopped.")
  var force = false

  @Option(help: "Seconds of grace; -1 is the kind's own.")
  var gracePeriod = -1

  @Option(help: "What becomes of dependents: background, foreground or orphan.")
  var cascade = Cascade.background

  @Option(help: "none or server: do everything but the write.")
  var dryRun = DryRun.none

  @Option(name: .shortAndLong, help: "name prints kind/name only.")
  var output: String?

  @OptionGroup var cluster: ClusterOptions

  func validate() throws {
    if filename.isEmpty, objects.isEmpty {
      throw ValidationError("name what to delete: a kind and names, or -f and manifests")
    }
    if !filename.isEmpty, !objects.isEmpty {
      throw ValidationError("name objects, or manifests with -f, not both")
    }
    if all, selector != nil || fieldSelector != nil {
      throw ValidationError(
        "setting 'all' parameter but found a non empty selector: choose --all or a selector")
    }
    if now, gracePeriod != -1 {
      throw ValidationError("--now and --grace-period cannot be specified together")
    }
    if force, gracePeriod > 0 {
      throw ValidationError(
        "--force and --grace-period greater than 0 cannot be specified together")
    }
    if let output, output != "name" {
      throw ValidationError("unexpected -o output mode: \(output). We only support '-o name'")
    }
  }

  enum Cascade: String, ExpressibleByArgument, CaseIterable {
    case background, foreground, orphan

    var policy: PropagationPolicy {
      switch self {
      case .background: .background
      case .foreground: .foreground
      case .orphan: .orphan
      }
    }
  }

  enum DryRun: String, ExpressibleByArgument, CaseIterable {
    case none, server
  }

  private var options: DeleteOptions {
    var options = DeleteOptions(propagationPolicy: cascade.policy)
    if now { options.gracePeriodSeconds = 1 }
    if gracePeriod >= 0 { options.gracePeriodSeconds = Int64(gracePeriod) }
    if force, gracePeriod < 0, !now { options.gracePeriodSeconds = 0 }
    options.isDryRun = dryRun == .server
    return options
  }

  private var isChosen: Bool { selector != nil || fieldSelector != nil }

  func run() throws {
    try reportingMistakes {
      var output: [String] = []
      var errors: [String] = []
      var count = 0
      try cluster.change { session in
        var progress = Progress()
        var deleted: [ClusterSession.Outcome] = []
        let targets = try targets(session)
        count = targets.count
        for (index, (type, key)) in targets.enumerated() {
          let outcome = session.delete(type, key, options)
          switch outcome.result {
          case .success:
            deleted.append(outcome)
          case .failure(let error) where error.isNotFound && ignoreNotFound: continue
          case .failure(let error): errors.append(refusalText(error))
          }
          progress.tell("deleted", index + 1, of: targets.count)
        }
        session.settle { progress.tell("controllers", $0, "decisions") }
        for outcome in deleted {
          let name = "\(outcome.type.qualifiedSingular) \"\(outcome.key.name)\""
          if wait, dryRun == .none, let left = session.remaining(outcome) {
            errors.append("\(name) \(session.waitsFor(left))")
          } else if self.output == "name" {
            output.append("\(outcome.type.qualifiedSingular)/\(outcome.key.name)")
          } else {
            let verb = force ? "force deleted" : "deleted"
            output.append("\(name) \(verb)\(dryRun == .server ? " (server dry run)" : "")")
          }
        }
        // What is stuck has been told, in other words.
        for warning in session.warnings where !warning.contains("being deleted") {
          errors.append("warning: \(warning)")
        }
      }
      Progress.clear()
      Console.print(output)
      for error in errors { Console.error(error) }
      if !errors.isEmpty { throw ExitCode.violated }
      if count == 0 { Console.error("No resources found") }
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
      if names.isEmpty, !all, !isChosen {
        throw ValidationError(
          "resource(s) were provided, but no name was specified: name the \(type.plural) to "
            + "delete, choose them with -l, or say --all")
      }
      if !names.isEmpty {
        if all || isChosen {
          throw ValidationError(
            "name cannot be provided when a selector or --all is specified: "
              + names.joined(separator: ", "))
        }
        if allNamespaces, type.definition.isNamespaced {
          throw ValidationError(
            "a resource cannot be retrieved by name across all namespaces")
        }
        let namespace = type.definition.isNamespaced ? cluster.namespace : ""
        return names.map { (type, ObjectKey(namespace: namespace, name: $0)) }
      }
      var query = ClusterSession.Query(
        namespace: allNamespaces ? nil : cluster.namespace,
        labels: try LabelSelector(parsing: selector ?? ""))
      query.fields = try FieldSelector(parsing: fieldSelector ?? "")
      return try session.objects(of: type, query).map { (type, $0.key) }
    }
  }
}
