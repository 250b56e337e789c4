public import APIMachinery

/// What an object says it holds: one item, as its status (or wherever its kind keeps it) tells.
public struct AllocationRecord: Sendable, Hashable {
  /// The pool.
  public var pool: String
  /// The item.
  public var item: String
  /// The generation, where the record keeps it; a bare name cannot be told from an older grant's.
  public var generation: UInt32?
  /// The object that holds.
  public var owner: UID
  /// The object that holds, for people.
  public var holder: String
  /// Which of its requests the item is for.
  public var requestKey: String
  /// Whether the object is being deleted.
  public var isTerminating: Bool

  /// A record.
  public init(
    pool: String, item: String, generation: UInt32?, owner: UID, holder: String,
    requestKey: String = "default", isTerminating: Bool = false
  ) {
    self.pool = pool
    self.item = item
    self.generation = generation
    self.owner = owner
    self.holder = holder
    self.requestKey = requestKey
    self.isTerminating = isTerminating
  }
}
