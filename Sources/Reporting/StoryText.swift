import Allocation
public import Exploration
import Scalars
import Simulation

/// A failing run, told: what happened, to whom, what was believed, what was so, and what to do.
public struct StoryText {
  private let run: RunResult
  private let style: Style
  private let width: Int
  private let counterfactual: Counterfactual?

  /// The story of a run that broke a rule.
  ///
  /// - Parameters:
  ///   - run: The run, told and with names.
  ///   - counterfactual: Which of its choices matter; nil where nobody has looked.
  ///   - style: How it looks.
  ///   - width: How many columns there are.
  public init(
    _ run: RunResult, counterfactual: Counterfactual? = nil, style: Style, width: Int = 80
  ) {
    self.run = run
    self.counterfactual = counterfactual
    self.style = style
    self.width = Swift.max(40, width)
  }

  /// More than these are no explanation.
  private static let causesMax = 12
  /// The most steps that are shown at the beginning, and at the end; a fault is shown wherever it is.
  private static let stepsMax = 60

  /// The whole story.
  public var lines: [String] {
    guard let violation = run.violations.first else { return [] }
    var lines = wrapped(
      style.bad("VIOLATED \(violation.oracle.rawValue)") + "  \(violation.sentence)",
      hidden: style.isColoured ? 11 : 0)
    lines += ["", style.strong("What happened")] + schedule
    let beliefs = self.beliefs
    if !beliefs.isEmpty { lines += ["", style.strong("Belief and truth")] + beliefs }
    lines += biography(violation) + phases(violation)
    lines += causes(violation)
    lines += classified(violation)
    return lines
  }

  // MARK: Schedule

  /// One line a step, with a column of letters for actors; what changed nothing is left out, but for choices.
  private var schedule: [String] {
    guard let timeline = run.world.timeline else { return [] }
    let entries = timeline.entries.filter { !$0.isMinor || $0.kind == .fault }
      .filter { if case .holdings = $0.kind { false } else { true } }
    var actors: [String] = []
    for entry in entries where !actors.contains(entry.actor) { actors.append(entry.actor) }
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ").map(String.init)
    let lanes = Swift.min(actors.count, letters.count)
    var lines: [String] = []
    var legend = " "
    for index in 0..<lanes {
      let item = " \(letters[index]) \(actors[index])"
      if legend.count + item.count > width {
        lines.append(style.faint(legend))
        legend = " "
      }
      legend += item + (index + 1 < lanes ? "," : "")
    }
    lines.append(style.faint(legend))
    let stepWidth = entries.map { "\($0.step)".count }.max() ?? 1
    let timeWidth = entries.map { Self.time($0.time).count }.max() ?? 2
    lines.append(
      style.faint(
        "  " + Self.pad("step", Swift.max(4, stepWidth)) + "  "
          + Self.pad("after", Swift.max(5, timeWidth))
          + "  " + letters.prefix(lanes).joined(separator: " ")))
    var skipped = 0
    for (number, entry) in entries.enumerated() {
      if number >= Self.stepsMax, number < entries.count - Self.stepsMax, entry.kind != .fault {
        skipped += 1
        continue
      }
      if skipped > 0 {
        lines.append(style.faint("  … \(Figures.count(skipped, "step")) left out …"))
        skipped = 0
      }
      let place = actors.firstIndex(of: entry.actor) ?? 0
      let isFault = entry.kind == .fault
      let mark = isFault ? "!" : "•"
      let lane = (0..<lanes).map { $0 == place ? mark : "·" }.joined(separator: " ")
      let head =
        "  " + Self.pad("\(entry.step)", Swift.max(4, stepWidth), isRight: true) + "  "
        + Self.pad(Self.time(entry.time), Swift.max(5, timeWidth), isRight: true) + "  " + lane
        + "  "
      let text = Self.split(entry.text, width: Swift.max(20, width - head.count))
      for (index, part) in text.enumerated() {
        let shown = isFault ? style.bad(part) : part
        lines.append(
          (index == 0 ? style.faint(head) : String(repeating: " ", count: head.count)) + shown)
      }
    }
    let hidden = timeline.entries.count - entries.count
    if hidden > 0 {
      lines.append(style.faint("  (\(Figures.count(hidden, "turn")) that only read left out)"))
    }
    return lines
  }

  // MARK: Belief and truth

  /// The last few writes that went by something that was not so.
  private var beliefs: [String] {
    let all = run.world.beliefs.filter(\.isApplied)
    var lines: [String] = []
    for belief in all.suffix(3) {
      lines += wrapped("  At step \(belief.step) \(belief.actor) believed that \(belief.belief).")
      lines += wrapped("  In truth \(belief.truth). What it did: \(belief.action).")
    }
    return lines
  }

