import APIMachinery
import ControllerRuntime
import Scalars
import Testing

@Suite("Work queue: client-go's rules")
struct WorkQueueTests {
  private let start = Timestamp(seconds: 1_000)

  @Test("Keys come in the order of their adding; one that waits is not added again")
  func order() {
    var queue = WorkQueue()
    for name in ["b", "a", "b", "c", "a"] { queue.add(key(name)) }
    #expect(queue.readyKeys == ["b", "a", "c"].map(key))
    #expect(queue.take() == key("b"))
    #expect(queue.take() == key("a"))
    #expect(queue.take() == key("c"))
    #expect(queue.take() == nil && !queue.hasReady && !queue.isEmpty)
    for name in ["a", "b", "c"] { queue.done(key(name)) }
    #expect(queue.isEmpty)
  }

  @Test("A key that is added while a worker has it waits until that worker is done, and then once")
  func processing() {
    var queue = WorkQueue()
    queue.add(key("a"))
    #expect(queue.take() == key("a") && queue.isProcessing(key("a")))
    queue.add(key("a"))
    queue.add(key("b"))
    queue.add(key("a"))
    #expect(queue.readyKeys == [key("b")], "no second worker gets it")
    queue.done(key("a"))
    #expect(queue.readyKeys == ["b", "a"].map(key), "it stands behind what came meanwhile")
    #expect(queue.take() == key("b") && queue.take() == key("a"))
    queue.done(key("a"))
    #expect(!queue.hasReady)
  }

  @Test("Done without a worker is nothing")
  func done() {
    var queue = WorkQueue()
    queue.add(key("a"))
    queue.done(key("a"))
    queue.done(key("b"))
    #expect(queue.readyKeys == [key("a")])
  }

  @Test("Of several delays of a key the earliest holds, whichever came first")
  func earliest() {
    for delays in [[5, 3, 9], [9, 5, 3], [3, 9, 5]] as [[Int64]] {
      var queue = WorkQueue()
      for delay in delays { queue.add(key("a"), after: .seconds(delay), at: start) }
      #expect(queue.nextDue == start + .seconds(3))
      #expect(queue.delayedKeys.map(\.due) == [start + .seconds(3)])
      #expect(queue.addDue(at: start + .milliseconds(2_999)).isEmpty)
      #expect(queue.addDue(at: start + .seconds(3)) == [key("a")])
      #expect(queue.addDue(at: start + .seconds(9)).isEmpty && queue.readyKeys == [key("a")])
    }
  }

  @Test("Delayed keys come in the order of their times, then of their adding")
  func due() {
    var queue = WorkQueue()
    queue.add(key("c"), after: .seconds(2), at: start)
    queue.add(key("b"), after: .seconds(1), at: start)
    queue.add(key("a"), after: .seconds(1), at: start)
    #expect(queue.delayedKeys.map(\.key) == ["b", "a", "c"].map(key))
    #expect(queue.addDue(at: start + .seconds(5)) == ["b", "a", "c"].map(key))
    #expect(queue.readyKeys == ["b", "a", "c"].map(key) && queue.nextDue == nil)
  }

  @Test("No delay is no detour; an event overtakes a delay and does not cancel it")
  func overtaken() {
    var queue = WorkQueue()
    queue.add(key("a"), after: .zero, at: start)
    queue.add(key("b"), after: .seconds(-1), at: start)
    #expect(queue.readyKeys == ["a", "b"].map(key))
    queue.add(key("c"), after: .seconds(1), at: start)
    queue.add(key("c"))
    #expect(queue.readyKeys.last == key("c") && queue.nextDue == start + .seconds(1))
  }

  @Test("A delayed key that is due while a worker has it waits for that worker")
  func dueWhileProcessing() {
    var queue = WorkQueue()
    queue.add(key("a"))
    _ = queue.take()
    queue.add(key("a"), after: .seconds(1), at: start)
    #expect(queue.addDue(at: start + .seconds(1)) == [key("a")])
    #expect(!queue.hasReady)
    queue.done(key("a"))
    #expect(queue.readyKeys == [key("a")])
  }

