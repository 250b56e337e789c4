public import Scalars

/// How long ago, as kubectl says it.
public enum Age {
  /// The age at `now` of what was made at `time`; `<unknown>` where that is not known.
  public static func text(of time: Timestamp?, at now: Timestamp) -> String {
    guard let time else { return "<unknown>" }
    return text(now - time)
  }

  /// A duration in at most two units, coarser the longer it is.
  public static func text(_ duration: GoDuration) -> String {
    let seconds = duration.wholeSeconds
    if seconds < 0 { return seconds < -1 ? "<invalid>" : "0s" }
    if seconds < 120 { return "\(seconds)s" }
    let minutes = seconds / 60
    if minutes < 10 { return joined(minutes, "m", seconds % 60, "s") }
    if minutes < 180 { return "\(minutes)m" }
    let hours = minutes / 60
    if hours < 8 { return joined(hours, "h", minutes % 60, "m") }
    if hours < 48 { return "\(hours)h" }
    if hours < 192 { return joined(hours / 24, "d", hours % 24, "h") }
    if hours < 24 * 365 * 2 { return "\(hours / 24)d" }
    if hours < 24 * 365 * 8 { return joined(hours / 24 / 365, "y", hours / 24 % 365, "d") }
    return "\(hours / 24 / 365)y"
  }

  private static func joined(_ a: Int64, _ aUnit: String, _ b: Int64, _ bUnit: String) -> String {
    b == 0 ? "\(a)\(aUnit)" : "\(a)\(aUnit)\(b)\(bUnit)"
  }
}
