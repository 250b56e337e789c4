import APIMachinery
import Allocation
import Testing

@Suite("Pool books: rebuilding from records")
struct RebuildTests {
  @Test("Records are entered before anything is handed out, and their generations count on")
  func adopt() throws {
    var book = try makeBook(3, isReady: false)
    let report = book.rebuild(from: [
      record("gpu-1", of: 1, generation: 5), record("gpu-0", of: 2, generation: nil),
      record("gpu-2", of: 3, pool: "others"),
    ])
    #expect(report.adopted.map(\.item) == ["gpu-1", "gpu-0"])
    #expect(report.adopted.map(\.generation) == [5, 1])
    #expect(report.duplicates.isEmpty && report.unknown.isEmpty)
    #expect(book.isReady)
    #expect(try book.ensure(asks(1)).map(\.item) == ["gpu-1"])
    #expect(try book.ensure(asks(9)).map(\.item) == ["gpu-2"])
    try book.release(item: "gpu-1", generation: 5, owner: owner(1))
    #expect(try book.ensure(asks(4)).map(\.generation) == [6])
  }

  @Test("Books that are ready know more than records tell")
  func ready() throws {
    var book = try makeBook(2)
    let before = book.contentHash
    let report = book.rebuild(from: [record("gpu-0", of: 1), record("gpu-9", of: 1)])
    #expect(report.adopted.isEmpty && report.duplicates.isEmpty && report.unknown.isEmpty)
    #expect(book.contentHash == before)
  }

  @Test(
    "Of several claims the live one wins, then the later grant, then the first; none is dropped silently"
  )
  func duplicates() throws {
    var book = try makeBook(3, isReady: false)
    let going = record("gpu-0", of: 1, generation: 1, isTerminating: true)
    let live = record("gpu-0", of: 2, generation: 1)
    let older = record("gpu-1", of: 3, generation: 1)
    let later = record("gpu-1", of: 4, generation: 2)
    let first = record("gpu-2", of: 5, generation: 1)
    let second = record("gpu-2", of: 6, generation: 1)
    let report = book.rebuild(from: [going, live, older, later, first, second])
    #expect(book.allGrants.map(\.owner) == [owner(2), owner(4), owner(5)])
    #expect(report.duplicates == [going, older, second])
    // The loser's deletion does not take the winner's item.
    _ = book.beginRelease(owner: owner(1))
    book.finishRelease(owner: owner(1))
    #expect(book.grant(ofItem: "gpu-0")?.owner == owner(2))
  }

  @Test("A record of an item that the pool does not have is reported and hinders nobody")
  func unknown() throws {
    var book = try makeBook(1, isReady: false)
    let stray = record("gpu-9", of: 1)
    let report = book.rebuild(from: [stray, record("gpu-0", of: 2)])
    #expect(report.unknown == [stray])
    #expect(book.isReady)
    #expect(book.holder(of: "gpu-0") == "Thing 2")
  }

  @Test("The same record twice is one grant")
  func twice() throws {
    var book = try makeBook(2, isReady: false)
    let report = book.rebuild(from: [record("gpu-0", of: 1), record("gpu-0", of: 1)])
    #expect(report.adopted.count == 1 && report.duplicates.isEmpty)
    #expect(book.capacity.parts == [2, 1, 1, 0])
  }

  @Test("What a sealed owner's record tells of is being given back")
  func sealed() throws {
    var book = try makeBook(1, isReady: false)
    _ = book.beginRelease(owner: owner(1))
    book.rebuild(from: [record("gpu-0", of: 1)])
    #expect(book.allGrants.map(\.state) == [.closing])
  }

  @Test("A record that was edited to the last generation there is does not stop the pool")
  func lastGeneration() throws {
    var book = try makeBook(1, isReady: false)
    book.rebuild(from: [record("gpu-0", of: 1, generation: .max)])
    try book.release(item: "gpu-0", generation: .max, owner: owner(1))
    #expect(try book.ensure(asks(2)).map(\.generation) == [1])
  }

  @Test("A generation never falls behind, whatever a record says")
  func monotone() throws {
    var book = try makeBook(1, isReady: false)
    for _ in 1...3 {
      _ = try book.takeRaw(1, by: asks(1))
      try book.freeRaw(item: "gpu-0")
    }
    book.rebuild(from: [record("gpu-0", of: 2, generation: 2)])
    #expect(book.allGrants.map(\.generation) == [4])
  }

  @Test("Emptied books are the same pool and know nothing")
  func emptied() throws {
    var book = try makeBook(2)
    _ = try book.ensure(asks(1))
    _ = book.beginRelease(owner: owner(1))
    let empty = book.emptied
    #expect(empty.name == "gpus" && !empty.isReady && empty.allGrants.isEmpty)
    #expect(!empty.isSealed(owner(1)) && empty.capacity.free == 2)
  }
}

@Suite("Pool books: what their hash tells apart")
struct ContentHashTests {
  @Test(
    "Owner, request, state, generation, sealing and readiness each count; who asked for people does not"
  )
  func differences() throws {
    var hashes = [try makeBook(2).contentHash, try makeBook(2, isReady: false).contentHash]
    func add(_ change: (inout PoolBook) throws -> Void) throws {
      var book = try makeBook(2)
      try change(&book)
      hashes.append(book.contentHash)
    }
    try add { _ = try $0.ensure(asks(1)) }
    try add { _ = try $0.ensure(asks(2)) }
    try add { _ = try $0.ensure(asks(1, key: "other")) }
    try add {
      var request = asks(1)
      request.owner = UID(high: 8, low: 1)
      _ = try $0.ensure(request)
    }
    try add { $0.beginRelease(owner: owner(1)) }
    try add {
      _ = try $0.ensure(asks(1))
      $0.beginRelease(owner: owner(1))
    }
    try add {
      _ = try $0.takeRaw(1, by: asks(1))
      try $0.freeRaw(item: "gpu-0")
    }
    #expect(Set(hashes).count == hashes.count)
    var people = asks(1)
    people.holder = "somebody"
    var one = try makeBook(2)
    var two = one
    _ = try one.ensure(people)
    _ = try two.ensure(asks(1))
    #expect(one.contentHash == two.contentHash)
  }
}

@Suite("Pool books: the pool is changed")
struct MovedTests {
  @Test("Grants, order, seals and generations move along, whatever places the items have now")
  func moved() throws {
    var book = try makeBook(3)
    _ = try book.ensure(asks(1, for: 2))
    book.beginRelease(owner: owner(2))
    _ = try book.takeRaw(1, by: asks(3))
    try book.freeRaw(item: "gpu-2")
    let names = ["new", "gpu-2", "gpu-1", "gpu-0"]
    var moved = PoolBook(
      name: book.name,
      allocator: try DeviceAllocator(devices: names.map { DeviceAllocator.Device(name: $0) }),
      restoring: book.state)
    #expect(moved.grants(of: owner(1)).map(\.item) == ["gpu-0", "gpu-1"])
    #expect(moved.capacity.parts == [4, 2, 2, 0])
    #expect(moved.isSealed(owner(2)) && moved.isReady)
    let more = try moved.ensure(asks(4, for: 2))
    #expect(more.map(\.item) == ["new", "gpu-2"] && more.map(\.generation) == [1, 2])
  }
}
