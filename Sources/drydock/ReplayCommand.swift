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
    discussion: """
      The scenario must be the one that the trace was recorded with. A trace that does not fit any more is an
      error and not another result.
      """)

  @Argument(help: "The trace's file.")
  var trace: String

  @Flag(name: .shortAndLong, help: "Print the result only, without the timeline.")
  var quiet = false

  @Option(help: "The most lines of the timeline; faults and tables are always shown.")
  var lines = 200

  func run() throws {
    try reportingMistakes {
      let saved = try Trace(reading: YAMLSource(name: trace, bytes: Files.read(trace)))
      let path = RelativePath.beside(trace, saved.scenario)
      let scenario = try ScenarioReader().scenario(at: path, reading: Files.read)
      guard scenario.digest == saved.digest else {
        throw SourceDiagnostic(
          "\(path) has changed since \(trace) was recorded: its digest is "
            + "\(Trace.hex(scenario.digest)), the trace's is \(Trace.hex(saved.digest))",
          at: nil, expected: "the scenario as it was; or record the run again with drydock run")
      }
      let result: RunResult
      do {
        result = try Runner.run(
          scenario.plan(seed: saved.seed), ReplaySource(saved.deviations), isTold: true,
          isNamed: true)
      } catch let divergence as Divergence {
        throw SourceDiagnostic("\(trace): \(divergence)", at: nil)
      }
      let report = RunReport(result, scenario, style: Console.style)
      var output = report.header
      if !quiet { output += report.timeline(linesMax: lines) }
      output += report.verdict
      guard result.world.traceHash == saved.hash else {
        Console.print(output)
        throw SourceDiagnostic(
          "\(trace): the run came out differently: its hash is "
            + "\(Trace.hex(result.world.traceHash)), the trace's is \(Trace.hex(saved.hash))",
          at: nil, expected: "the version of Drydock that recorded the trace")
      }
      output.append("Replayed to the bit: \(result.world.step) decisions, the same hash.")
      Console.print(output)
      if result.outcome == .violated { throw ExitCode.violated }
    }
  }
}
