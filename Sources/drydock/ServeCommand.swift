import ArgumentParser

/// `drydock serve`, which this binary does not have.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "An API server for kubectl (not in this version).",
    discussion: """
      This version has no server. What works without one: apply, get, describe, delete and holders share a \
      cluster in a file, and run and replay take a controller through a scenario.

      EXAMPLES
        drydock apply -f manifests/quickstart
        drydock get devicebindings --watch
      """)

  @Argument(parsing: .allUnrecognized, help: .hidden)
  var rest: [String] = []

  func run() throws {
    Console.error("error: this binary has no server yet; drydock serve comes with a later version")
    Console.error(
      "apply, get, describe, delete and holders work on a cluster in a file, without a server")
    throw ExitCode.badInput
  }
}
