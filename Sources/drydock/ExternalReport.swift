#if DRYDOCK_SERVER
  import ExternalControllers
  import Reporting
  import Scalars

  /// What is printed of runs of a controller outside.
  struct ExternalReport {
    let style: Style
    /// Whether there is anything to hand out.
    var hasPools = false

    /// What the controller asked and was answered, in order.
    func lines(of result: ExternalResult, linesMax: Int) -> [String] {
      var entries = Array(result.log.entries)
      var lines: [String] = []
      if entries.count > linesMax {
        // What a fault brought about lies behind it, and what led there before it.
        let first = entries.firstIndex { $0.kind == .fault } ?? 0
        let start = max(0, min(first - linesMax / 3, entries.count - linesMax))
        let end = min(entries.count, start + linesMax)
        if start > 0 { lines.append(style.faint("… \(start) lines before")) }
        let behind = entries.count - end
        entries = Array(entries[start..<end])
        lines += entries.map(line)
        if behind > 0 { lines.append(style.faint("… \(behind) lines more")) }
        return lines
      }
      return entries.map(line)
    }

    private func line(_ entry: RunLog.Entry) -> String {
      let time = Self.padded(RunClock.text(entry.time), 9)
      let actor = Self.padded(entry.actor, 11, atEnd: true)
      switch entry.kind {
      case .fault: return style.faint(time) + "  " + style.bad("\(actor)!! \(entry.text)")
      case .output: return style.faint("\(time)  \(actor)| \(entry.text)")
      case .event: return style.faint("\(time)  \(actor)\(entry.text)")
      case .user, .process: return style.faint(time) + "  " + style.strong(actor) + entry.text
      case .request: return style.faint(time) + "  \(actor)\(entry.text)"
      }
    }

    private static func padded(_ text: String, _ width: Int, atEnd: Bool = false) -> String {
      let space = String(repeating: " ", count: max(0, width - text.count))
      return atEnd ? text + space : space + text
    }

    /// What was broken, and by what.
    func verdict(_ result: ExternalResult, isConfirmed: Bool = true) -> [String] {
      if let failure = result.failure {
        return [style.warning("NOT JUDGED") + "  \(failure)"]
      }
      guard let finding = result.findings.first else {
        return [
          style.good("HELD")
            + (hasPools
              ? "  at rest, everything that is handed out is recorded by one owner."
              : "  at rest, nothing is wrong.")
        ]
      }
      let head =
        isConfirmed
        ? style.bad("VIOLATED \(finding.oracle)") : style.warning("UNCONFIRMED \(finding.oracle)")
      var lines = [head + "  \(finding.sentence)"]
      for other in result.findings.dropFirst() { lines.append("          \(other.sentence)") }
      for fault in result.plan.faults {
        lines.append("    \(fault.place): \(Self.sentence(of: fault, in: result))")
      }
      for (item, entries) in result.biographies.prefix(3) {
        lines += ["", "The life of \(item.name) of pool \(item.pool):"]
        lines += BiographyText.lines(entries, since: result.start).map { "    " + $0 }
      }
      return lines
    }

    private static func sentence(of fault: FaultPlan.Fault, in result: ExternalResult) -> String {
      result.fired.contains(fault.place)
        ? fault.fault.sentence : "\(fault.fault.rawValue), which never happened"
    }

    /// How often a violation came again; nothing where it was not tried.
    func rate(_ failure: ExternalCampaign.Failure) -> [String] {
      guard failure.tries > 0 else { return [] }
      return ["    seen again in \(failure.hits) of \(failure.tries) runs of the same plan"]
    }

    /// What a campaign came to that has broken nothing for sure.
    ///
    /// - Parameters:
    ///   - tally: What came of it.
    ///   - isEarly: Whether plans were left that it was to try.
    /// - Returns: a line.
    func outcome(_ tally: ExternalCampaign.Tally, isEarly: Bool) -> String {
      let known = tally.unconfirmed.isEmpty ? "no violation" : "no violation that was seen again"
      if isEarly {
        return style.warning("NOT FINISHED")
          + "  \(known) in \(tally.runCount) of \(tally.planCount) plans."
      }
      return style.good("HELD")
        + (tally.unconfirmed.isEmpty
          ? "  under every plan that was tried." : "  under every plan; \(known).")
    }

    /// What a campaign did.
    func summary(
      _ tally: ExternalCampaign.Tally, _ places: FaultPlaces, isMatrix: Bool,
      after elapsed: GoDuration
    ) -> [String] {
      var lines: [String] = []
      let seconds = Double(elapsed.nanoseconds) / 1e9
      let of = tally.isComplete ? "" : " of \(tally.planCount)"
      var first = "\(tally.runCount)\(of) plans in \(Self.rounded(seconds)) s, "
      first +=
        isMatrix ? "single faults at \(places.placeCount) requests and events" : "drawn at random"
      if isMatrix, tally.isComplete { first += ": complete for that scope" }
      lines.append(first)
      let counts = tally.faultCounts.sorted { $0.key.rawValue < $1.key.rawValue }
        .map { "\($0.key.rawValue) \($0.value)" }
      if !counts.isEmpty {
        lines.append("faults that came to pass: " + counts.joined(separator: ", "))
      }
      if tally.missedCount > 0 {
        lines.append(
          "\(tally.missedCount) plans met no such request, since the controller did something else")
      }
      for (reason, count) in places.leftOut {
        lines.append("left out, since they cannot matter: \(count) at \(reason)")
      }
      for (plan, reason) in tally.unjudged.prefix(5) {
        let faults = plan.faults.map(\.description).joined(separator: ", ")
        lines.append(style.warning("not judged") + " \(faults): \(reason)")
      }
      if tally.unjudged.count > 5 {
        lines.append("… and \(tally.unjudged.count - 5) more not judged")
      }
      if tally.isInterrupted, !tally.isComplete { lines.append("ended before its time") }
      return lines.map { $0.hasPrefix("\u{1B}") ? $0 : style.faint($0) }
    }

    private static func rounded(_ seconds: Double) -> String {
      let tenths = Int((seconds * 10).rounded())
      return "\(tenths / 10).\(tenths % 10)"
    }
  }
#endif