  @Test("Failures wait 5 ms, doubling up to 1000 s; forgetting begins anew")
  func exponential() {
    var queue = WorkQueue()
    var delays: [GoDuration] = []
    for failure in 0..<20 {
      #expect(queue.failures(of: key("a")) == failure)
      queue.addRateLimited(key("a"), at: start)
      if let due = queue.nextDue { delays.append(due - start) }
      queue.addDue(at: start + .seconds(1_000))
      _ = queue.take()
      queue.done(key("a"))
    }
    let expected = (0..<18).map { GoDuration.milliseconds(5 << Int64($0)) }
    #expect(delays == expected + [.seconds(1_000), .seconds(1_000)])
    #expect(delays[17] == GoDuration.milliseconds(655_360))
    queue.forget(key("a"))
    #expect(queue.failures(of: key("a")) == 0 && queue.isEmpty)
    queue.addRateLimited(key("a"), at: start)
    #expect(queue.nextDue == start + .milliseconds(5))
  }

  @Test("Other keys' failures do not count; many failures do not overflow")
  func perKey() {
    var queue = WorkQueue()
    for _ in 0..<200 { queue.addRateLimited(key("a"), at: start) }
    #expect(queue.failures(of: key("a")) == 200)
    #expect(queue.delayedKeys.map(\.due) == [start + .milliseconds(5)], "the earliest holds")
    queue.addRateLimited(key("b"), at: start)
    #expect(queue.delayedKeys.map(\.due) == Array(repeating: start + .milliseconds(5), count: 2))
  }

