import APIMachinery

/// Which of the free items of a pool a request gets that names none.
public enum PlacementPolicy: String, Sendable, Hashable, CaseIterable {
  /// The first ones.
  case firstFit
  /// The first ones after the one that was handed out last, and then from the beginning: an item that was
  /// given back rests as long as the pool allows.
  case nextFit
  /// The first ones from a place that depends on the owner, and then from the beginning.
  case randomStart
  /// Those above the static band first: the band is for requests that name their item (KEP-3070, KEP-3668).
  case upperBandFirst
}

/// Items that lie side by side and are alike to a request.
struct ItemBlock: Sendable, Hashable {
  /// The items.
  let items: Range<Int>
  /// How many of the first ones are kept for requests that name theirs, as long as there are others.
  let bandSize: Int

  init(_ items: Range<Int>, bandSize: Int) {
    self.items = items
    self.bandSize = min(bandSize, items.count)
  }

  var band: Range<Int> { items.lowerBound..<items.lowerBound + bandSize }
  var aboveBand: Range<Int> { items.lowerBound + bandSize..<items.upperBound }
}

/// Takes free items out of blocks, which come in the order of their items.
struct ItemPicker {
  private let free: ItemSet
  private let wanted: Int
  private(set) var chosen: [Int] = []

  init(_ count: Int, of free: ItemSet) {
    self.free = free
    wanted = count
    chosen.reserveCapacity(min(count, free.count))
  }

  var isDone: Bool { chosen.count >= wanted }

  /// Takes what is wanted, or as much as there is.
  mutating func pick(
    _ blocks: some Sequence<ItemBlock>, _ policy: PlacementPolicy, for request: AllocationRequest,
    after last: Int?
  ) {
    switch policy {
    case .firstFit:
      for block in blocks { take(block.items) }
    case .nextFit:
      turn(blocks, at: last.map { $0 + 1 } ?? 0)
    case .randomStart:
      turn(blocks, at: Self.start(in: blocks, for: request))
    case .upperBandFirst:
      for block in blocks { take(block.aboveBand) }
      for block in blocks { take(block.band) }
    }
  }

  /// Takes free items of a range, as long as more are wanted.
  mutating func take(_ items: Range<Int>) {
    var next = items.lowerBound
    while !isDone, let item = free.first(in: next..<items.upperBound) {
      chosen.append(item)
      next = item + 1
    }
  }

  /// Takes from `start` to the end and then from the beginning to `start`.
  private mutating func turn(_ blocks: some Sequence<ItemBlock>, at start: Int) {
    for block in blocks { take(block.items.clamped(to: start..<Int.max)) }
    for block in blocks { take(block.items.clamped(to: 0..<start)) }
  }

  /// A place that is the same for one owner and key and different for others.
  private static func start(
    in blocks: some Sequence<ItemBlock>, for request: AllocationRequest
  ) -> Int {
    var hash = StableHash(seed: request.owner.high)
    hash.combine(request.owner.low)
    hash.combine(request.key)
    let count = blocks.reduce(0) { $0 + $1.items.count }
    guard count > 0 else { return 0 }
    var offset = Int(hash.value % UInt64(count))
    for block in blocks {
      if offset < block.items.count { return block.items.lowerBound + offset }
      offset -= block.items.count
    }
    return 0
  }
}

extension AllocationRequest {
  /// Refuses a request that wants an attribute to have two values.
  func checkSelector() throws(AllocationError) {
    guard selector.count > 1 else { return }
    for (index, one) in selector.enumerated() {
      for other in selector[..<index] where other.name == one.name && other.value != one.value {
        throw .invalid("\(one.name) cannot be both \(other.value) and \(one.value)")
      }
    }
  }
}
