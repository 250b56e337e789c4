import APIMachinery
import ArgumentParser
import LocalCluster
import Reporting

/// `drydock describe`.
struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Show objects in full, with what they hold and what they wait for.",
    discussion: """
      EXAMPLES
        drydock describe devicebinding train
        drydock describe db/train pool/gpus
      """)

  @Argument(help: "A kind and names, or kind/name.")
  var objects: [String]

  @Option(name: [.customShort("l"), .long], help: "Choose by labels.")
  var selector: String?

  @OptionGroup var cluster: ClusterOptions

  func run() throws {
    try reportingMistakes {
      let session = try cluster.read()
      var lines: [String] = []
      var errors: [String] = []
      let labels = try LabelSelector(parsing: selector ?? "")
      for (type, names) in try ObjectArguments(objects, session).selections {
        do throws(StatusError) {
          let query = ClusterSession.Query(
            namespace: cluster.namespace, names: names, labels: labels)
          for object in try session.objects(of: type, query) {
            if !lines.isEmpty { lines += ["", ""] }
            lines +=
              Description(
                object, dependents: session.dependents(of: object),
                grants: session.grants(of: object), events: session.events(about: object),
                at: session.now
              ).lines
          }
        } catch {
          errors.append(refusalText(error))
        }
      }
      if !lines.isEmpty { Console.print(lines) }
      for error in errors { Console.error(error) }
      if !errors.isEmpty { throw ExitCode.violated }
      if lines.isEmpty { Console.error("No resources found in \(cluster.namespace) namespace.") }
    }
  }
}