  @Test(
    "client-go's limiter: the larger of the key's delay and a bucket of 10/s with a burst of 100")
  func bucket() {
    var queue = WorkQueue(limiter: .clientGo)
    func delay(_ name: String, at time: Timestamp) -> GoDuration? {
      queue.addRateLimited(key(name), at: time)
      return queue.delayedKeys.first { $0.key == key(name) }.map { $0.due - time }
    }
    for number in 0..<100 { #expect(delay("k\(number)", at: start) == .milliseconds(5)) }
    #expect(delay("x1", at: start) == .milliseconds(100))
    #expect(delay("x2", at: start) == .milliseconds(200))
    // Half a second refills five tokens; two are owed.
    let later = start + .milliseconds(500)
    for name in ["y1", "y2", "y3"] { #expect(delay(name, at: later) == .milliseconds(5)) }
    #expect(delay("y4", at: later) == .milliseconds(100))
    // A long rest fills the bucket to the brim and no further.
    let rested = start + .seconds(3_600)
    for number in 0..<100 { #expect(delay("z\(number)", at: rested) == .milliseconds(5)) }
    #expect(delay("z100", at: rested) == .milliseconds(100))
  }

  @Test("A key's own delay holds where it is the larger one")
  func bucketAndBackoff() {
    var queue = WorkQueue(
      limiter: RateLimiter(
        baseDelay: .milliseconds(60), maxDelay: .seconds(1),
        bucket: RateLimiter.Bucket(rate: 10, burst: 1)))
    var delays: [GoDuration] = []
    for _ in 0..<4 {
      queue.addRateLimited(key("a"), at: start)
      if let due = queue.nextDue { delays.append(due - start) }
      queue.addDue(at: start + .seconds(60))
    }
    #expect(delays == [60, 120, 240, 480].map(GoDuration.milliseconds))
    queue.addRateLimited(key("b"), at: start)
    #expect(queue.nextDue == start + .milliseconds(400))
  }

  @Test("A copy goes its own way: keys, delays, failures and the bucket")
  func fork() {
    var queue = WorkQueue(
      limiter: RateLimiter(
        baseDelay: .milliseconds(1), maxDelay: .seconds(1),
        bucket: RateLimiter.Bucket(rate: 1, burst: 1)))
    queue.add(key("a"))
    queue.add(key("d"), after: .seconds(9), at: start)
    var copy = queue
    _ = copy.take()
    copy.add(key("b"))
    copy.addRateLimited(key("c"), at: start)
    copy.addDue(at: start + .seconds(9))
    #expect(queue.readyKeys == [key("a")] && !queue.isProcessing(key("a")))
    #expect(queue.failures(of: key("c")) == 0 && queue.delayedKeys.map(\.key) == [key("d")])
    queue.addRateLimited(key("c"), at: start)
    #expect(queue.nextDue == start + .milliseconds(1), "its bucket is still full")
    #expect(copy.isProcessing(key("a")))
  }

  @Test("Many keys come and go, and those that wait, are delayed, have failed or are in hand stay")
  func manyKeys() {
    var queue = WorkQueue()
    queue.add(key("held"))
    #expect(queue.take() == key("held"))
    queue.add(key("late"), after: .seconds(9), at: start)
    queue.addRateLimited(key("failing"), at: start)
    queue.addDue(at: start + .milliseconds(5))
    #expect(queue.take() == key("failing"))
    queue.done(key("failing"))
    queue.add(key("waiting"))
    for number in 0..<2_000 {
      let passing = key("passing-\(number)")
      queue.add(passing)
      #expect(queue.take() == (number == 0 ? key("waiting") : key("passing-\(number - 1)")))
      queue.done(number == 0 ? key("waiting") : key("passing-\(number - 1)"))
      #expect(queue.readyKeys == [passing])
      #expect(queue.isProcessing(key("held")) && queue.failures(of: key("failing")) == 1)
      #expect(queue.delayedKeys.map(\.key) == [key("late")])
    }
    queue.add(key("held"))
    queue.done(key("held"))
    #expect(queue.addDue(at: start + .seconds(9)) == [key("late")])
    #expect(queue.readyKeys == ["passing-1999", "held", "late"].map(key))
    queue.addRateLimited(key("failing"), at: start + .seconds(9))
    #expect(queue.nextDue == start + .seconds(9) + .milliseconds(10))
  }

  @Test("A hundred keys wait, and each is taken once, while others come")
  func longLine() {
    var queue = WorkQueue()
    for number in 0..<100 { queue.add(key("k\(number)")) }
    for number in 0..<400 {
      #expect(queue.take() == key("k\(number)"))
      queue.done(key("k\(number)"))
      queue.add(key("k\(number + 100)"))
      #expect(queue.readyKeys.count == 100)
    }
    #expect(queue.readyKeys.first == key("k400") && queue.readyKeys.last == key("k499"))
  }
}

@Suite("Work queue: what must hold under any use")
struct WorkQueuePropertyTests {
  @Test("No key is with two workers; after its last adding at least one worker gets it")
  func random() {
    for seed in 0..<150 as Range<UInt64> { run(seed: seed) }
  }

  private func run(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var queue = WorkQueue(limiter: random.below(2) == 0 ? .exponential : .clientGo)
    var now = Timestamp(seconds: 0)
    var inHand: [ObjectKey] = []
    /// Keys of which somebody still has to hear.
    var owed: Set<ObjectKey> = []
    let workers = 1 + random.below(4)

    func take() {
      guard inHand.count < workers, let taken = queue.take() else { return }
      #expect(!inHand.contains(taken), "seed \(seed): two workers have \(taken)")
      inHand.append(taken)
      owed.remove(taken)
    }
    func finish(_ index: Int) {
      let done = inHand.remove(at: index)
      queue.done(done)
      #expect(!queue.isProcessing(done), "seed \(seed)")
    }

    for _ in 0..<400 {
      let name = key("k\(random.below(5))")
      switch random.below(9) {
      case 0, 1:
        queue.add(name)
        owed.insert(name)
      case 2:
        queue.add(name, after: .milliseconds(Int64(random.below(50))), at: now)
        owed.insert(name)
      case 3:
        queue.addRateLimited(name, at: now)
        owed.insert(name)
      case 4: queue.forget(name)
      case 5:
        now += .milliseconds(Int64(random.below(40)))
        queue.addDue(at: now)
      case 6 where !inHand.isEmpty: finish(random.below(inHand.count))
      default: take()
      }
      for held in inHand { #expect(queue.isProcessing(held), "seed \(seed)") }
      #expect(Set(queue.readyKeys).count == queue.readyKeys.count, "seed \(seed)")
      #expect(queue.readyKeys.allSatisfy { !inHand.contains($0) }, "seed \(seed)")
    }
    // Everything is worked off in the end.
    for _ in 0..<100 where !queue.isEmpty {
      while !inHand.isEmpty { finish(0) }
      if let due = queue.nextDue, due > now { now = due }
      queue.addDue(at: now)
      for _ in 0..<workers { take() }
    }
    #expect(owed.isEmpty, "seed \(seed): nobody heard of \(owed.count) keys")
    #expect(queue.isEmpty, "seed \(seed)")
  }
}
