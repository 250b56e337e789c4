import Scalars
public import Simulation

/// A run as lines for people.
public struct TimelineText: Sendable {
  /// How it looks.
  public let style: Style
  /// The most lines of turns; what is left out is said.
  public let linesMax: Int

  /// A printer of timelines.
  public init(style: Style = .plain, linesMax: Int = 200) {
    self.style = style
    self.linesMax = linesMax
  }

  /// The lines of a timeline.
  public func lines(_ timeline: Timeline) -> [String] {
    let entries = timeline.entries
    var times: [String] = []
    for entry in entries { times.append(Self.time(entry.time)) }
    let timeWidth = times.map(\.count).max() ?? 0
    let stepWidth = entries.last.map { "\($0.step)".count } ?? 0
    let actorWidth = entries.map(\.actor.count).max() ?? 0
    var lines: [String] = []
    // Holdings and faults are what a run is looked at for: they are shown however long it is.
    let turns = entries.filter { $0.kind == .turn }.count
    let hidden = Swift.max(0, turns - linesMax)
    var skipped = 0
    for (entry, time) in zip(entries, times) {
      if entry.kind == .turn, skipped < hidden, lines.count >= linesMax / 2 {
        skipped += 1
        if skipped == hidden { lines.append(style.faint("… \(hidden) turns left out …")) }
        continue
      }
      let prefix =
        Self.padded("\(entry.step)", stepWidth, isRight: true) + "  "
        + Self.padded(time, timeWidth, isRight: true) + "  "
        + Self.padded(entry.actor, actorWidth) + "  "
      switch entry.kind {
      case .turn: lines.append(style.faint(prefix) + entry.text)
      case .fault: lines.append(style.faint(prefix) + style.bad(entry.text))
      case .holdings(let holdings):
        lines.append(style.faint(prefix) + entry.text)
        lines.append("")
        lines += HoldingsTable.lines(holdings).map { "    " + $0 }
        lines.append("")
      }
    }
    return lines
  }

  private static func time(_ time: GoDuration) -> String { time == .zero ? "0s" : "\(time)" }

  private static func padded(_ text: String, _ width: Int, isRight: Bool = false) -> String {
    let space = String(repeating: " ", count: Swift.max(0, width - text.count))
    return isRight ? space + text : text + space
  }
}
