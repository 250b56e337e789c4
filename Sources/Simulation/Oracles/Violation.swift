public import Scalars

/// Something that must never be, and was.
public struct Violation: Sendable, Hashable {
  /// Which rule was broken.
  public enum Oracle: String, Sendable, Hashable, CaseIterable {
    /// O1: at rest, every grant has a live or terminating owner that records it.
    case leak
    /// O2: an item has one holder at a time.
    case doubleHolder = "double-holder"
    /// I3: what a live object records is granted to it.
    case danglingRecord = "dangling-record"
    /// O4: at rest, no object is being deleted.
    case stuckDeletion = "stuck-deletion"
    /// O5: without faults the world comes to rest.
    case neverSettled = "never-settled"
    /// A reconcile did what cannot be repeated.
    case escapedReconcile = "escaped-reconcile"
  }

  /// Which rule was broken.
  public let oracle: Oracle
  /// What happened, in one sentence.
  public let sentence: String
  /// The decision after which it was seen.
  public let step: Int
  /// The virtual time at which it was seen.
  public let time: Timestamp
  /// The item, where the rule is about one: pool and name.
  public var item: (pool: String, name: String)? {
    itemName.map { (itemPool, $0) }
  }

  private let itemPool: String
  private let itemName: String?

  init(
    oracle: Oracle, sentence: String, step: Int, time: Timestamp, pool: String = "",
    item: String? = nil
  ) {
    self.oracle = oracle
    self.sentence = sentence
    self.step = step
    self.time = time
    itemPool = pool
    itemName = item
  }
}
