import APIMachinery
import APIServer
import APIStore
import Scalars
import Testing
import ValueTree

@Suite("Semantics 2.6: watch")
struct WatchTests {
  private static let initialEvents = ListOptions(resourceVersionMatch: "NotOlderThan")

  /// Config maps b and a of `default` at revisions 5 and 6.
  private func bench(historyLimit: Int = 100_000, backlogMax: Int = 10_000) throws -> Bench {
    var bench = Bench(historyLimit: historyLimit)
    bench.server = APIServer(
      settings: ServerSettings(watchBacklogMax: backlogMax), historyLimit: historyLimit,
      startedAt: bench.now)
    try bench.create("configmaps", "b")
    try bench.create("configmaps", "a")
    return bench
  }

  @Test("2.6: from revision N come the events behind N, once and in order")
  func fromRevision() throws {
    var bench = try bench()
    var stream = try bench.watch("configmaps", WatchOptions(.of("5")))
    #expect(bench.drain(&stream) == ["ADDED default/a 6"])
    let b = try bench.object("configmaps", "b", body: ["data": ["n": "1"]])
    try bench.update(b)
    try bench.create("secrets", "s")
    try bench.delete(b)
    #expect(bench.drain(&stream) == ["MODIFIED default/b 7", "DELETED default/b 9"])
    #expect(bench.drain(&stream) == [])
    #expect(stream.revision == 9)
    var late = try bench.watch("configmaps", WatchOptions(.of("7")))
    #expect(bench.drain(&late) == ["DELETED default/b 9"])
    var new = try bench.watch("configmaps", WatchOptions(.of("9")))
    #expect(bench.drain(&new) == [])
  }

