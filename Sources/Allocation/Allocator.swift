public import APIMachinery
public import ValueTree

/// Chooses items of a pool: which ones exist, and which free ones a request gets.
///
/// An allocator keeps no books. `PoolBook` does that for all of them, so that idempotence, owner checks,
/// sealing and generations are the same whatever is handed out.
///
/// - Flow: made once from a `Pool`'s spec; then asked to choose, any number of times.
/// - Guarantees asked of it: the same items and the same free set give the same choice; items are numbered
///   from 0 without gaps; names are unique and never change.
public protocol Allocator: Sendable {
  /// The number of items, free or not.
  var itemCount: Int { get }

  /// The name of an item.
  func name(of item: Int) -> String

  /// The item of this name, or nil.
  func item(named name: String) -> Int?

  /// Chooses `count` items that are free and fit the request.
  ///
  /// `count` is what is missing; `holding` are the items that the owner has for this request already.
  ///
  /// - Returns: exactly `count` items.
  /// - Throws: `AllocationError.exhausted` when there are not enough, `.invalid` for a request that never can be met.
  func choose(
    _ count: Int, for request: AllocationRequest, holding: [Int], free: ItemSet
  ) throws(AllocationError) -> [Int]

  /// Whether choices depend on the item that was handed out last; the books remember it only then.
  var continuesAfterLast: Bool { get }

  /// Chooses as above; `last` is the item that was handed out last, for an allocator that goes on from there.
  func choose(
    _ count: Int, for request: AllocationRequest, holding: [Int], free: ItemSet, after last: Int?
  ) throws(AllocationError) -> [Int]
}

extension Allocator {
  /// Choices depend on the free items alone.
  public var continuesAfterLast: Bool { false }

  /// Chooses without looking at what was handed out last.
  public func choose(
    _ count: Int, for request: AllocationRequest, holding: [Int], free: ItemSet, after last: Int?
  ) throws(AllocationError) -> [Int] {
    try choose(count, for: request, holding: holding, free: free)
  }
}

/// The allocators that pools can select by name.
///
/// Register your own: `registry.register("fpga") { spec in try FPGAAllocator(spec) }`; a Pool with
/// `spec.type: fpga` then uses it.
public struct AllocatorRegistry: Sendable {
  /// Makes an allocator from a `Pool`'s spec; a mistake is reported with its path below `spec`.
  public typealias Factory = @Sendable (Value) throws(FieldError) -> any Allocator

  private var factories: [(name: String, fields: [Key]?, make: Factory)] = []

  /// An empty registry.
  public init() {}

  /// The allocators that Drydock ships.
  public static let builtIn: AllocatorRegistry = {
    var registry = AllocatorRegistry()
    registry.register("gpu", fields: ["devices", "count"]) { spec throws(FieldError) in
      try DeviceAllocator(spec: spec)
    }
    registry.register("port", fields: PortAllocator.fields) { spec throws(FieldError) in
      try PortAllocator(spec: spec)
    }
    registry.register("ip", fields: IPAllocator.fields) { spec throws(FieldError) in
      try IPAllocator(spec: spec)
    }
    return registry
  }()

  /// The names, in the order of registration.
  public var names: [String] { factories.map(\.name) }

  /// Adds an allocator; one of the same name is replaced.
  ///
  /// With `fields`, a `Pool` that has others in its spec is refused.
  public mutating func register(
    _ name: String, fields: [Key]? = nil, _ make: @escaping Factory
  ) {
    factories.removeAll { $0.name == name }
    factories.append((name, fields, make))
  }

  /// The fields of a `Pool`'s spec that an allocator reads; nil where it reads what it likes.
  public func fields(of name: String) -> [Key]? {
    factories.first { $0.name == name }?.fields
  }

  /// Makes the allocator that `name` stands for; nil where nothing is registered by that name.
  public func make(_ name: String, spec: Value) throws(FieldError) -> (any Allocator)? {
    guard let factory = factories.first(where: { $0.name == name }) else { return nil }
    return try factory.make(spec)
  }
}
