public import Scalars

/// What happened in a run, in order.
public struct RunLog: Sendable {
  /// One happening.
  public struct Entry: Sendable {
    /// The time since the server was started.
    public let time: GoDuration
    /// Who.
    public let actor: String
    /// What.
    public let text: String
    /// What kind of happening.
    public let kind: Kind
  }

  /// What kind of happening it is.
  public enum Kind: Sendable, Hashable {
    /// The scenario's user has acted.
    case user
    /// A request and its answer.
    case request
    /// An event that a watch has told.
    case event
    /// A fault.
    case fault
    /// Something about the process.
    case process
    /// A line that the controller has written.
    case output
  }

  /// The entries so far.
  public private(set) var entries: [Entry] = []
  /// How many were left out, since there were too many.
  public private(set) var omittedCount = 0
  private static let entriesMax = 20_000

  mutating func note(_ kind: Kind, _ actor: String, _ text: String, at time: GoDuration) {
    guard entries.count < Self.entriesMax else {
      omittedCount += 1
      return
    }
    entries.append(Entry(time: time, actor: actor, text: text, kind: kind))
  }
}
