public import APIMachinery
import PersistentCollections
public import Scalars

/// The queue between events and workers, with client-go's rules (semantics 4.2).
///
/// - Guarantees: a key is never with two workers; after the last `add` of a key at least one worker gets it; adding a
///   key that waits changes nothing; keys come in the order in which they were added.
/// - A copy costs nothing; the first change of it copies a few bytes for each key.
/// - Keys are told apart once, when they are added, and have numbers from then on: what changes with every decision is
///   plain data.
public struct WorkQueue: Sendable {
  private struct KeyState: Sendable, Hashable {
    /// Waits, or is to wait again once its worker is done.
    var isDirty = false
    /// Is with a worker.
    var isProcessing = false
    var failures = 0
    /// The place among the delayed keys.
    var delayed: DelayedPlace?

    var isIdle: Bool { !isDirty && !isProcessing && failures == 0 && delayed == nil }
  }

  /// Delayed keys are in the order of their times, then of their adding.
  private struct DelayedPlace: Sendable, Hashable, Comparable {
    let time: Timestamp
    let order: UInt64

    static func < (left: DelayedPlace, right: DelayedPlace) -> Bool {
      left.time != right.time ? left.time < right.time : left.order < right.order
    }
  }

  /// By number: the keys that are known.
  private var keys: ContiguousArray<ObjectKey> = []
  /// By number: where they stand.
  ///
  /// A key that is idle keeps its number until there are many of them, for it mostly comes again.
  private var states: ContiguousArray<KeyState> = []
  private var numbers = PersistentMap<ObjectKey, Int>()
  /// The number that was asked for last, -1 for none: one key is mostly asked for several times in a row.
  private var latest = -1
  /// The number of keys at which those that are idle are forgotten.
  private var sweepsAt = Self.sweepsAtLeast
  /// The keys that wait, behind those that have been taken.
  @usableFromInline var ready: ContiguousArray<Int> = []
  @usableFromInline var takenCount = 0
  private var delayed = PersistentMap<DelayedPlace, Int>()
  private var order: UInt64 = 0
  private var processingCount = 0
  private var limiter: RateLimiter

  private static let sweepsAtLeast = 64

  /// An empty queue.
  public init(limiter: RateLimiter = .exponential) { self.limiter = limiter }

  /// Whether a key waits for a worker.
  @inlinable public var hasReady: Bool { takenCount < ready.count }

  /// The keys that wait for a worker, in order.
  public var readyKeys: [ObjectKey] { ready[takenCount...].map { keys[$0] } }

  /// Whether a key is delayed.
  public var hasDelayed: Bool { !delayed.isEmpty }

  /// When the next delayed key is due; nil without one.
  public var nextDue: Timestamp? { delayed.isEmpty ? nil : delayed.first?.key.time }

  /// The keys that are delayed, in the order in which they are due.
  public var delayedKeys: [(key: ObjectKey, due: Timestamp)] {
    delayed.map { (keys[$0.value], $0.key.time) }
  }

  /// Whether nothing waits, is delayed or is with a worker.
  public var isEmpty: Bool { !hasReady && delayed.isEmpty && processingCount == 0 }

  /// How often the key has failed since it was last forgotten.
  public func failures(of key: ObjectKey) -> Int {
    number(of: key).map { states[$0].failures } ?? 0
  }

  /// Whether a worker has the key.
  public func isProcessing(_ key: ObjectKey) -> Bool {
    number(of: key).map { states[$0].isProcessing } ?? false
  }

  /// Adds a key.
  public mutating func add(_ key: ObjectKey) { add(numbered(key)) }

  private mutating func add(_ number: Int) {
    let waitsFirst = !states[number].isDirty && !states[number].isProcessing
    states[number].isDirty = true
    if waitsFirst { ready.append(number) }
  }

  /// Adds a key later; of several delays of one key the earliest holds.
  public mutating func add(_ key: ObjectKey, after delay: GoDuration, at now: Timestamp) {
    guard delay > .zero else { return add(key) }
    let number = numbered(key)
    let place = DelayedPlace(time: now + delay, order: order)
    if let old = states[number].delayed {
      guard place.time < old.time else { return }
      delayed.removeValue(forKey: old)
    }
    order += 1
    states[number].delayed = place
    delayed.updateValue(number, forKey: place)
  }

  /// Adds a key that failed, after the limiter's delay.
  public mutating func addRateLimited(_ key: ObjectKey, at now: Timestamp) {
    let number = numbered(key)
    let delay = limiter.delay(failures: states[number].failures, at: now)
    states[number].failures += 1
    add(key, after: delay, at: now)
  }

  /// Forgets the key's failures.
  public mutating func forget(_ key: ObjectKey) {
    guard let number = number(of: key) else { return }
    latest = number
    // Most have none, and what is only read is not copied for a fork.
    if states[number].failures > 0 { states[number].failures = 0 }
  }

  /// Hands the first key that waits to a worker.
  public mutating func take() -> ObjectKey? {
    guard hasReady else { return nil }
    let number = ready[takenCount]
    takenCount += 1
    if takenCount == ready.count {
      ready.removeAll(keepingCapacity: true)
      takenCount = 0
    } else if takenCount >= Self.sweepsAtLeast, takenCount * 2 >= ready.count {
      ready.removeFirst(takenCount)
      takenCount = 0
    }
    states[number].isDirty = false
    states[number].isProcessing = true
    processingCount += 1
    latest = number
    return keys[number]
  }

  /// Takes a key back from its worker; one that was added meanwhile waits again.
  public mutating func done(_ key: ObjectKey) {
    guard let number = number(of: key), states[number].isProcessing else { return }
    latest = number
    states[number].isProcessing = false
    processingCount -= 1
    if states[number].isDirty { ready.append(number) }
  }

  /// Adds the delayed keys that are due.
  ///
  /// - Returns: the keys, in the order in which they were due.
  @discardableResult
  public mutating func addDue(at now: Timestamp) -> [ObjectKey] {
    var due: [ObjectKey] = []
    while let first = delayed.first, first.key.time <= now {
      delayed.removeFirst()
      states[first.value].delayed = nil
      add(first.value)
      due.append(keys[first.value])
    }
    return due
  }

  // MARK: Numbers

  private func number(of key: ObjectKey) -> Int? {
    // A span, for an element of an array would be copied with its texts.
    if latest >= 0, keys.span[latest] == key { return latest }
    return numbers.withValue(forKey: key) { $0 }
  }

  private mutating func numbered(_ key: ObjectKey) -> Int {
    if let known = number(of: key) {
      latest = known
      return known
    }
    if keys.count >= sweepsAt { sweep() }
    latest = keys.count
    keys.append(key)
    states.append(KeyState())
    numbers.updateValue(latest, forKey: key)
    return latest
  }

  /// Forgets the keys that are idle; the others have new numbers then.
  private mutating func sweep() {
    var kept = WorkQueue(limiter: limiter)
    var moved = ContiguousArray(repeating: -1, count: keys.count)
    for number in keys.indices where !states[number].isIdle {
      moved[number] = kept.keys.count
      kept.numbers.updateValue(kept.keys.count, forKey: keys[number])
      kept.keys.append(keys[number])
      kept.states.append(states[number])
    }
    kept.ready = ContiguousArray(ready[takenCount...].map { moved[$0] })
    for (place, number) in delayed { kept.delayed.updateValue(moved[number], forKey: place) }
    kept.sweepsAt = max(Self.sweepsAtLeast, 2 * kept.keys.count)
    kept.order = order
    kept.processingCount = processingCount
    self = kept
  }
}
