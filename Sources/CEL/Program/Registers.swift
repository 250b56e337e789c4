/// The registers of an evaluator: memory that is allocated once and then used again.
///
/// An array would do, at the price of a uniqueness check for each write.
@safe struct Registers: ~Copyable {
  private(set) var base: UnsafeMutablePointer<CELValue>
  private var capacity: Int

  init() {
    capacity = 16
    unsafe base = .allocate(capacity: capacity)
    unsafe base.initialize(repeating: .null, count: capacity)
  }

  deinit {
    unsafe base.deinitialize(count: capacity)
    unsafe base.deallocate()
  }

  mutating func reserve(_ count: Int) {
    guard count > capacity else { return }
    let larger = max(count, capacity * 2)
    unsafe base.deinitialize(count: capacity)
    unsafe base.deallocate()
    unsafe base = .allocate(capacity: larger)
    unsafe base.initialize(repeating: .null, count: larger)
    capacity = larger
  }

  /// Lets go of what the first registers hold, so that no object is kept alive between evaluations.
  mutating func clear(_ count: Int) {
    for index in 0..<Swift.min(count, capacity) { unsafe base[index] = .null }
  }
}
