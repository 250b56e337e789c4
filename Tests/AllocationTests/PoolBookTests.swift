import APIMachinery
import Allocation
import Testing

@Suite("Pool books: asking")
struct EnsureTests {
  @Test("Asking twice with the same owner and key is asking once")
  func idempotent() throws {
    var book = try makeBook(4)
    let first = try book.ensure(asks(1, for: 2))
    let before = book.contentHash
    #expect(try book.ensure(asks(1, for: 2)) == first)
    #expect(book.contentHash == before)
    #expect(first.map(\.item) == ["gpu-0", "gpu-1"])
    #expect(first.allSatisfy { $0.generation == 1 && $0.state == .open && $0.owner == owner(1) })
  }

  @Test("Another key of the same owner, and another owner, get items of their own")
  func keys() throws {
    var book = try makeBook(4)
    let first = try book.ensure(asks(1, key: "a"))
    let second = try book.ensure(asks(1, key: "b"))
    let third = try book.ensure(asks(2, key: "a"))
    #expect((first + second + third).map(\.item) == ["gpu-0", "gpu-1", "gpu-2"])
    #expect(try book.ensure(asks(1, key: "a")) == first)
    #expect(second.map(\.requestKey) == ["b"])
  }

  @Test("Growing adds what is missing; shrinking takes nothing away by itself")
  func growth() throws {
    var book = try makeBook(4)
    let one = try book.ensure(asks(1))
    _ = try book.ensure(asks(2))
    let three = try book.ensure(asks(1, for: 3))
    #expect(three.map(\.item) == ["gpu-0", "gpu-2", "gpu-3"])
    #expect(three.first == one.first)
    #expect(try book.ensure(asks(1, for: 1)) == three)
    #expect(try book.ensure(asks(1, for: 0)) == three)
  }

  @Test("What cannot be had in full is not had in part")
  func exhausted() throws {
    var book = try makeBook(3)
    _ = try book.ensure(asks(1, for: 2))
    expectRefused(&book, .exhausted(pool: "gpus", wanted: 2, free: 1)) {
      _ = try $0.ensure(asks(2, for: 2))
    }
    expectRefused(&book, .exhausted(pool: "gpus", wanted: 2, free: 1)) {
      _ = try $0.ensure(asks(1, for: 4))
    }
    expectRefused(&book, .exhausted(pool: "gpus", wanted: 2, free: 1)) {
      _ = try $0.takeRaw(2, by: asks(3))
    }
  }

  @Test("A request for less than nothing, and books that are not rebuilt, are refused")
  func refusals() throws {
    var book = try makeBook(3)
    expectRefused(&book, .invalid("a request cannot be for -1")) {
      _ = try $0.ensure(asks(1, for: -1))
    }
    var fresh = book.emptied
    expectRefused(&fresh, .notReady) {
      _ = try $0.ensure(asks(1))
    }
  }

  @Test("Generations count per item, from 1, over all owners")
  func generations() throws {
    var book = try makeBook(2)
    for round in 1...3 as ClosedRange<UInt32> {
      let grant = try #require(try book.ensure(asks(UInt64(round))).first)
      #expect(grant.item == "gpu-0" && grant.generation == round)
      try book.release(item: "gpu-0", generation: round, owner: owner(UInt64(round)))
    }
    #expect(try book.takeRaw(2, by: asks(9)).map(\.generation) == [4, 1])
  }
}

@Suite("Pool books: giving back")
struct ReleaseTests {
  @Test("Release compares the owner")
  func notOwner() throws {
    var book = try makeBook(2)
    _ = try book.ensure(asks(1))
    expectRefused(&book, .notOwner) {
      try $0.release(item: "gpu-0", generation: 1, owner: owner(2))
    }
    try book.release(item: "gpu-0", generation: 1, owner: owner(1))
    #expect(book.allGrants.isEmpty)
    // Handed on meanwhile: the late release of the first owner does not touch the second one's.
    _ = try book.ensure(asks(2))
    expectRefused(&book, .notOwner) {
      try $0.release(item: "gpu-0", generation: 1, owner: owner(1))
    }
  }

  @Test("A late release of the owner's own older grant is told apart by its generation")
  func stale() throws {
    var book = try makeBook(1)
    _ = try book.ensure(asks(1))
    try book.release(item: "gpu-0", generation: 1, owner: owner(1))
    _ = try book.ensure(asks(1))
    for generation in [1, 3] as [UInt32] {
      expectRefused(&book, .staleGeneration) {
        try $0.release(item: "gpu-0", generation: generation, owner: owner(1))
      }
    }
  }

