import APIMachinery
import Allocation
import Testing
import ValueTree

@Suite("The device allocator")
struct DeviceAllocatorTests {
  private static let spec: Value = [
    "devices": [
      ["name": "a0", "node": "a", "product": "H100"],
      ["name": "b0", "node": "b", "product": "H100"],
      ["name": "b1", "node": "b", "product": "A100"],
      ["name": "b2", "node": "b", "product": "H100"],
      ["name": "a1", "node": "a", "product": "H100"],
      ["name": "spare", "product": "H100"],
    ]
  ]

  private func pool() throws -> PoolBook {
    PoolBook(name: "gpus", allocator: try DeviceAllocator(spec: Self.spec))
  }

  private func items(
    _ book: inout PoolBook, _ number: UInt64, _ count: Int,
    selector: [AttributeRequirement] = [], match: String? = nil
  ) throws -> [String] {
    var request = asks(number, for: count)
    request.selector = selector
    request.matchAttribute = match
    return try book.ensure(request).map(\.item)
  }

  @Test("First fit, in the order of the manifest")
  func firstFit() throws {
    var book = try pool()
    #expect(try items(&book, 1, 2) == ["a0", "b0"])
    try book.release(item: "a0", generation: 1, owner: owner(1))
    #expect(try items(&book, 2, 2) == ["a0", "b1"])
  }

  @Test("A selector asks for every attribute it names")
  func selector() throws {
    var book = try pool()
    let wanted = [AttributeRequirement("product", "H100"), AttributeRequirement("node", "b")]
    #expect(try items(&book, 1, 2, selector: wanted) == ["b0", "b2"])
    #expect(throws: AllocationError.exhausted(pool: "gpus", wanted: 1, free: 0)) {
      try items(&book, 2, 1, selector: wanted)
    }
    #expect(throws: AllocationError.exhausted(pool: "gpus", wanted: 2, free: 0)) {
      try items(&book, 2, 2, selector: [AttributeRequirement("colour", "red")])
    }
  }

  @Test("matchAttribute takes the group that is enough first; what lacks the attribute is in none")
  func match() throws {
    var book = try pool()
    #expect(try items(&book, 1, 2, match: "node") == ["b0", "b1"])
    #expect(try items(&book, 2, 2, match: "node") == ["a0", "a1"])
    #expect(throws: AllocationError.exhausted(pool: "gpus", wanted: 2, free: 1)) {
      try items(&book, 3, 2, match: "node")
    }
    #expect(try items(&book, 3, 2) == ["b2", "spare"])
  }

  @Test("matchAttribute and selector hold together")
  func matchAndSelect() throws {
    var book = try pool()
    let h100 = [AttributeRequirement("product", "H100")]
    #expect(try items(&book, 1, 2, selector: h100, match: "node") == ["b0", "b2"])
  }

  @Test("Growth stays within the group that is held")
  func growth() throws {
    var book = try pool()
    #expect(try items(&book, 1, 1, match: "node") == ["a0"])
    #expect(try items(&book, 1, 2, match: "node") == ["a0", "a1"])
    #expect(throws: AllocationError.exhausted(pool: "gpus", wanted: 1, free: 0)) {
      try items(&book, 1, 3, match: "node")
    }
  }

  @Test("Devices that do not share the attribute cannot grow into a group")
  func noGroup() throws {
    var book = try pool()
    _ = try items(&book, 1, 2)
    #expect(
      throws: AllocationError.invalid(
        "the devices held do not share \"node\"; no further one can match")
    ) { try items(&book, 1, 3, match: "node") }
    #expect(try items(&book, 1, 2, match: "node") == ["a0", "b0"], "what is held stays")
  }

  @Test("`count` makes numbered devices")
  func count() throws {
    let allocator = try DeviceAllocator(spec: ["type": "gpu", "count": 3])
    #expect(allocator.itemCount == 3)
    #expect((0..<3).map(allocator.name(of:)) == ["gpu-0", "gpu-1", "gpu-2"])
    #expect(allocator.item(named: "gpu-2") == 2 && allocator.item(named: "gpu-3") == nil)
  }

  @Test("Numbers and booleans are attributes by their text")
  func attributes() throws {
    let allocator = try DeviceAllocator(spec: [
      "devices": [["name": "x", "memory": 80, "mig": true]]
    ])
    var request = asks(1)
    request.selector = [AttributeRequirement("memory", "80"), AttributeRequirement("mig", "true")]
    let free = ItemSet(capacity: 1, full: true)
    #expect(try allocator.choose(1, for: request, holding: [], free: free) == [0])
  }

  @Test("A mistake in the spec is told with its path")
  func mistakes() {
    let cases: [(Value, String)] = [
      (["count": 0], "count: Invalid value: 0: must be an integer from 1 to 1000000"),
      (["count": 1_000_001], "count: Invalid value: 1000001: must be an integer from 1 to 1000000"),
      (["count": "two"], "count: Invalid value: \"two\": must be an integer from 1 to 1000000"),
      (["count": 1, "devices": []], "count: Forbidden: may not be given together with devices"),
      ([:], "devices: Required value: a list of devices, or count"),
      (["devices": []], "devices: Required value: a list of devices, or count"),
      (
        ["devices": ["x"]],
        "devices[0]: Invalid value: \"x\": must be a map with a name and attributes"
      ),
      (["devices": [["name": "x"], ["node": "a"]]], "devices[1].name: Required value"),
      (["devices": [["name": ""]]], "devices[0].name: Required value"),
      (
        ["devices": [["name": "x", "node": ["a"]]]],
        "devices[0].node: Invalid value: [\"a\"]: must be a string, a number or a boolean"
      ),
      (["devices": [["name": "x"], ["name": "x"]]], "devices[1].name: Duplicate value: \"x\""),
    ]
    for (spec, message) in cases {
      do {
        _ = try DeviceAllocator(spec: spec)
        Issue.record("\(spec) was taken")
      } catch {
        #expect("\(error)" == message)
      }
    }
  }
}

