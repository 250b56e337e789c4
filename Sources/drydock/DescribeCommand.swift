import APIMachinery
import ArgumentParser
import LocalCluster
import Reporting

/// `drydock describe`.
struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Show objects in full, with what they hold and what they wait for.",
    usage: "drydock describe <objects> ... [<options>]",
    discussion: """
      EXAMPLES
        drydock describe devicebinding train
        drydock describe db/train pool/gpus
        drydock describe gpuclaims -l team=vision
      """)

  @Argument(help: "A kind and names, kinds with commas between, or kind/name.")
  var objects: [String] = []

  @Option(name: .shortAndLong, help: "Describe the objects that these manifests name.")
  var filename: [String] = []

  @Flag(name: [.customShort("R"), .long], help: "With -f: look into directories below, too.")
  var recursive = false

  @Flag(name: [.customShort("A"), .long], help: "All namespaces.")
  var allNamespaces = false

  @Option(name: [.customShort("l"), .long], help: "Choose by labels.")
  var selector: String?

  @Flag(inversion: .prefixedNo, help: "Show what controllers said of the object.")
  var showEvents = true

  @OptionGroup var cluster: ClusterOptions

  func validate() throws {
    if objects.isEmpty, filename.isEmpty {
      throw ValidationError("You must specify the type of resource to describe: pools, …")
    }
    if !objects.isEmpty, !filename.isEmpty {
      throw ValidationError("name objects, or manifests with -f, not both")
    }
  }

  func run() throws {
    try reportingMistakes {
      let session = try cluster.read()
      let arguments = try ObjectArguments(
        objects, filename, isRecursive: recursive, cluster, session)
      let query = ClusterSession.Query(
        namespace: allNamespaces ? nil : cluster.namespace,
        labels: try LabelSelector(parsing: selector ?? ""))
      let found = try ObjectSelection(arguments, query, in: session)
      var lines: [String] = []
      for object in found.objects {
        if !lines.isEmpty { lines += ["", ""] }
        lines +=
          Description(
            object, dependents: session.dependents(of: object),
            grants: session.grants(of: object),
            events: showEvents ? session.events(about: object) : nil, at: session.now
          ).lines
      }
      Console.print(lines)
      for error in found.errors { Console.error(error) }
      if !found.errors.isEmpty { throw ExitCode.violated }
      if lines.isEmpty {
        let isScoped = !allNamespaces && found.types.contains { $0.definition.isNamespaced }
        Console.error(
          "No resources found" + (isScoped ? " in \(cluster.namespace) namespace." : ""))
      }
    }
  }
}