  // MARK: Biography

  private func biography(_ violation: Violation) -> [String] {
    guard let item = violation.item else { return [] }
    let entries = run.world.ledger.biography(pool: item.pool, item: item.name)
    var lines = ["", style.strong("The life of \(item.name) of pool \(item.pool)")]
    let times = entries.map { Self.time($0.time - run.world.plan.startTime) }
    let width = times.map(\.count).max() ?? 0
    for (entry, time) in zip(entries, times) {
      let grant = entry.generation == 0 ? "" : " #\(entry.generation)"
      lines += wrapped(
        "  " + Self.pad(time, width, isRight: true) + "  \(BiographyText.name(of: entry.event))"
          + "\(grant), \(entry.holder), by \(entry.actor)")
    }
    return lines
  }

  // MARK: Finalizers

  /// How far finalizers came of what was to be deleted, where that is what the failure is about.
  private func phases(_ violation: Violation) -> [String] {
    let phases = run.world.finalizerPhases.filter {
      $0.requested != nil && ($0.removed == nil || violation.bugClass != .stuck)
    }
    guard !phases.isEmpty, violation.bugClass == .stuck || violation.bugClass == .leak else {
      return []
    }
    var lines = ["", style.strong("The way of its finalizers")]
    for phase in phases.prefix(4) {
      let steps: [(String, Timestamp?)] = [
        ("registered", phase.registered), ("requested", phase.requested),
        ("queued", phase.queued), ("running", phase.running), ("released", phase.released),
        ("removed", phase.removed),
      ]
      let times = steps.map { name, time in
        "\(name) " + (time.map { Self.time($0 - run.world.plan.startTime) } ?? "-")
      }
      lines += wrapped(
        "  \(phase.finalizer) of \(phase.object): \(times.joined(separator: ", "))")
    }
    return lines
  }

  // MARK: Causes

  private func causes(_ violation: Violation) -> [String] {
    guard let counterfactual else { return [] }
    var lines = ["", style.strong("Why")]
    if counterfactual.causes.isEmpty {
      return lines
        + wrapped("  No fault and no other order is needed: the default schedule fails by itself.")
    }
    let causing = counterfactual.choices.filter(\.isCause)
    for choice in causing.prefix(Self.causesMax) {
      let end =
        choice.otherwise.map { "the run breaks \($0.rawValue) instead" } ?? "everything holds"
      lines += wrapped("  Without \"\(choice.deviation.take)\" \(end).")
    }
    if causing.count > Self.causesMax {
      lines.append("  And \(Figures.count(causing.count - Self.causesMax, "choice")) more.")
    }
    return lines
  }

  // MARK: Class, incident, cure

  private func classified(_ violation: Violation) -> [String] {
    var lines = ["", style.strong("What sort of bug")]
    let incident = Incident.resembling(
      violation, Incident.signs(run), kinds: Incident.kinds(run))
    guard let incident else {
      // That it is of no sort helps nobody.
      return violation.bugClass == .other ? [] : lines + wrapped("  \(violation.bugClass.rawValue)")
    }
    lines += wrapped(
      "  \(violation.bugClass == .other ? "" : "\(violation.bugClass.rawValue), ")"
        + "as in \(incident.source): \(incident.story).")
    lines += wrapped("  What cured it there: \(incident.cure).")
    return lines
  }

  // MARK: Layout

  private func wrapped(_ text: String, hidden: Int = 0) -> [String] {
    let indent = String(text.prefix { $0 == " " })
    let parts = Self.split(
      String(text.dropFirst(indent.count)), width: width - indent.count + hidden)
    return parts.enumerated().map { index, part in
      indent + (index == 0 || hidden > 0 ? "" : "  ") + part
    }
  }

  /// The text in lines of at most this many characters, where its words allow.
  static func split(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    // Room for the indentation of lines that go on.
    let room = Swift.max(10, width - 2)
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if line.isEmpty {
        line = String(word)
      } else if line.count + 1 + word.count <= room {
        line += " " + word
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return lines + [line]
  }

  private static func time(_ time: GoDuration) -> String { time == .zero ? "0s" : "\(time)" }

  private static func pad(_ text: String, _ width: Int, isRight: Bool = false) -> String {
    let space = String(repeating: " ", count: Swift.max(0, width - text.count))
    return isRight ? space + text : text + space
  }
}
