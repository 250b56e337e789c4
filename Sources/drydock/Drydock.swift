import ArgumentParser

/// The command line: arguments, wiring and exit codes.
@main
struct Drydock: ParsableCommand {
  static func main() { runAsProgram() }

  static let configuration = CommandConfiguration(
    commandName: "drydock",
    abstract:
      "Try controllers that hand out ports, IPs and GPUs before they lose them in production.",
    discussion: """
      EXAMPLES
        drydock apply -f manifests/quickstart
        drydock holders
        drydock run manifests/scenarios/quickstart.yaml
        drydock run manifests/scenarios/naive-crash.yaml
        drydock run manifests/scenarios/naive-random.yaml --seed 7
        drydock replay naive-crash.trace.yaml

      EXIT CODES
        0    all properties held
        1    a property was violated
        2    the input or the call is wrong
        70   an internal error
        130  interrupted
      """,
    subcommands: [
      InitCommand.self, ApplyCommand.self, GetCommand.self, DescribeCommand.self,
      DeleteCommand.self, HoldersCommand.self, RunCommand.self, ReplayCommand.self,
      CELCommand.self, VersionCommand.self,
    ])
}