@Suite("The registry of allocators")
struct AllocatorRegistryTests {
  /// Hands out even numbers only: an allocator of somebody's own.
  private struct EvenAllocator: Allocator {
    let itemCount: Int
    init(spec: Value) throws(FieldError) {
      guard let count = spec["ports"]?.int else { throw .required(FieldPath("ports")) }
      itemCount = Int(count)
    }
    func name(of item: Int) -> String { "port-\(item)" }
    func item(named name: String) -> Int? {
      (0..<itemCount).first { self.name(of: $0) == name }
    }
    func choose(
      _ count: Int, for request: AllocationRequest, holding: [Int], free: ItemSet
    ) throws(AllocationError) -> [Int] {
      let even = free.filter { $0.isMultiple(of: 2) }
      guard even.count >= count else {
        throw .exhausted(pool: request.pool, wanted: count, free: even.count)
      }
      return Array(even.prefix(count))
    }
  }

  @Test("An allocator of one's own is made by name, and the books keep its rules")
  func own() throws {
    var registry = AllocatorRegistry.builtIn
    registry.register("even") { spec throws(FieldError) in try EvenAllocator(spec: spec) }
    #expect(registry.names == ["gpu", "port", "ip", "even"])
    let allocator = try #require(try registry.make("even", spec: ["ports": 5]))
    var book = PoolBook(name: "gpus", allocator: allocator)
    #expect(try book.ensure(asks(1, for: 3)).map(\.item) == ["port-0", "port-2", "port-4"])
    #expect(throws: AllocationError.exhausted(pool: "gpus", wanted: 1, free: 0)) {
      try book.ensure(asks(2))
    }
    #expect(throws: FieldError.required(FieldPath("ports"))) {
      _ = try registry.make("even", spec: [:])
    }
  }

  @Test("A name that nobody registered makes nothing; a second registration replaces the first")
  func names() throws {
    var registry = AllocatorRegistry.builtIn
    #expect(try registry.make("fpga", spec: [:]) == nil)
    registry.register("gpu") { spec throws(FieldError) in try EvenAllocator(spec: spec) }
    #expect(registry.names == ["port", "ip", "gpu"])
    #expect(try registry.make("gpu", spec: ["ports": 2]) is EvenAllocator)
  }
}
