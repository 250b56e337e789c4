import ArgumentParser
import Exploration
import Reporting
import Scenarios
import Simulation
import YAMLCoding

/// `drydock replay`: a saved run once more.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Run a saved trace again, to the bit.",
    usage: "drydock replay <trace> [<options>]",
    discussion: """
      The scenario must be the one that the trace was recorded with. A trace that does not fit any more is \
      an error and not another result.

      With --exec, the plan of a controller outside is tried again; such a program is not deterministic, so what \
      is the same is what happens to it.

      EXAMPLES
        drydock replay naive-crash.trace.yaml
        drydock replay --exec 'python3 operator.py' ports.plan.yaml
        drydock replay -q naive-crash.trace.yaml --scenario moved/scenario.yaml
      """)

  @Argument(help: "The trace's file.")
  var trace: String

  @Option(
    help: "The scenario's file, where it is not the one that the trace names; - for standard input."
  )
  var scenario: String?

  @Flag(name: .shortAndLong, help: "Print the result only, without the timeline.")
  var quiet = false

  @Option(help: "The most lines of the timeline; faults and tables are always shown.")
  var lines = 200

  @Option(help: ArgumentHelp("Run this controller under a saved plan.", valueName: "command"))
  var exec: String?

  @OptionGroup
  var times: ExternalTimes

  func validate() throws {
    guard lines >= 0 else { throw ValidationError("--lines is \(lines); expected 0 or more") }
  }

  func run() throws {
    if let command = exec {
      #if DRYDOCK_SERVER
        return try reportingMistakes {
          try ExternalReplay(
            command: command, path: trace, scenarioPath: scenario, times: times, linesMax: lines
          ).run()
        }
      #else
        _ = command
        try ServerlessBuild.refuse()
      #endif
    }
    try reportingMistakes {
      let file = try SavedTrace.read(trace, scenario: scenario)
      let (saved, scenario) = (file.trace, file.scenario)
      let result: RunResult
      do {
        var plan = saved.reduction.applied(to: file.plan)
        plan.checksRepetition = true
        result = try Runner.run(
          plan, ReplaySource(saved.deviations), isTold: true, isNamed: true)
      } catch let divergence as Divergence {
        throw SourceDiagnostic("\(trace): \(divergence)", at: nil)
      }
      let report = RunReport(result, scenario, style: Console.style)
      var output = report.header
      if !quiet { output += report.timeline(linesMax: lines) }
      output += report.verdict
      let again = Trace(
        of: result, scenario: saved.scenario, digest: saved.digest, seed: saved.seed,
        reduction: saved.reduction)
      guard again.hash == saved.hash, again.verdict == saved.verdict else {
        Console.print(output)
        throw SourceDiagnostic(
          "\(trace): the run came out differently: it ends with \(again.verdict) and hash "
            + "\(Trace.hex(again.hash)), the trace with \(saved.verdict) and "
            + "\(Trace.hex(saved.hash))",
          at: nil, expected: "the version of Drydock that recorded the trace")
      }
      output.append("Replayed to the bit: \(result.world.step) decisions, the same hash.")
      Console.print(output)
      if result.outcome == .violated { throw ExitCode.violated }
    }
  }
}
