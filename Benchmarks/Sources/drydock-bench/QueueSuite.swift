import APIMachinery
import BenchmarkHarness
import ControllerRuntime
import Scalars

/// The work queue, with so many other keys in it.
let queueSuite = Suite(
  "queue",
  [
    .time("add-take-done", sizes: sizes) { size in
      var queue = filled(size)
      let key = ObjectKey(namespace: "default", name: "binding")
      return { iterations in
        for _ in 0..<iterations {
          queue.add(key)
          if let taken = queue.take() {
            queue.done(taken)
            // The place of the one that was taken, at the end.
            if size > 0 { queue.add(taken) }
          }
          use(queue.hasReady)
        }
      }
    },
    // A key that fails: taken, queued again with a delay, given back, and due.
    .time("rate-limited", sizes: sizes) { size in
      var queue = filled(size)
      var now = Stock.time
      queue.add(ObjectKey(namespace: "default", name: "binding"))
      return { iterations in
        for _ in 0..<iterations {
          guard let taken = queue.take() else { continue }
          queue.addRateLimited(taken, at: now)
          queue.done(taken)
          queue.forget(taken)
          now = now + .milliseconds(10)
          use(queue.addDue(at: now))
        }
      }
    },
    .time("add-waiting", sizes: [1_000]) { size in
      var queue = filled(size)
      let keys = Stock.shuffled((0..<size).map(key))
      var next = 0
      return { iterations in
        for _ in 0..<iterations {
          queue.add(keys[next])
          next = next + 1 == keys.count ? 0 : next + 1
        }
        use(queue.hasReady)
      }
    },
  ])

private let sizes = [0, 1_000]

private func key(_ index: Int) -> ObjectKey {
  ObjectKey(namespace: "default", name: "binding-\(index)")
}

private func filled(_ size: Int) -> WorkQueue {
  var queue = WorkQueue()
  for index in 0..<size { queue.add(key(index)) }
  return queue
}
