import ArgumentParser
import Scalars

/// The options of `chaos` for controllers that are programs of their own.
struct ExternalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Run this controller, in any language, against a server of its own; KUBECONFIG points to it.",
      valueName: "command"))
  var exec: String?

  @Flag(
    help: "With --exec: try every single fault at every request and event of the run without any.")
  var matrix = false

  @Option(
    help: ArgumentHelp(
      "With --exec: the faults to try, with commas between. (default: all)", valueName: "names"))
  var faults: String?

  @Flag(help: "With --exec: let runs share a server and a process, each in a namespace of its own.")
  var keepAlive = false

  @Flag(
    help: "Wait for a controller that you start yourself, in a debugger say; it is not killed.")
  var attach = false

  @Option(help: "With --exec: how often a violation is tried again.")
  var tries = 5

  /// Whether the controller is a program of its own.
  var isAsked: Bool { exec != nil || attach }
}

/// How long things take that a controller outside does.
struct ExternalTimes: ParsableArguments {
  @Option(help: "With --exec: how long nothing must happen until all is at rest.")
  var rest = TimeArgument(.seconds(1))

  @Option(help: "With --exec: how much longer it must last until what looks wrong is called wrong.")
  var confirm = TimeArgument(.seconds(6))

  @Option(help: "With --exec: how long coming to rest may take, and the first request.")
  var settle = TimeArgument(.seconds(30))

  @Option(help: "With --exec: how long a pause of the controller is; longer than its lease.")
  var pause = TimeArgument(.seconds(20))
}

/// A word as a shell takes it.
enum Shell {
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "/._-+,:@%=".utf8.contains(byte)
      }
    }
    if isPlain, !word.isEmpty { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}
