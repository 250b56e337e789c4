import APIMachinery
import Allocation
import Testing
import ValueTree

/// A request of an owner by number.
private func request(
  _ owner: UInt64 = 1, count: Int = 1, _ selector: [(String, String)] = [],
  match: String? = nil
) -> AllocationRequest {
  AllocationRequest(
    pool: "ports", owner: UID(high: 0, low: owner), holder: "PortClaim default/\(owner)",
    count: count, selector: selector.map { AttributeRequirement($0.0, $0.1) },
    matchAttribute: match)
}

/// Who counts owners on.
private struct Books {
  var book: PoolBook
  var owner: UInt64 = 0

  init(_ spec: Value) throws {
    book = PoolBook(name: "ports", allocator: try PortAllocator(spec: spec))
  }

  /// What a new owner gets.
  mutating func take(
    _ count: Int = 1, _ selector: [(String, String)] = [], match: String? = nil
  ) throws -> [String] {
    owner += 1
    return try book.ensure(request(owner, count: count, selector, match: match)).map(\.item)
  }

  mutating func release(_ item: String) throws { try book.freeRaw(item: item) }

  /// Why a new owner gets nothing.
  mutating func refusal(
    _ count: Int = 1, _ selector: [(String, String)] = [], match: String? = nil
  ) -> String {
    do {
      return "got \(try take(count, selector, match: match))"
    } catch { return "\(error)" }
  }
}

@Suite("Ports: items, choices and policies")
struct PortAllocatorTests {
  @Test("Every item has one name, and every name its item")
  func names() throws {
    let ports = try PortAllocator(
      spec: [
        "ranges": ["30000-30009", 8080, ["from": 9000, "to": 9001]], "exclude": ["30003-30004"],
        "protocols": ["TCP", "SCTP"], "nodes": ["node-a", "node-b.example"],
      ])
    #expect(ports.itemCount == 11 * 2 * 2)
    let names = (0..<ports.itemCount).map(ports.name)
    #expect(Set(names).count == names.count)
    for (item, name) in names.enumerated() { #expect(ports.item(named: name) == item) }
    #expect(names.first == "node-a:30000/TCP")
    #expect(names.last == "node-b.example:9001/SCTP")
    #expect(!names.contains { $0.contains("30003") || $0.contains("30004") })
  }

  @Test(
    "What is no item's name is no item",
    arguments: [
      "", "30000", "30003/TCP", "030000/TCP", "30000/tcp", "30000/UDP", "node-a:30000/TCP",
      ":30000/TCP", "+30000/TCP", "30000/TCP ", "99999/TCP", "/TCP",
    ])
  func noItem(name: String) throws {
    let ports = try PortAllocator(spec: ["ranges": ["30000-30009"], "exclude": [30003]])
    #expect(ports.item(named: name) == nil)
  }

  @Test("The first free port comes first, in the order in which the ranges are written")
  func firstFit() throws {
    var books = try Books(["ranges": ["9000-9001", "8000-8001"]])
    #expect(try books.take(3) == ["9000/TCP", "9001/TCP", "8000/TCP"])
    try books.release("9001/TCP")
    #expect(try books.take(2) == ["9001/TCP", "8001/TCP"])
    #expect(books.refusal() == "pool \"ports\" is exhausted: 1 wanted, 0 free")
  }

  @Test("A port that was given back rests until all others have had their turn")
  func nextFit() throws {
    var books = try Books(["ranges": ["1-4"], "policy": "nextFit"])
    #expect(try books.take(2) == ["1/TCP", "2/TCP"])
    try books.release("1/TCP")
    #expect(try books.take() == ["3/TCP"])
    try books.release("3/TCP")
    #expect(try books.take(3) == ["4/TCP", "1/TCP", "3/TCP"])
  }

  @Test("Where the search starts depends on the owner and on nothing else")
  func randomStart() throws {
    let spec: Value = ["ranges": ["1-1000"], "policy": "randomStart"]
    var starts: Set<String> = []
    for owner in 0..<50 as Range<UInt64> {
      var book = PoolBook(name: "ports", allocator: try PortAllocator(spec: spec))
      var again = book
      let first = try book.ensure(request(owner)).map(\.item)
      #expect(try again.ensure(request(owner)).map(\.item) == first)
      starts.formUnion(first)
    }
    #expect(starts.count > 40)
    var books = try Books(["ranges": ["1-100"], "policy": "randomStart"])
    #expect(Set(try books.take(100)).count == 100)
  }

  @Test(
    "The band is as large as Kubernetes makes it",
    arguments: [
      (1, 0), (16, 0), (17, 16), (512, 16), (544, 17), (2768, 86), (4096, 128), (65535, 128),
    ])
  func bandSize(count: Int, band: Int) {
    #expect(PortAllocator.bandSize(of: count) == band)
  }

  @Test("Requests without a port take those above the band first, requests with one take either")
  func upperBand() throws {
    var books = try Books(["ranges": ["30000-30019"], "policy": "upperBandFirst"])
    #expect(try books.take(1, [("port", "30018")]) == ["30018/TCP"])
    #expect(try books.take(1, [("port", "30002")]) == ["30002/TCP"])
    #expect(
      try books.take(5)
        == ["30016/TCP", "30017/TCP", "30019/TCP", "30000/TCP", "30001/TCP"])
    #expect(try books.take() == ["30003/TCP"])
  }

