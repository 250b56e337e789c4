import APIMachinery
import Allocation
import Scalars
import Testing

@Suite("The ledger")
struct LedgerTests {
  private let start = Timestamp(seconds: 100)

  private func grant(_ item: String, _ generation: UInt32, of number: UInt64) -> Grant {
    Grant(
      pool: "gpus", item: item, generation: generation, owner: owner(number),
      requestKey: "default", state: .open)
  }

  @Test(
    "A biography tells who asked, what recorded it and who gave it back, in order and with times")
  func biography() {
    var ledger = Ledger()
    let first = grant("gpu-0", 1, of: 1)
    #expect(ledger.noteOpened(first, holder: "A", by: "worker", at: start).isEmpty)
    ledger.noteRecord(record("gpu-0", of: 1), isGone: false, by: "worker", at: start + .seconds(1))
    _ = ledger.noteOpened(grant("gpu-1", 1, of: 2), holder: "B", by: "worker", at: start)
    ledger.noteClosing(first, by: "other", at: start + .seconds(2))
    ledger.noteRecord(record("gpu-0", of: 1), isGone: true, by: "user", at: start + .seconds(3))
    ledger.noteClosed(first, by: "other", at: start + .seconds(4))
    let life = ledger.biography(pool: "gpus", item: "gpu-0")
    #expect(life.map(\.event) == [.opened, .recorded, .closing, .unrecorded, .closed])
    #expect(life.map(\.actor) == ["worker", "worker", "other", "user", "other"])
    #expect(life.map { $0.time - start } == [0, 1, 2, 3, 4].map(GoDuration.seconds))
    #expect(life.allSatisfy { $0.generation == 1 && $0.owner == owner(1) })
    #expect(life.last?.holder == "A")
    #expect(ledger.revision == 6 && ledger.entries.count == 6)
    #expect(ledger.openGrants.map(\.grant.item) == ["gpu-1"] && ledger.openCount == 1)
    #expect(ledger.biography(pool: "others", item: "gpu-0").isEmpty)
  }

  @Test("Closing is noted once, and what is not out is not noted at all")
  func once() {
    var ledger = Ledger()
    let one = grant("gpu-0", 1, of: 1)
    ledger.noteClosing(one, by: "w", at: start)
    ledger.noteClosed(one, by: "w", at: start)
    #expect(ledger.revision == 0)
    _ = ledger.noteOpened(one, holder: "A", by: "w", at: start)
    ledger.noteClosing(one, by: "w", at: start)
    ledger.noteClosing(one, by: "w", at: start)
    #expect(ledger.openGrants.map(\.isClosing) == [true])
    ledger.noteClosed(one, by: "w", at: start)
    ledger.noteClosed(one, by: "w", at: start)
    #expect(ledger.entries.map(\.event) == [.opened, .closing, .closed])
    #expect(ledger.openCount == 0)
  }

  @Test(
    "A double allocation is told to who opens, and ends owner by owner also where generations are the same"
  )
  func double() {
    var ledger = Ledger()
    // Two books that know nothing of each other both count from 1.
    let mine = grant("gpu-0", 1, of: 1)
    let theirs = grant("gpu-0", 1, of: 2)
    _ = ledger.noteOpened(mine, holder: "A", by: "p", at: start)
    let others = ledger.noteOpened(theirs, holder: "B", by: "q", at: start)
    #expect(others.map(\.grant) == [mine] && others.map(\.holder) == ["A"])
    ledger.noteClosing(theirs, by: "q", at: start)
    #expect(ledger.openGrants(pool: "gpus", item: "gpu-0").map(\.isClosing) == [false, true])
    ledger.noteClosed(theirs, by: "q", at: start)
    #expect(ledger.openGrants.map(\.grant) == [mine])
    #expect(ledger.entries.last?.holder == "B")
  }

  @Test("What a process forgets, and what is freed blindly, is over, and told apart")
  func ends() {
    var ledger = Ledger()
    for (generation, event) in [(1, .forgotten), (2, .freedBlindly)] as [(UInt32, Ledger.Event)] {
      let one = grant("gpu-0", generation, of: 1)
      _ = ledger.noteOpened(one, holder: "A", by: "w", at: start)
      ledger.noteClosed(one, event, by: "w", at: start)
    }
    #expect(ledger.entries.map(\.event) == [.opened, .forgotten, .opened, .freedBlindly])
    #expect(ledger.openCount == 0)
  }

  @Test("The history's hash tells entries apart, but not when they were made")
  func history() {
    func hash(_ pool: String, _ number: UInt64, _ actor: String, _ seconds: Int64) -> UInt64 {
      var ledger = Ledger()
      let one = Grant(
        pool: pool, item: "x", generation: 1, owner: owner(number), requestKey: "", state: .open)
      _ = ledger.noteOpened(one, holder: "A", by: actor, at: start + .seconds(seconds))
      return ledger.historyHash
    }
    #expect(hash("a", 1, "w", 0) == hash("a", 1, "w", 9))
    let different = [
      hash("a", 1, "w", 0), hash("b", 1, "w", 0), hash("a", 2, "w", 0), hash("a", 1, "v", 0),
    ]
    #expect(Set(different).count == 4)
  }

  @Test("A copy goes its own way")
  func fork() {
    var ledger = Ledger()
    _ = ledger.noteOpened(grant("gpu-0", 1, of: 1), holder: "A", by: "w", at: start)
    var copy = ledger
    copy.noteClosed(grant("gpu-0", 1, of: 1), by: "w", at: start)
    #expect(ledger.openCount == 1 && ledger.revision == 1)
    #expect(copy.openCount == 0 && copy.revision == 2)
  }
}