  @Test("2.6: without a revision, or with 0, what is there comes first, in key order")
  func synthetic() throws {
    var bench = try bench()
    for version in ["", "0"] {
      var stream = try bench.watch("configmaps", WatchOptions(.of(version), allowsBookmarks: true))
      var fork = bench
      try fork.create("configmaps", "c")
      try fork.delete(fork.object("configmaps", "a"))
      #expect(
        fork.drain(&stream) == [
          "ADDED default/a 6", "ADDED default/b 5", "ADDED default/c 7", "DELETED default/a 8",
        ], "the state at the beginning, and then what was written")
    }
    try bench.create("namespaces", "x")
    try bench.create("configmaps", "z", metadata: ["namespace": "x"])
    var one = try bench.watch("configmaps", WatchOptions(.of(namespace: "x")))
    #expect(bench.drain(&one) == ["ADDED x/z 8"])
    var named = try bench.watch("configmaps", WatchOptions(.of(fields: "metadata.name=a")))
    #expect(bench.drain(&named) == ["ADDED default/a 6"])
  }

  @Test("2.6: sendInitialEvents marks where the beginning ends")
  func initialEventsEnd() throws {
    var bench = try bench()
    for version in ["", "0", "6"] {
      var list = Self.initialEvents
      list.resourceVersion = version
      let options = WatchOptions(list, sendInitialEvents: true, allowsBookmarks: true)
      var stream = try bench.watch("configmaps", options)
      #expect(
        bench.drain(&stream) == [
          "ADDED default/a 6", "ADDED default/b 5", "BOOKMARK 6 end of initial events",
        ])
    }
    var quiet = try bench.watch(
      "configmaps", WatchOptions(Self.initialEvents, sendInitialEvents: true))
    #expect(bench.drain(&quiet) == ["ADDED default/a 6", "ADDED default/b 5"], "none was allowed")
    for version in ["", "0"] {
      var list = Self.initialEvents
      list.resourceVersion = version
      var live = try bench.watch(
        "configmaps", WatchOptions(list, sendInitialEvents: false, allowsBookmarks: true))
      #expect(bench.drain(&live) == [], "no beginning is asked for")
    }
    var list = Self.initialEvents
    list.resourceVersion = "7"
    var future = try bench.watch(
      "configmaps", WatchOptions(list, sendInitialEvents: true, allowsBookmarks: true))
    #expect(
      bench.drain(&future) == [
        "ERROR 504 Timeout: Too large resource version: 7, current: 6", "ended",
      ])
    var empty = try bench.watch(
      "secrets", WatchOptions(Self.initialEvents, sendInitialEvents: true, allowsBookmarks: true))
    #expect(bench.drain(&empty) == ["BOOKMARK 6 end of initial events"])
    try bench.create("secrets", "s")
    #expect(bench.drain(&empty) == ["ADDED default/s 7"])
  }

  @Test("2.6: what a bookmark says is kind, revision and the mark")
  func bookmarkObject() throws {
    let type = try bench().kind("configmaps")
    #expect(
      WatchBookmark(type, revision: 6).value
        == ["kind": "ConfigMap", "apiVersion": "v1", "metadata": ["resourceVersion": "6"]])
    #expect(
      WatchBookmark(type, revision: 7, isInitialEventsEnd: true).value == [
        "kind": "ConfigMap", "apiVersion": "v1",
        "metadata": [
          "resourceVersion": "7", "annotations": ["k8s.io/initial-events-end": "true"],
        ],
      ])
  }

  @Test(
    "2.6: combinations that are forbidden",
    arguments: [
      (
        true, "", "",
        ["Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"]
      ),
      (
        false, "", "",
        ["Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"]
      ),
      (
        true, "Exact", "",
        [
          "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
          "Unsupported value: \"Exact\": supported values: \"NotOlderThan\"",
        ]
      ),
      (
        nil, "NotOlderThan", "",
        [
          "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
        ]
      ),
      (
        true, "NotOlderThan", "123",
        ["Forbidden: resourceVersionMatch is forbidden when continue is provided"]
      ),
    ] as [(Bool?, String, String, [String])])
  func forbidden(
    _ sends: Bool?, _ match: String, _ token: String, _ details: [String]
  ) throws {
    var bench = try bench()
    let options = WatchOptions(
      try .of(match: match, token: token), sendInitialEvents: sends, allowsBookmarks: true)
    let error = try bench.refusal { try $0.watch("configmaps", options) }
    #expect(error.reason == .invalid && error.kind == "ListOptions")
    #expect(error.causes.map(\.message) == details)
    #expect(error.causes.allSatisfy { $0.field == "resourceVersionMatch" })
    #expect(error.message.hasPrefix("ListOptions.meta.k8s.io \"\" is invalid: "))
  }

  @Test("2.6: bookmarks come once a minute and two seconds before the deadline, only where allowed")
  func bookmarks() throws {
    var bench = try bench()
    let start = bench.now
    func second(_ count: Int64) -> Timestamp { start + .seconds(count) }
    var stream = try bench.watch(
      "configmaps", WatchOptions(.of("6"), allowsBookmarks: true, timeoutSeconds: 150))
    var silent = try bench.watch("configmaps", WatchOptions(.of("6"), timeoutSeconds: 150))
    var told: [String] = []
    var wakes: [Int64] = []
    for time in Int64(0)...151 {
      if time == 70 { try bench.create("secrets", "s") }
      if let wake = stream.wakesAt, wake == second(time) { wakes.append(time) }
      told += bench.drain(&stream, at: second(time)).map { "\(time): \($0)" }
      if time < 150 { #expect(bench.drain(&silent, at: second(time)) == []) }
    }
    // Another kind's write shows in what can be taken up at, and in nothing else.
    #expect(
      told == [
        "60: BOOKMARK 6", "120: BOOKMARK 7", "148: BOOKMARK 7", "150: ended", "151: ended",
      ])
    #expect(wakes == [60, 120, 148, 150])
    #expect(stream.wakesAt == nil)
    #expect(silent.wakesAt == second(150))
    #expect(bench.drain(&silent, at: second(150)) == ["ended"])
  }

  @Test("2.6: an event that waits goes before a bookmark, and the bookmark says that it was told")
  func bookmarkOrder() throws {
    var bench = try bench()
    var stream = try bench.watch("configmaps", WatchOptions(.of("6"), allowsBookmarks: true))
    try bench.create("configmaps", "c")
    let late = bench.now + .seconds(90)
    #expect(bench.drain(&stream, at: late) == ["ADDED default/c 7", "BOOKMARK 7"])
    #expect(stream.wakesAt == late + .seconds(60))
  }

  @Test("2.6: a stream ends at its deadline, with what it has not told untold; 0 is none")
  func deadlines() throws {
    let bench = try bench()
    let start = bench.now
    var stream = try bench.watch("configmaps", WatchOptions(.of("5"), timeoutSeconds: 10))
    var other = stream
    #expect(bench.drain(&stream, at: start + .seconds(9)) == ["ADDED default/a 6"])
    #expect(bench.drain(&other, at: start + .seconds(10)) == ["ended"])
    for seconds in [nil, 0] as [Int64?] {
      var endless = try bench.watch("configmaps", WatchOptions(.of("6"), timeoutSeconds: seconds))
      #expect(bench.drain(&endless, at: start + .hours(24)) == [])
      #expect(endless.wakesAt == nil)
    }
  }

  @Test("2.6: with selectors an object enters, changes and leaves; what leaves is told as it was")
  func selectors() throws {
    var bench = try bench()
    try bench.create("secrets", "a", body: ["type": "none"])
    var labelled = try bench.watch("secrets", WatchOptions(.of("7", labels: "app=web")))
    var phased = try bench.watch("secrets", WatchOptions(.of("7", fields: "type=web")))
    func set(_ app: String, _ note: String) throws {
      let object = try bench.object(
        "secrets", "a",
        metadata: ["labels": ["app": Value(app)], "annotations": ["note": Value(note)]],
        body: ["type": Value(app)])
      try bench.update(object)
    }
    try set("db", "8 is not told")
    try set("web", "9 enters")
    try set("web", "10 changes")
    try set("db", "11 leaves")
    try set("db", "12 is not told")
    try set("web", "13 enters again")
    try bench.delete(bench.object("secrets", "a"))
    for stream in [labelled, phased] {
      var stream = stream
      var notes: [String] = []
      while case .event(let event) = stream.next(in: bench.server, at: bench.now) {
        let version = event.object.resourceVersion
        let note = event.object.body["metadata"]?["annotations"]?["note"]?.string ?? ""
        notes.append("\(event.kind.rawValue) at \(version): \(note)")
      }
      #expect(
        notes == [
          "ADDED at 9: 9 enters", "MODIFIED at 10: 10 changes", "DELETED at 11: 10 changes",
          "ADDED at 13: 13 enters again", "DELETED at 14: 13 enters again",
        ])
    }
    #expect(bench.drain(&labelled).count == 5 && bench.drain(&phased).count == 5)
  }

  @Test("2.6: a watch asks its selectors about its own kind's objects and namespace alone")
  func evaluations() throws {
    var bench = try bench()
    try bench.create("namespaces", "x")
    var stream = try bench.watch(
      "configmaps", WatchOptions(.of("7", labels: "app", namespace: "x")))
    for number in 0..<50 {
      try bench.create("secrets", "s\(number)", metadata: ["labels": ["app": "web"]])
      try bench.create("configmaps", "c\(number)", metadata: ["labels": ["app": "web"]])
    }
    #expect(bench.drain(&stream) == [])
    #expect(stream.evaluationCount == 0)
    try bench.create("configmaps", "c", metadata: ["namespace": "x", "labels": ["app": "web"]])
    #expect(bench.drain(&stream) == ["ADDED x/c 108"])
    #expect(stream.evaluationCount == 1)
    try bench.delete(
      bench.object("configmaps", "c", metadata: ["namespace": "x"]))
    #expect(bench.drain(&stream) == ["DELETED x/c 109"])
    #expect(stream.evaluationCount == 2)
  }

  @Test("2.6: from a forgotten revision comes one ERROR with a Status, and the end")
  func expired() throws {
    var bench = try bench(historyLimit: 3)
    for number in 0..<6 { try bench.create("configmaps", "c\(number)") }
    #expect(bench.revision == 12)
    var stream = try bench.watch("configmaps", WatchOptions(.of("8")))
    #expect(bench.drain(&stream) == ["ERROR 410 too old resource version: 8 (9)", "ended"])
    #expect(bench.drain(&stream) == ["ended"])
    guard
      case .error(let error) = try bench.watch("configmaps", WatchOptions(.of("8")))
        .firstStep(in: bench.server)
    else {
      Issue.record("no error")
      return
    }
    #expect(error.reason == .expired && error.value["kind"] == "Status")
    var just = try bench.watch("configmaps", WatchOptions(.of("9")))
    #expect(bench.drain(&just).count == 3)
    var secrets = try bench.watch("secrets", WatchOptions(.of("5")))
    #expect(bench.drain(&secrets) == [], "a busy kind expires no other")
  }

  @Test("2.6: a watcher that cannot keep up is closed, without an error, and goes on where it was")
  func slow() throws {
    var bench = try bench(backlogMax: 3)
    var stream = try bench.watch("configmaps", WatchOptions(.of("4")))
    for number in 0..<3 { try bench.create("configmaps", "c\(number)") }
    for _ in 0..<50 { try bench.create("secrets", "", metadata: ["generateName": "s-"]) }
    var fork = stream
    #expect(
      bench.drain(&fork).count == 5, "what was there before does not count, nor do other kinds")
    try bench.create("configmaps", "c3")
    #expect(bench.drain(&stream) == ["ended"])
    #expect(bench.drain(&fork).count == 1, "one that has kept up goes on")
    for number in 0..<9 {
      try bench.create("configmaps", "kept-up-\(number)")
      #expect(bench.drain(&fork) == ["ADDED default/kept-up-\(number) \(bench.revision)"])
    }
    let revision = stream.revision
    var again = try bench.watch("configmaps", WatchOptions(.of("\(revision)")))
    #expect(bench.drain(&again).count == 15)
    // Also while it is still told of what was there.
    var initial = try bench.watch("configmaps")
    _ = initial.next(in: bench.server, at: bench.now)
    for number in 4..<8 { try bench.create("configmaps", "c\(number)") }
    #expect(bench.drain(&initial) == ["ended"])
  }

  @Test(
    "2.6: an open stream whose events are forgotten is too slow; one that has seen them goes on")
  func compactedWhileOpen() throws {
    var bench = try bench(historyLimit: 2)
    var behind = try bench.watch("configmaps", WatchOptions(.of("6")))
    var quiet = try bench.watch("secrets", WatchOptions(.of("6")))
    for number in 0..<2 { try bench.create("configmaps", "c\(number)") }
    var just = behind
    #expect(bench.drain(&just).count == 2)
    try bench.create("configmaps", "c2")
    #expect(bench.drain(&behind) == ["ended"])
    #expect(bench.drain(&just) == ["ADDED default/c2 9"])
    #expect(bench.drain(&quiet) == [])
  }

  @Test("2.6: a plain watch from a revision to come waits for it")
  func future() throws {
    var bench = try bench()
    var stream = try bench.watch("configmaps", WatchOptions(.of("7")))
    try bench.create("configmaps", "c")
    #expect(bench.drain(&stream) == [])
    try bench.create("configmaps", "d")
    #expect(bench.drain(&stream) == ["ADDED default/d 8"])
  }
}

extension WatchStream {
  fileprivate func firstStep(in server: APIServer) -> Step {
    var copy = self
    return copy.next(in: server, at: .unixEpoch)
  }
}
