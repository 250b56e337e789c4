import APIMachinery
import Allocation
import Testing
import ValueTree

private func request(
  _ owner: UInt64, count: Int = 1, _ selector: [(String, String)] = [], match: String? = nil
) -> AllocationRequest {
  AllocationRequest(
    pool: "ips", owner: UID(high: 0, low: owner), holder: "IPClaim default/\(owner)",
    count: count, selector: selector.map { AttributeRequirement($0.0, $0.1) },
    matchAttribute: match)
}

private struct Books {
  var book: PoolBook
  var owner: UInt64 = 0

  init(_ spec: Value) throws {
    book = PoolBook(name: "ips", allocator: try IPAllocator(spec: spec))
  }

  mutating func take(
    _ count: Int = 1, _ selector: [(String, String)] = [], match: String? = nil
  ) throws -> [String] {
    owner += 1
    return try book.ensure(request(owner, count: count, selector, match: match)).map(\.item)
  }

  mutating func refusal(
    _ count: Int = 1, _ selector: [(String, String)] = [], match: String? = nil
  ) -> String {
    do {
      return "got \(try take(count, selector, match: match))"
    } catch { return "\(error)" }
  }
}

@Suite("Addresses: items, choices and policies")
struct IPAllocatorTests {
  @Test("Every item has one name, and every name its item")
  func names() throws {
    let addresses = try IPAllocator(
      spec: [
        "cidrs": ["fd00::/120", "10.0.0.0/24", "192.168.0.8/32"],
        "exclude": ["10.0.0.1", "10.0.0.100-10.0.0.119", "10.0.0.128/25", "fd00::5"],
      ])
    #expect(addresses.itemCount == 254 + 126 - 20 + 1)
    let names = (0..<addresses.itemCount).map(addresses.name)
    #expect(Set(names).count == names.count)
    for (item, name) in names.enumerated() { #expect(addresses.item(named: name) == item) }
    #expect(names.first == "fd00::1")
    #expect(names.last == "192.168.0.8")
    for gone in ["10.0.0.0", "10.0.0.1", "10.0.0.110", "10.0.0.128", "10.0.0.255", "fd00::5"] {
      #expect(!names.contains(gone))
      #expect(addresses.item(named: gone) == nil)
    }
  }

  @Test(
    "Network and broadcast addresses are not handed out, as in Kubernetes",
    arguments: [
      ("10.0.0.0/24", 254, "10.0.0.1", "10.0.0.254"),
      ("10.0.0.0/30", 2, "10.0.0.1", "10.0.0.2"),
      ("10.0.0.0/31", 2, "10.0.0.0", "10.0.0.1"),
      ("10.0.0.7/32", 1, "10.0.0.7", "10.0.0.7"),
      ("10.0.0.0/12", 1_048_574, "10.0.0.1", "10.15.255.254"),
      ("fd00::/112", 65_535, "fd00::1", "fd00::ffff"),
      ("fd00::/127", 2, "fd00::", "fd00::1"),
      (
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff00/120", 255,
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ff01", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
      ),
    ])
  func usable(network: String, count: Int, first: String, last: String) throws {
    let addresses = try IPAllocator(spec: ["cidrs": [Value(network)]])
    #expect(addresses.itemCount == count)
    #expect(addresses.name(of: 0) == first)
    #expect(addresses.name(of: count - 1) == last)
  }

  @Test(
    "An address has one name",
    arguments: ["fd00::0007", "FD00::7", "fd00:0::7", "::ffff:10.0.0.7", "10.0.0.07", "", "x"])
  func canonical(name: String) throws {
    let addresses = try IPAllocator(spec: ["cidrs": ["fd00::/120", "10.0.0.0/24"]])
    #expect(addresses.item(named: name) == nil)
    #expect(addresses.item(named: "fd00::7") != nil)
  }

  @Test("Families are chosen from, and addresses of one family can be asked for")
  func families() throws {
    var books = try Books(["cidrs": ["10.0.0.0/30", "fd00::/126"]])
    #expect(try books.take(1, [("family", "IPv6")]) == ["fd00::1"])
    #expect(try books.take(3) == ["10.0.0.1", "10.0.0.2", "fd00::2"])

    books = try Books(["cidrs": ["10.0.0.0/30", "fd00::/126"]])
    _ = try books.take()
    #expect(try books.take(2, match: "family") == ["fd00::1", "fd00::2"])
    #expect(
      books.refusal(2, match: "family") == "pool \"ips\" is exhausted: 2 wanted, 1 free")
    // What the owner holds decides the family of the rest.
    _ = try books.book.ensure(request(100, count: 1))
    #expect(throws: AllocationError.exhausted(pool: "ips", wanted: 1, free: 0)) {
      try books.book.ensure(request(100, count: 2, match: "family"))
    }
  }

  @Test("One address can be asked for, however it is written")
  func specific() throws {
    var books = try Books(["cidrs": ["10.0.0.0/24", "fd00::/120"], "policy": "upperBandFirst"])
    #expect(try books.take(1, [("ip", "10.0.0.2")]) == ["10.0.0.2"])
    #expect(try books.take(1, [("ip", "FD00::0007")]) == ["fd00::7"])
    #expect(try books.take() == ["10.0.0.17"])
    #expect(
      books.refusal(1, [("ip", "10.0.0.2")]) == "pool \"ips\" is exhausted: 1 wanted, 0 free")
  }

  @Test(
    "The band is as large as Kubernetes makes it",
    arguments: [(16, 0), (17, 16), (254, 16), (510, 31), (4094, 255), (65_534, 256)])
  func bandSize(count: Int, band: Int) {
    #expect(IPAllocator.bandSize(of: count) == band)
  }

  @Test("A request that can never be met is told why")
  func refusals() throws {
    var books = try Books(["cidrs": ["10.0.0.0/29"], "exclude": ["10.0.0.3"]])
    #expect(books.refusal(1, [("family", "IPv6")]) == "pool \"ips\" has no IPv6 addresses")
    #expect(books.refusal(1, [("family", "v4")]) == "\"v4\" is no family: IPv4 or IPv6")
    #expect(books.refusal(1, [("ip", "10.0.0")]) == "\"10.0.0\" is no IP address")
    for address in ["10.0.0.0", "10.0.0.3", "10.0.0.7", "10.0.0.8", "fd00::1"] {
      #expect(
        books.refusal(1, [("ip", address)]) == "\(address) is not handed out by pool \"ips\"")
    }
    #expect(
      books.refusal(2, [("ip", "10.0.0.1")]) == "2 times 10.0.0.1 is more than there is")
    #expect(
      books.refusal(1, [("node", "a")])
        == "addresses have no attribute \"node\": they have ip and family")
    #expect(
      books.refusal(1, match: "node")
        == "addresses cannot share \"node\": matchAttribute is family")
  }

  @Test(
    "A mistake in the spec is told with its path",
    arguments: [
      ([:], "cidrs: Required value: a list of networks, such as 10.0.0.0/24"),
      (["cidrs": []], "cidrs: Required value: a list of networks, such as 10.0.0.0/24"),
      (["cidrs": [10]], "cidrs[0]: Invalid value: 10: must be a string"),
      (
        ["cidrs": ["10.0.0.0/8"]],
        "cidrs[0]: Invalid value: \"10.0.0.0/8\": must be a /12 or smaller: "
          + "a pool keeps a bit an address"
      ),
      (
        ["cidrs": ["10.0.0.0/24", "fd00::/64"]],
        "cidrs[1]: Invalid value: \"fd00::/64\": must be a /112 or smaller: "
          + "a pool keeps a bit an address"
      ),
      (
        ["cidrs": ["10.0.0.5/24"]],
        "cidrs[0]: Invalid value: \"10.0.0.5/24\": must have no bits behind the prefix: "
          + "10.0.0.0/24"
      ),
      (
        ["cidrs": ["10.0.0.0/24", "10.0.0.128/25"]],
        "cidrs[1]: Duplicate value: \"10.0.0.128/25\": overlaps cidrs[0]"
      ),
      (
        ["cidrs": ["::ffff:10.0.0.0/120"]],
        "cidrs[0]: Invalid value: \"::ffff:10.0.0.0/120\": must not be an IPv4-mapped IPv6 network"
      ),
      (
        ["cidrs": ["10.0.0.0/24"], "exclude": "10.0.0.1"],
        "exclude: Invalid value: \"10.0.0.1\": must be a list of addresses, ranges and networks"
      ),
      (
        ["cidrs": ["10.0.0.0/24"], "exclude": ["10.0.0.1", "10.0.0.9-10.0.0.2"]],
        "exclude[1]: Invalid value: \"10.0.0.9-10.0.0.2\": must be an address, two with a dash, "
          + "the lower one first, or a network"
      ),
      (
        ["cidrs": ["10.0.0.0/24"], "exclude": ["10.0.1.1"]],
        "exclude[0]: Invalid value: \"10.0.1.1\": must be within cidrs"
      ),
      (
        ["cidrs": ["10.0.0.0/24"], "exclude": ["10.0.0.0/24"]],
        "exclude: Invalid value: [\"10.0.0.0/24\"]: must leave an address to hand out"
      ),
      (
        ["cidrs": ["10.0.0.0/24"], "policy": 1],
        "policy: Unsupported value: 1: supported values: \"firstFit\", \"nextFit\", "
          + "\"randomStart\", \"upperBandFirst\""
      ),
    ] as [(Value, String)])
  func specMistakes(spec: Value, message: String) {
    #expect {
      try IPAllocator(spec: spec)
    } throws: { error in
      "\(error)" == message
    }
  }

  @Test("Text that is no network is refused in Go's words")
  func noNetwork() {
    do {
      _ = try IPAllocator(spec: ["cidrs": ["10.0.0.0"]])
      Issue.record("no error")
    } catch {
      #expect(
        "\(error)"
          == "cidrs[0]: Invalid value: \"10.0.0.0\": must be a network such as 10.0.0.0/24 "
          + "(netip.ParsePrefix(\"10.0.0.0\"): no '/')")
    }
  }
}
