import ArgumentParser
import Glibc
import LocalCluster
import Scenarios
import ValueTree
import YAMLCoding

#if DRYDOCK_SERVER
  import APIServerHTTP
#endif

/// `drydock serve`.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "An API server for kubectl, and for controllers in any language.",
    usage: "drydock serve [-f <filename> ...] [--state <file>] [<options>]",
    discussion: """
      Serves the Kubernetes API over HTTP on this machine, with the controllers that a control plane runs \
      (garbage collection, namespaces, definitions, storage protection) and Drydock's own. Nobody is asked for \
      a password, so it listens on 127.0.0.1 only. Ctrl-C or SIGTERM ends it.

      A kubeconfig is written to .drydock/kubeconfig, or to the file of --kubeconfig: a file that is there \
      and is not Drydock's is changed only with --merge-kubeconfig.

      With --state, nobody is told of anything before it is in the file, so a server that is killed goes on \
      where everybody saw it. The system writes the file to disk when it likes: a machine that loses power may \
      lose the last moments, and never the file.

      EXAMPLES
        drydock serve
        drydock serve --port 0 --kubeconfig /tmp/kubeconfig
        drydock serve --state .drydock/cluster.db -f manifests/quickstart
        KUBECONFIG=.drydock/kubeconfig kubectl get namespaces
      """)

  @Option(help: "The port; 0 takes one that is free.")
  var port = 7_070

  @Option(help: "The state file, which nobody else can use meanwhile; none keeps nothing.")
  var state = "none"

  @Option(help: "The kubeconfig that is written; none writes nothing.")
  var kubeconfig = ".drydock/kubeconfig"

  @Flag(help: "Add the server to a kubeconfig that is there, and make it the current one.")
  var mergeKubeconfig = false

  @Option(
    name: .shortAndLong,
    help: "Manifests to apply before the first request: a file, a directory, a pattern, or -.")
  var filename: [String] = []

  @Flag(name: [.customShort("R"), .long], help: "Look into directories below, too.")
  var recursive = false

  @Option(
    help: ArgumentHelp(
      "The controllers that run, with commas between; none for none. (default: all but naive-binding)",
      valueName: "names"))
  var controllers: String?

  @Option(
    help: ArgumentHelp(
      "How often the past is forgotten; watches and pages from before are told 410 Gone. 0 for never.",
      valueName: "duration"))
  var compactionInterval = "5m"

  #if DRYDOCK_SERVER
    func run() throws { try reportingMistakes { try Serving(command: self).run() } }
  #else
    func run() throws {
      try ServerlessBuild.refuse()
    }
  #endif
}

#if !DRYDOCK_SERVER
  /// What a binary says that has no server.
  enum ServerlessBuild {
    /// Says how to get the rest, and ends.
    static func refuse() throws {
      Console.error("error: this binary was built without the server")
      Console.error("build the rest with: make build DRYDOCK_CORE_ONLY=0")
      throw ExitCode.badInput
    }
  }
#endif