  @Test("What nobody holds is given back already")
  func unknown() throws {
    var book = try makeBook(2)
    let before = book.contentHash
    try book.release(item: "gpu-0", generation: 1, owner: owner(1))
    try book.release(item: "no-such", generation: 1, owner: owner(1))
    #expect(book.contentHash == before)
    _ = try book.ensure(asks(1))
    try book.release(item: "gpu-0", generation: 1, owner: owner(1))
    let after = book.contentHash
    try book.release(item: "gpu-0", generation: 1, owner: owner(1))
    #expect(book.contentHash == after)
  }

  @Test("beginRelease closes everything of the owner, in every request, and seals it for good")
  func sealing() throws {
    var book = try makeBook(4)
    _ = try book.ensure(asks(1, for: 2, key: "a"))
    _ = try book.ensure(asks(1, key: "b"))
    let other = try book.ensure(asks(2))
    let closing = book.beginRelease(owner: owner(1))
    #expect(closing.map(\.item) == ["gpu-0", "gpu-1", "gpu-2"])
    #expect(closing.allSatisfy { $0.state == .closing })
    #expect(book.isSealed(owner(1)) && !book.isSealed(owner(2)))
    expectRefused(&book, .ownerSealed) {
      _ = try $0.ensure(asks(1, for: 2, key: "a"))
    }
    #expect(book.capacity.parts == [4, 0, 1, 3])
    book.finishRelease(owner: owner(1))
    #expect(book.grants(of: owner(1)).isEmpty)
    #expect(book.allGrants == other)
    expectRefused(&book, .ownerSealed) {
      _ = try $0.ensure(asks(1))
    }
  }

  @Test("An owner that holds nothing is sealed all the same")
  func sealedEmpty() throws {
    var book = try makeBook(1)
    #expect(book.beginRelease(owner: owner(1)).isEmpty)
    expectRefused(&book, .ownerSealed) {
      _ = try $0.ensure(asks(1))
    }
  }

  @Test("OPEN → CLOSING → CLOSED: again is no further step, and nothing leads back")
  func oneWay() throws {
    var book = try makeBook(2)
    _ = try book.ensure(asks(1))
    book.finishRelease(owner: owner(1))
    #expect(book.allGrants.map(\.state) == [.open], "what is open is not taken back")
    let closing = book.beginRelease(owner: owner(1))
    let hash = book.contentHash
    #expect(book.beginRelease(owner: owner(1)) == closing)
    #expect(book.contentHash == hash)
    book.finishRelease(owner: owner(1))
    let closed = book.contentHash
    book.finishRelease(owner: owner(1))
    #expect(book.beginRelease(owner: owner(1)).isEmpty)
    try book.release(item: "gpu-0", generation: 1, owner: owner(1))
    #expect(book.contentHash == closed)
    #expect(book.capacity.free == 2)
  }

  @Test("A closing item is not free, and can be released one by one")
  func closing() throws {
    var book = try makeBook(2)
    _ = try book.ensure(asks(1, for: 2))
    _ = book.beginRelease(owner: owner(1))
    expectRefused(&book, .exhausted(pool: "gpus", wanted: 1, free: 0)) {
      _ = try $0.ensure(asks(2))
    }
    try book.release(item: "gpu-1", generation: 1, owner: owner(1))
    #expect(try book.ensure(asks(2)).map(\.item) == ["gpu-1"])
  }
}

@Suite("Pool books: raw access")
struct RawTests {
  @Test("Taking twice takes twice; a sealed owner and unbuilt books are no hindrance")
  func take() throws {
    var book = try makeBook(3, isReady: false)
    #expect(try book.takeRaw(1, by: asks(1)).map(\.item) == ["gpu-0"])
    _ = book.beginRelease(owner: owner(1))
    #expect(try book.takeRaw(1, by: asks(1)).map(\.item) == ["gpu-1"])
    #expect(try book.takeRaw(0, by: asks(1)).isEmpty)
    #expect(book.grants(of: owner(1)).map(\.state) == [.closing, .open])
  }

  @Test("Freeing asks nobody")
  func free() throws {
    var book = try makeBook(2)
    _ = try book.ensure(asks(1))
    try book.freeRaw(item: "gpu-0")
    #expect(book.grants(of: owner(1)).isEmpty)
    try book.freeRaw(item: "gpu-0")
    expectRefused(&book, .unknownItem("no-such")) {
      try $0.freeRaw(item: "no-such")
    }
  }
}
