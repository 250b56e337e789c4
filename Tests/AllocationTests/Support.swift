import APIMachinery
import Allocation
import Testing
import ValueTree

/// A generator of random numbers that gives the same ones for the same seed everywhere.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(limit))
  }
}

/// Books over devices `gpu-0`, `gpu-1`, ….
func makeBook(_ count: Int, isReady: Bool = true) throws -> PoolBook {
  let devices = (0..<count).map { DeviceAllocator.Device(name: "gpu-\($0)") }
  return PoolBook(
    name: "gpus", allocator: try DeviceAllocator(devices: devices), isReady: isReady)
}

/// The identity of the owner with this number.
func owner(_ number: UInt64) -> UID { UID(high: 7, low: number) }

/// A request of the owner with this number.
func asks(_ number: UInt64, for count: Int = 1, key: String = "default") -> AllocationRequest {
  AllocationRequest(
    pool: "gpus", owner: owner(number), holder: "Thing \(number)", key: key, count: count)
}

/// A record of the owner with this number.
func record(
  _ item: String, of number: UInt64, generation: UInt32? = 1, isTerminating: Bool = false,
  pool: String = "gpus"
) -> AllocationRecord {
  AllocationRecord(
    pool: pool, item: item, generation: generation, owner: owner(number),
    holder: "Thing \(number)", isTerminating: isTerminating)
}

/// Expects a call to be refused and to have changed nothing.
func expectRefused(
  _ book: inout PoolBook, _ error: AllocationError,
  sourceLocation: SourceLocation = #_sourceLocation,
  _ call: (inout PoolBook) throws -> Void
) {
  let before = book.contentHash
  #expect(throws: error, sourceLocation: sourceLocation) { try call(&book) }
  #expect(book.contentHash == before, "something has changed", sourceLocation: sourceLocation)
}

extension PoolBook.Capacity {
  /// All items, then those that are free, open and closing.
  var parts: [Int] { [total, free, open, closing] }
}
