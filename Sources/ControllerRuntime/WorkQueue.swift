public import APIMachinery
import PersistentCollections
public import Scalars

/// The queue between events and workers, with client-go's rules (semantics 4.2).
///
/// - Guarantees: a key is never with two workers; after the last `add` of a key at least one worker gets it; adding a
///   key that waits changes nothing; keys come in the order in which they were added.
/// - Everything is persistent: a copy costs nothing.
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

  private var states = PersistentMap<ObjectKey, KeyState>()
  private var ready = PersistentMap<UInt64, ObjectKey>()
  private var delayed = PersistentMap<DelayedPlace, ObjectKey>()
  private var order: UInt64 = 0
  private var limiter: RateLimiter

  /// An empty queue.
  public init(limiter: RateLimiter = .exponential) { self.limiter = limiter }

  /// Whether a key waits for a worker.
  public var hasReady: Bool { !ready.isEmpty }

  /// The keys that wait for a worker, in order.
  public var readyKeys: [ObjectKey] { ready.map(\.value) }

  /// When the next delayed key is due; nil without one.
  public var nextDue: Timestamp? { delayed.isEmpty ? nil : delayed.first?.key.time }

  /// The keys that are delayed, in the order in which they are due.
  public var delayedKeys: [(key: ObjectKey, due: Timestamp)] {
    delayed.map { ($0.value, $0.key.time) }
  }

  /// Whether nothing waits, is delayed or is with a worker.
  public var isEmpty: Bool { ready.isEmpty && delayed.isEmpty && processingCount == 0 }

  private var processingCount = 0

  /// How often the key has failed since it was last forgotten.
  public func failures(of key: ObjectKey) -> Int { states[key]?.failures ?? 0 }

  /// Whether a worker has the key.
  public func isProcessing(_ key: ObjectKey) -> Bool { states[key]?.isProcessing ?? false }

  /// Adds a key.
  public mutating func add(_ key: ObjectKey) {
    let waitsFirst = states.mutateValue(forKey: key) { state in
      defer { state.isDirty = true }
      return !state.isDirty && !state.isProcessing
    }
    if waitsFirst == nil { states.updateValue(KeyState(isDirty: true), forKey: key) }
    if waitsFirst ?? true { append(key) }
  }

  /// Adds a key later; of several delays of one key the earliest holds.
  public mutating func add(_ key: ObjectKey, after delay: GoDuration, at now: Timestamp) {
    guard delay > .zero else { return add(key) }
    var state = states[key] ?? KeyState()
    let place = DelayedPlace(time: now + delay, order: order)
    if let old = state.delayed {
      guard place.time < old.time else { return }
      delayed.removeValue(forKey: old)
    }
    order += 1
    state.delayed = place
    delayed.updateValue(key, forKey: place)
    states.updateValue(state, forKey: key)
  }

  /// Adds a key that failed, after the limiter's delay.
  public mutating func addRateLimited(_ key: ObjectKey, at now: Timestamp) {
    var state = states[key] ?? KeyState()
    let delay = limiter.delay(failures: state.failures, at: now)
    state.failures += 1
    states.updateValue(state, forKey: key)
    add(key, after: delay, at: now)
  }

  /// Forgets the key's failures.
  public mutating func forget(_ key: ObjectKey) {
    guard var state = states[key], state.failures > 0 else { return }
    state.failures = 0
    keep(state, of: key)
  }

  /// Hands the first key that waits to a worker.
  public mutating func take() -> ObjectKey? {
    guard let first = ready.popFirst() else { return nil }
    // A key that waits has a state.
    states.mutateValue(forKey: first.value) { state in
      state.isDirty = false
      state.isProcessing = true
    }
    processingCount += 1
    return first.value
  }

  /// Takes a key back from its worker; one that was added meanwhile waits again.
  public mutating func done(_ key: ObjectKey) {
    guard var state = states[key], state.isProcessing else { return }
    state.isProcessing = false
    processingCount -= 1
    if state.isDirty { append(key) }
    keep(state, of: key)
  }

  /// Adds the delayed keys that are due.
  ///
  /// - Returns: the keys, in the order in which they were due.
  @discardableResult
  public mutating func addDue(at now: Timestamp) -> [ObjectKey] {
    var due: [ObjectKey] = []
    while let first = delayed.first, first.key.time <= now {
      delayed.removeFirst()
      if var state = states[first.value] {
        state.delayed = nil
        states.updateValue(state, forKey: first.value)
      }
      add(first.value)
      due.append(first.value)
    }
    return due
  }

  private mutating func append(_ key: ObjectKey) {
    ready.updateValue(key, forKey: order)
    order += 1
  }

  private mutating func keep(_ state: KeyState, of key: ObjectKey) {
    if state.isIdle {
      states.removeValue(forKey: key)
    } else {
      states.updateValue(state, forKey: key)
    }
  }
}
