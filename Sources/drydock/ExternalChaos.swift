#if DRYDOCK_SERVER
  import ArgumentParser
  import ExternalControllers
  import Glibc
  import Reporting
  import Scalars
  import Scenarios
  import ValueTree
  import YAMLCoding

  /// What `chaos --exec` and `chaos --attach` do: a run without faults, then plans made from it.
  struct ExternalChaos {
    /// What the shell runs; nil for a controller that somebody else starts.
    let command: String?
    let options: ExternalOptions
    let times: ExternalTimes
    let scenario: Scenario
    let seed: UInt64
    let runsMax: Int
    let deadline: GoDuration?
    let jobs: Int
    let keepsGoing: Bool
    let planPath: String?

    private var settings: ExternalSettings {
      ExternalSettings(
        command: command ?? "", program: Self.program, quiet: times.rest.duration,
        confirm: times.confirm.duration,
        settleMax: times.settle.duration, startMax: times.settle.duration,
        pause: times.pause.duration)
    }

    /// The file of this program.
    static var program: String {
      var buffer = [CChar](repeating: 0, count: 4_096)
      let count = unsafe buffer.withUnsafeMutableBufferPointer { bytes -> Int in
        guard let base = bytes.baseAddress else { return 0 }
        return unsafe readlink("/proc/self/exe", base, bytes.count)
      }
      guard count > 0 else { return CommandLine.arguments.first ?? "drydock" }
      return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func run() throws {
      let kinds = try faultKinds()
      let style = Console.style
      let report = ExternalReport(style: style)
      Interrupts.note()
      let clock = Stopwatch()
      let deadline = deadline
      let isInterrupted: @Sendable () -> Bool = {
        Interrupts.isWanted || deadline.map { clock.elapsed >= $0 } ?? false
      }
      let subject = command ?? "the controller that you start"
      var header = [style.strong("Scenario \(scenario.name)") + " against \(subject)"]
      if !scenario.summary.isEmpty { header.append(scenario.summary) }
      Console.print(header + [""])
      let stage = try ExternalStage(
        scenario, settings: settings, isShared: command == nil, isAttached: command == nil)
      defer { stage.end() }
      if command == nil {
        Console.print(["Start your controller with"] + (try stage.environment()) + [""])
      }
      let base = try stage.run(FaultPlan(), isInterrupted: isInterrupted)
      if command != nil { stage.end() }
      if base.failure != nil || !base.findings.isEmpty {
        Console.print(report.lines(of: base, linesMax: 200) + [""] + report.verdict(base))
        if Interrupts.isWanted { throw ExitCode.interrupted }
        if base.failure != nil { throw ExitCode.badInput }
        Console.print(["", "This needs no fault at all."])
        throw ExitCode.violated
      }
      let places = FaultPlaces(
        in: base, kinds: command == nil ? kinds.filter { !$0.concernsProcess } : kinds)
      Console.print([
        "Without faults it holds: \(base.requestCount) requests in \(Self.seconds(base.elapsed)).",
        "",
      ])
      let plans =
        options.matrix
        ? places.plans : RandomPlans.draw(runsMax, from: places, seed: seed)
      let campaign = ExternalCampaign(
        scenario, plans, settings: settings, keepsGoing: keepsGoing,
        isShared: options.keepAlive, tries: options.tries, isInterrupted: isInterrupted)
      var progress = Progress()
      let tell = { (done: Int, all: Int) in progress.tell("tried", done, of: all) }
      let tally =
        command == nil
        ? try campaign.run(on: stage, tell: tell) : try campaign.run(jobs: jobs, tell: tell)
      try told(tally, report)
      Console.print(
        report.summary(tally, places, isMatrix: options.matrix, after: clock.elapsed))
      if Interrupts.isWanted { throw ExitCode.interrupted }
      if !tally.failures.isEmpty { throw ExitCode.violated }
    }

    private func told(_ tally: ExternalCampaign.Tally, _ report: ExternalReport) throws {
      guard !tally.failures.isEmpty else {
        Console.print([
          report.style.good("HELD") + "  under every plan that was tried.", "",
        ])
        return
      }
      for (index, failure) in tally.failures.enumerated() {
        if index == 0 {
          Console.print(report.lines(of: failure.result, linesMax: 120) + [""])
        }
        let path =
          planPath ?? "\(scenario.name)\(index == 0 ? "" : "-\(index + 1)").plan.yaml"
        try save(failure, to: path)
        var lines = report.verdict(failure.result)
        if failure.tries > 0 {
          lines.append(
            "    seen again in \(failure.hits) of \(failure.tries) runs of the same plan")
        }
        let program = CommandLine.arguments.first ?? "drydock"
        let subject = command.map(Shell.quoted) ?? "COMMAND"
        lines += [
          "", "Plan saved as \(path). Replay it:",
          "    \(Shell.quoted(program)) replay --exec \(subject) \(Shell.quoted(path))", "",
        ]
        Console.print(lines)
      }
    }

    private func save(_ failure: ExternalCampaign.Failure, to path: String) throws {
      let finding = failure.result.findings.first
      let file = PlanFile(
        scenario: RelativePath.from(path, to: scenario.path), command: command ?? "",
        plan: failure.result.plan, verdict: finding?.oracle ?? "held",
        sentence: finding?.sentence ?? "")
      try Files.write(YAMLEmitter().string(file.value), to: path)
    }

    private func faultKinds() throws -> Set<DoorFault> {
      guard let text = options.faults else { return Set(DoorFault.allCases) }
      var kinds: Set<DoorFault> = []
      let names = DoorFault.allCases.map(\.rawValue)
      for name in text.split(separator: ",").map(String.init) {
        guard let kind = DoorFault(rawValue: name) else {
          throw SourceDiagnostic(
            "--faults names \"\(name)\"", at: nil, expected: names.joined(separator: ", "),
            suggestion: SourceDiagnostic.suggestion(for: name, among: names))
        }
        kinds.insert(kind)
      }
      return kinds
    }

    private static func seconds(_ duration: GoDuration) -> String {
      let tenths = duration.nanoseconds / 100_000_000
      return "\(tenths / 10).\(tenths % 10) s"
    }
  }

  /// What `replay --exec` does: one plan, once more.
  struct ExternalReplay {
    let command: String
    let path: String
    let scenarioPath: String?
    let times: ExternalTimes
    let linesMax: Int

    func run() throws {
      let source = YAMLSource(name: path, bytes: try Files.read(path))
      let documents: [YAMLDocument]
      do { documents = try YAMLParser.documents(in: source) } catch { throw error.diagnostic }
      guard let document = documents.first, documents.count == 1,
        document.value["kind"]?.string == PlanFile.kind
      else {
        throw SourceDiagnostic(
          "\(path) is no plan", at: documents.first?.startMark,
          expected: "one document with kind: \(PlanFile.kind), as drydock chaos --exec writes it")
      }
      let file = try PlanFile(reading: document)
      let place = scenarioPath ?? RelativePath.beside(path, file.scenario)
      let scenario = try ScenarioReader().scenario(at: place, reading: Files.read)
      Interrupts.note()
      let settings = ExternalSettings(
        command: command, program: ExternalChaos.program, quiet: times.rest.duration,
        confirm: times.confirm.duration,
        settleMax: times.settle.duration, startMax: times.settle.duration,
        pause: times.pause.duration)
      let result = try ExternalRun(scenario, file.plan, settings: settings) {
        Interrupts.isWanted
      }.run()
      let report = ExternalReport(style: Console.style)
      Console.print(report.lines(of: result, linesMax: linesMax) + [""] + report.verdict(result))
      if Interrupts.isWanted { throw ExitCode.interrupted }
      if result.failure != nil { throw ExitCode.badInput }
      if !result.isComplete {
        Console.error("warning: the controller made no such request as the plan names")
      }
      if !result.findings.isEmpty { throw ExitCode.violated }
    }
  }
#endif
