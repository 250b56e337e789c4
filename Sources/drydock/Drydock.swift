import ArgumentParser
import YAMLCoding

#if DRYDOCK_SERVER
  import ExternalControllers
#endif

/// The command line: arguments, wiring and exit codes.
@main
struct Drydock: ParsableCommand {
  static func main() {
    #if DRYDOCK_SERVER
      let arguments = CommandLine.arguments
      if arguments.count == 4, arguments[1] == ProcessHolder.argument {
        ProcessHolder.run(arguments[2], folder: arguments[3])
      }
    #endif
    runAsProgram()
  }

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
        drydock chaos manifests/scenarios/naive-random.yaml
        drydock matrix manifests/scenarios/naive-random.yaml
        drydock replay naive-crash.trace.yaml

      EXIT CODES
        0    all properties held; for apply, get and their like: done
        1    a property was violated; for apply, get and their like: refused
        2    the input or the call is wrong
        3    what must hold in some run held in none; a matrix's time was up
        70   an internal error
        130  interrupted
      """,
    version: "drydock \(VersionCommand.version)",
    groupedSubcommands: [
      CommandGroup(
        name: "Local Cluster",
        subcommands: [
          InitCommand.self, ApplyCommand.self, GetCommand.self, DescribeCommand.self,
          DeleteCommand.self, HoldersCommand.self, ServeCommand.self,
        ]),
      CommandGroup(
        name: "Scenario",
        subcommands: [
          RunCommand.self, ChaosCommand.self, MatrixCommand.self, ReplayCommand.self,
          ShrinkCommand.self, MergeCommand.self,
        ]),
      CommandGroup(
        name: "Other", subcommands: [CELCommand.self, SchemaCommand.self, VersionCommand.self]),
    ])
}

/// The commands that there are, for people who mistype one.
enum Verbs {
  /// What other tools call something that a command here does.
  private static let synonyms = [
    "create": "apply", "replace": "apply", "edit": "apply", "patch": "apply", "set": "apply",
    "rm": "delete", "remove": "delete", "show": "get", "list": "get", "ls": "get", "watch": "get",
    "events": "get", "explain": "describe", "eval": "cel", "simulate": "run", "start": "serve",
    "server": "serve", "new": "init", "who": "holders",
  ]

  static func check(_ arguments: ArraySlice<String>) throws {
    guard let verb = arguments.first, !verb.hasPrefix("-"), verb != "help" else { return }
    let names = Drydock.configuration.subcommands.compactMap { $0.configuration.commandName }
    guard !names.contains(verb) else { return }
    throw SourceDiagnostic(
      "unknown command \"\(verb)\"", at: nil, expected: names.joined(separator: ", "),
      suggestion: synonyms[verb] ?? SourceDiagnostic.suggestion(for: verb, among: names))
  }
}
