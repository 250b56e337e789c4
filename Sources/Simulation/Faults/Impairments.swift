import APIMachinery
import Allocation
import ControllerRuntime
import Scalars

/// What is wrong with the world for a while.
///
/// Few things at a time, so lists will do; a world in which nothing is wrong asks one flag.
struct Impairments: Sendable {
  /// Something that lasts.
  struct Lasting: Sendable, Hashable {
    let kind: FaultKind
    var process: Int?
    var controller: Int?
    var type: ResourceType?
    var pool: String?
    let ends: Timestamp
  }

  /// A reply that is on its way.
  struct HeldReply: Sendable {
    let process: Int
    let controller: Int
    let worker: Int
    let reply: Reply
    /// Whether the effect was carried out.
    let isApplied: Bool
  }

  /// A request or call that arrives later than its sender waits for it.
  struct LateEffect: Sendable {
    let effect: Effect
    let actor: String
    let process: Int?
    let request: ObjectKey?
    let token: FencingToken?
    let due: Timestamp
    /// Whether it is sent once the object of its name is gone, and given up when it is due.
    var waitsForRemoval = false
  }

  private(set) var lasting: [Lasting] = []
  private(set) var replies: [HeldReply] = []
  private(set) var late: [LateEffect] = []
  /// Informers that list again once nothing holds them back.
  private(set) var relists: [(process: Int, type: ResourceType)] = []
  /// Whether anything is wrong.
  private(set) var isActive = false

  private mutating func refresh() {
    isActive = !(lasting.isEmpty && replies.isEmpty && late.isEmpty && relists.isEmpty)
  }

  // MARK: What is held back

  func isPaused(_ process: Int) -> Bool {
    lasting.contains { $0.kind == .pause && $0.process == process }
  }

  /// Whether an informer hears nothing.
  func holdsInformer(of type: ResourceType, _ process: Int) -> Bool {
    for one in lasting where one.process == process {
      switch one.kind {
      case .pause, .partition, .partitionReplies: return true
      case .watchBreak, .watchDelay, .relist:
        if one.type?.index == type.index { return true }
      default: continue
      }
    }
    return false
  }

  /// Whether a controller's workers get no turn.
  func holdsController(_ controller: Int, _ process: Int) -> Bool {
    for one in lasting where one.process == process {
      if one.kind == .pause { return true }
      if one.kind == .starve, one.controller == controller { return true }
    }
    return false
  }

  /// What stands between a process and the one who carries an effect out.
  func obstacle(to effect: Effect, _ process: Int) -> FaultKind? {
    for one in lasting where one.process == process {
      switch (one.kind, effect) {
      case (.partition, .api), (.partition, .discover): return .partition
      case (.partitionReplies, .api), (.partitionReplies, .discover): return .partitionReplies
      case (.partitionAllocator, .allocator): return .partitionAllocator
      default: continue
      }
    }
    return nil
  }

  /// Whether something of this kind lasts.
  func has(_ kind: FaultKind, pool: String? = nil) -> Bool {
    lasting.contains { $0.kind == kind && (pool == nil || $0.pool == pool) }
  }

  func mustRelist(_ type: ResourceType, _ process: Int) -> Bool {
    relists.contains { $0.process == process && $0.type.index == type.index }
  }

  func hasReply(_ process: Int, _ controller: Int, _ worker: Int) -> Bool {
    replies.contains {
      $0.process == process && $0.controller == controller && $0.worker == worker
    }
  }

  /// When the next thing ends or arrives; nil where nothing does.
  func nextEnd(after now: Timestamp) -> Timestamp? {
    var next: Timestamp?
    for time in lasting.map(\.ends) + late.map(\.due) where time > now {
      next = next.map { min($0, time) } ?? time
    }
    return next
  }

  // MARK: Changes

  mutating func add(_ one: Lasting) {
    lasting.append(one)
    refresh()
  }

  mutating func hold(_ reply: HeldReply) {
    replies.append(reply)
    refresh()
  }

  mutating func send(_ effect: LateEffect) {
    late.append(effect)
    refresh()
  }

  mutating func takeReply(_ process: Int, _ controller: Int, _ worker: Int) -> HeldReply? {
    let index = replies.firstIndex {
      $0.process == process && $0.controller == controller && $0.worker == worker
    }
    guard let index else { return nil }
    defer { refresh() }
    return replies.remove(at: index)
  }

  mutating func takeLate(_ index: Int) -> LateEffect {
    defer { refresh() }
    return late.remove(at: index)
  }

  mutating func takeRelist(_ type: ResourceType, _ process: Int) {
    relists.removeAll { $0.process == process && $0.type.index == type.index }
    refresh()
  }

  /// Ends what is over at this time.
  mutating func end(at now: Timestamp) -> [Lasting] {
    let over = lasting.filter { $0.ends <= now }
    lasting.removeAll { $0.ends <= now }
    for one in over where one.kind == .relist {
      if let process = one.process, let type = one.type { relists.append((process, type)) }
    }
    late.removeAll { $0.waitsForRemoval && $0.due <= now }
    refresh()
    return over
  }

  /// Forgets what concerns a process that stops; what is in the network stays there.
  mutating func forget(_ process: Int) {
    lasting.removeAll { one in
      guard one.process == process else { return false }
      switch one.kind {
      case .partition, .partitionReplies, .partitionAllocator: return false
      default: return true
      }
    }
    replies.removeAll { $0.process == process }
    relists.removeAll { $0.process == process }
    refresh()
  }
}
