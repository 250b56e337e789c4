#if DRYDOCK_SERVER
  import APIMachinery
  import ArgumentParser
  import ExternalControllers
  import Glibc
  import Reporting
  import Scalars
  import Scenarios
  import Simulation
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
      let report = ExternalReport(style: style, hasPools: scenario.hasPools)
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
      let flake = try broken(base, report, isInterrupted)
      let model = flake?.held ?? base
      let places = FaultPlaces(
        in: model, kinds: command == nil ? kinds.filter { !$0.concernsProcess } : kinds)
      if flake == nil {
        Console.print([
          "Without faults it holds: \(base.requestCount) requests in "
            + "\(Self.seconds(base.elapsed)).", "",
        ])
      }
      let plans =
        options.matrix
        ? places.plans : RandomPlans.draw(runsMax, from: places, seed: seed)
      let campaign = ExternalCampaign(
        scenario, plans, settings: settings, keepsGoing: keepsGoing,
        isShared: options.keepAlive, tries: options.tries, isInterrupted: isInterrupted)
      var progress = Progress()
      let tell = { (done: Int, all: Int) in progress.tell("tried", done, of: all) }
      var tally =
        command == nil
        ? try campaign.run(on: stage, tell: tell) : try campaign.run(jobs: jobs, tell: tell)
      tally.note(base.propertiesHeld)
      try told(tally, report, saved: flake == nil ? 0 : 1)
      let unmet = scenario.plan.properties.enumerated().filter { index, property in
        property.mode == .sometimes && !tally.propertiesHeld[index]
      }
      for (_, property) in unmet {
        Console.print([
          style.warning("NEVER MET") + "  \(property.name) must hold in some run, and held in none."
        ])
      }
      Console.print(
        report.summary(tally, places, isMatrix: options.matrix, after: clock.elapsed))
      if Interrupts.isWanted { throw ExitCode.interrupted }
      let isFlaky = flake.map { $0.hits > 0 } ?? false
      if isFlaky || !tally.failures.isEmpty { throw ExitCode.violated }
      if !unmet.isEmpty { throw ExitCode.neverMet }
      // A matrix answers for all of its plans or not at all; random plans are as many as the time allows.
      if options.matrix, tally.runCount < tally.planCount { throw ExitCode.outOfTime }
    }

    /// What the run without faults has broken: told, tried again and saved.
    ///
    /// - Returns: what comes and goes; nil where nothing is broken.
    /// - Throws: an exit code where there is nothing more to learn.
    private func broken(
      _ base: ExternalResult, _ report: ExternalReport,
      _ isInterrupted: @escaping @Sendable () -> Bool
    ) throws -> ExternalCampaign.Failure? {
      if base.failure == nil, base.findings.isEmpty { return nil }
      Console.print(report.lines(of: base, linesMax: 200) + [""])
      if base.failure != nil {
        Console.print(report.verdict(base))
        throw Interrupts.isWanted ? ExitCode.interrupted : ExitCode.badInput
      }
      let campaign = ExternalCampaign(
        scenario, [], settings: settings, tries: command == nil ? 0 : options.tries,
        isInterrupted: isInterrupted)
      let failure = campaign.retried(base, jobs: jobs)
      try tell(failure, report, index: 0)
      if Interrupts.isWanted { throw ExitCode.interrupted }
      if failure.isSteady {
        Console.print(["This needs no fault at all."])
        throw ExitCode.violated
      }
      Console.print(["Without faults it comes and goes; what is found below may be the same.", ""])
      return failure
    }

    private func told(
      _ tally: ExternalCampaign.Tally, _ report: ExternalReport, saved: Int
    ) throws {
      for (index, failure) in (tally.failures + tally.unconfirmed).enumerated() {
        if index == 0 {
          Console.print(report.lines(of: failure.result, linesMax: 120) + [""])
        }
        try tell(failure, report, index: saved + index)
      }
      guard tally.failures.isEmpty else { return }
      // Plans that are drawn have no end but that of the time.
      let isEarly = (Interrupts.isWanted || options.matrix) && !tally.isComplete
      Console.print([report.outcome(tally, isEarly: isEarly), ""])
    }

    private func tell(
      _ failure: ExternalCampaign.Failure, _ report: ExternalReport, index: Int
    ) throws {
      let path =
        (index == 0 ? planPath : nil)
        ?? "\(scenario.name)\(index == 0 ? "" : "-\(index + 1)").plan.yaml"
      try save(failure, to: path)
      let lines =
        report.verdict(failure.result, isConfirmed: failure.isConfirmed) + report.rate(failure)
      let program = CommandLine.arguments.first ?? "drydock"
      let subject = command.map(Shell.quoted) ?? "COMMAND"
      Console.print(
        lines + [
          "", "Plan saved as \(path). Replay it:",
          "    \(Shell.quoted(program)) replay --exec \(subject) \(Shell.quoted(path))", "",
        ])
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

  extension Scenario {
    /// Whether there is anything to hand out.
    fileprivate var hasPools: Bool {
      let applied = plan.workload.compactMap { step -> APIObject? in
        if case .apply(let object) = step.action { return object }
        return nil
      }
      return (plan.objects + applied).contains { object in
        object.type.kind == "Pool" && object.type.definition.group == "drydock.dev"
      }
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
      let report = ExternalReport(style: Console.style, hasPools: scenario.hasPools)
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