  @Test("Protocol, node and port narrow the choice down")
  func selectors() throws {
    var books = try Books([
      "ranges": ["80-81"], "protocols": ["TCP", "UDP"], "nodes": ["a", "b"],
    ])
    #expect(try books.take(1, [("protocol", "UDP")]) == ["a:80/UDP"])
    #expect(try books.take(1, [("node", "b"), ("port", "81")]) == ["b:81/TCP"])
    #expect(try books.take(1, [("port", "81")]) == ["a:81/TCP"])
    // A port that has a number stands once a node and protocol.
    #expect(try books.take(2, [("port", "81")]) == ["a:81/UDP", "b:81/UDP"])
    #expect(
      books.refusal(1, [("port", "81")]) == "pool \"ports\" is exhausted: 1 wanted, 0 free")
  }

  @Test("Ports that must share a node or a protocol do, also when more are asked for later")
  func matching() throws {
    var books = try Books([
      "ranges": ["80-82"], "protocols": ["TCP", "UDP"], "nodes": ["a", "b"],
    ])
    _ = try books.take(4, [("node", "a")])
    #expect(try books.take(3, match: "node") == ["b:80/TCP", "b:81/TCP", "b:82/TCP"])
    #expect(try books.take(2, match: "protocol") == ["a:81/UDP", "a:82/UDP"])
    #expect(books.refusal(4, match: "node") == "pool \"ports\" is exhausted: 4 wanted, 3 free")

    var book = PoolBook(
      name: "ports", allocator: try PortAllocator(spec: ["ranges": ["1-2"], "nodes": ["a", "b"]]))
    _ = try book.ensure(request(1, count: 1, [("node", "b")]))
    #expect(
      try book.ensure(request(1, count: 2, match: "node")).map(\.item) == ["b:1/TCP", "b:2/TCP"])
  }

  @Test("A request that can never be met is told why")
  func refusals() throws {
    var books = try Books(["ranges": ["80-81"], "nodes": ["a"]])
    #expect(books.refusal(1, [("port", "90")]) == "port 90 is not in pool \"ports\"")
    #expect(
      books.refusal(1, [("port", "abc")])
        == "\"abc\" is no port: a port is a number from 1 to 65535")
    #expect(
      books.refusal(1, [("port", "70000")])
        == "\"70000\" is no port: a port is a number from 1 to 65535")
    #expect(books.refusal(1, [("node", "z")]) == "pool \"ports\" has no node \"z\"")
    #expect(books.refusal(1, [("protocol", "UDP")]) == "pool \"ports\" has no protocol \"UDP\"")
    #expect(
      books.refusal(1, [("colour", "red")])
        == "ports have no attribute \"colour\": they have protocol, node and port")
    #expect(
      books.refusal(2, [("port", "80")])
        == "2 times the same port is more than pool \"ports\" has")
    #expect(
      books.refusal(1, [("port", "80"), ("port", "81")])
        == "port cannot be both 80 and 81")
    #expect(
      books.refusal(1, match: "rack")
        == "ports cannot share \"rack\": matchAttribute is node or protocol")
    #expect(books.refusal(3) == "pool \"ports\" is exhausted: 3 wanted, 2 free")
    #expect(books.book.capacity.free == 2)
    var plain = try Books(["ranges": [80]])
    #expect(plain.refusal(1, [("node", "a")]) == "the ports of pool \"ports\" belong to no node")
  }

  @Test(
    "A mistake in the spec is told with its path",
    arguments: [
      ([:], "ranges: Required value: a list of ports, such as 30000-32767"),
      (["ranges": "80"], "ranges: Invalid value: \"80\": must be a list of ports and ranges"),
      (
        ["ranges": [80, "9-8"]],
        "ranges[1]: Invalid value: \"9-8\": must be a port from 1 to 65535, or two with a dash, "
          + "the lower one first"
      ),
      (
        ["ranges": [0]],
        "ranges[0]: Invalid value: 0: must be a port from 1 to 65535, or two with a dash, "
          + "the lower one first"
      ),
      (["ranges": [["from": 1]]], "ranges[0].to: Required value"),
      (
        ["ranges": [["from": 2, "to": 1]]],
        "ranges[0].to: Invalid value: 1: must not be less than from"
      ),
      (
        ["ranges": [["from": 2, "to": 65536]]],
        "ranges[0].to: Invalid value: 65536: must be a port from 1 to 65535"
      ),
      (["ranges": [["from": 1, "to": 2, "by": 1]]], "ranges[0].by: unknown field"),
      (
        ["ranges": ["1-10", "5"]],
        "ranges[1]: Duplicate value: \"5\": overlaps ranges[0]"
      ),
      (
        ["ranges": ["1-10"], "exclude": [5, 11]],
        "exclude[1]: Invalid value: 11: must be within ranges"
      ),
      (
        ["ranges": [5], "exclude": [5]],
        "exclude: Invalid value: [5]: must leave a port to hand out"
      ),
      (
        ["ranges": [5], "protocols": ["TCP", "tcp"]],
        "protocols[1]: Unsupported value: \"tcp\": supported values: \"TCP\", \"UDP\", \"SCTP\""
      ),
      (
        ["ranges": [5], "protocols": ["TCP", "TCP"]],
        "protocols[1]: Duplicate value: \"TCP\""
      ),
      (["ranges": [5], "nodes": [7]], "nodes[0]: Invalid value: 7: must be a string"),
      (
        ["ranges": [5], "policy": "lastFit"],
        "policy: Unsupported value: \"lastFit\": supported values: \"firstFit\", \"nextFit\", "
          + "\"randomStart\", \"upperBandFirst\""
      ),
    ] as [(Value, String)])
  func specMistakes(spec: Value, message: String) {
    #expect {
      try PortAllocator(spec: spec)
    } throws: { error in
      "\(error)" == message
    }
  }

  @Test("A node's name must be one")
  func nodeName() {
    do {
      _ = try PortAllocator(spec: ["ranges": [5], "nodes": ["ok", "a:b"]])
      Issue.record("no error")
    } catch { #expect("\(error)".hasPrefix("nodes[1]: Invalid value: \"a:b\": ")) }
  }

  @Test("Whatever is taken and given back, books and ports agree")
  func randomWalk() throws {
    for policy in PlacementPolicy.allCases {
      var book = PoolBook(
        name: "ports",
        allocator: try PortAllocator(
          spec: [
            "ranges": ["100-299"], "exclude": ["150-160"], "protocols": ["TCP", "UDP"],
            "policy": Value(policy.rawValue),
          ]))
      var held: [Grant] = []
      var state: UInt64 = 7
      for owner in 0..<2_000 as Range<UInt64> {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        if state >> 33 % 100 < 55 || held.isEmpty {
          let free = book.capacity.free
          let grants = (try? book.ensure(request(owner, count: Int(state >> 40 % 4) + 1))) ?? []
          #expect(book.capacity.free == free - grants.count)
          for grant in grants { #expect(!held.contains { $0.item == grant.item }) }
          held += grants
        } else {
          let grant = held.remove(at: Int(state >> 35) % held.count)
          try book.release(
            item: grant.item, generation: grant.generation, owner: grant.owner)
        }
      }
      let capacity = book.capacity
      #expect(capacity.open == held.count)
      #expect(capacity.total == capacity.free + capacity.open)
    }
  }
}
