import Scalars
import Testing

@Suite("Addresses parse, print and classify as in Go's netip")
struct IPAddressTests {
  @Test(
    "An address prints in its canonical form",
    arguments: [
      ("192.168.0.1", "192.168.0.1"), ("0.0.0.0", "0.0.0.0"), ("::", "::"), ("::1", "::1"),
      ("1::", "1::"), ("0:0:0:0:0:0:0:0", "::"), ("2001:DB8::1", "2001:db8::1"),
      ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
      ("2001:0db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
      ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("::ffff:1.2.3.4", "::ffff:1.2.3.4"),
      ("::ffff:102:304", "::ffff:1.2.3.4"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
      ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
      ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("fe80::", "fe80::"),
      ("1:0:0:0:0:0:0:8", "1::8"), ("0:1:0:1:0:1:0:1", "0:1:0:1:0:1:0:1"),
    ])
  func canonical(text: String, expected: String) throws {
    #expect(try IPAddress(parsing: text).description == expected)
  }

  @Test(
    "A text that is no address is refused with Go's reason",
    arguments: [
      ("", "unable to parse IP"), ("bad", "unable to parse IP"), ("1234", "unable to parse IP"),
      ("1.2.3", "too short"), ("1.2.3.4.5", "too long"), ("1.2.3.4.", "at least one digit"),
      (".1.2.3", "at least one digit"), ("1..2.3", "at least one digit"),
      ("1.2.3.256", ">255"), ("1.2.3.04", "leading zero"), ("1.2.3.4a", "unexpected character"),
      ("1.2.3.00", "leading zero"), ("::1::", "multiple ::"), ("1:2:3:4:5:6:7", "too short"),
      ("1:2:3:4:5:6:7:8:9", "trailing garbage"), ("1:2:3:4:5:6:7:8::", "expand to at least one"),
      ("12345::", "4 or less digits"), (":1", "at least one digit"), ("1:", "colon must be"),
      ("1::g", "at least one digit"), ("1:2:3:4:5:1.2.3.4", "final 2 fields"),
      ("::1.2.3", "too short"), ("::1.2.3.4:5", "unexpected character"),
      (":", "at least one digit"),
      ("1:2:3:4:5:6:7:1.2.3.4", "final 2 fields"),
      ("::2:3:4:5:6:7:1.2.3.4", "expand to at least one"),
      ("1%eth0", "missing IPv6 address"),
    ])
  func refused(text: String, part: String) {
    let error = #expect(throws: ScalarError.self) { try IPAddress(parsing: text) }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "none")")
  }

  @Test("A zone is refused as unsupported")
  func zones() {
    let error = #expect(throws: ScalarError.self) { try IPAddress(parsing: "fe80::1%eth0") }
    #expect(error?.kind == .unsupported)
    #expect(error?.message == #"IP address "fe80::1%eth0" with zone value is not allowed"#)
  }

  @Test("The kinds of addresses are told apart as in Go")
  func classes() throws {
    let rows: [(String, Set<String>)] = [
      ("127.0.0.1", ["loopback"]), ("::1", ["loopback"]), ("0.0.0.0", ["unspecified"]),
      ("::", ["unspecified"]), ("224.0.0.1", ["multicast", "link multicast"]),
      ("224.0.1.1", ["multicast"]), ("239.255.255.255", ["multicast"]),
      ("ff02::1", ["multicast", "link multicast"]),
      ("ff01::1", ["multicast", "interface multicast"]), ("ff05::1", ["multicast"]),
      ("169.254.1.1", ["link"]), ("fe80::1", ["link"]), ("febf::1", ["link"]),
      ("10.0.0.1", ["global", "private"]), ("172.31.0.1", ["global", "private"]),
      ("172.32.0.1", ["global"]), ("192.168.1.1", ["global", "private"]),
      ("fd00::1", ["global", "private"]), ("8.8.8.8", ["global"]), ("2001:db8::1", ["global"]),
      ("255.255.255.255", []), ("fec0::1", ["global"]),
      ("::ffff:127.0.0.1", ["loopback", "mapped"]),
      ("::ffff:10.0.0.1", ["global", "private", "mapped"]),
    ]
    for (text, expected) in rows {
      let ip = try IPAddress(parsing: text)
      let found: [(String, Bool)] = [
        ("loopback", ip.isLoopback), ("unspecified", ip.isUnspecified),
        ("multicast", ip.isMulticast), ("link multicast", ip.isLinkLocalMulticast),
        ("interface multicast", ip.isInterfaceLocalMulticast), ("link", ip.isLinkLocalUnicast),
        ("global", ip.isGlobalUnicast), ("private", ip.isPrivate), ("mapped", ip.isIPv4Mapped),
      ]
      #expect(Set(found.filter(\.1).map(\.0)) == expected, "\(text)")
    }
  }

  @Test("Steps stay within the family")
  func steps() throws {
    let last4 = try IPAddress(parsing: "255.255.255.255")
    #expect(last4.successor == nil)
    #expect(last4.predecessor?.description == "255.255.255.254")
    #expect(IPAddress(v4: 0).predecessor == nil)
    #expect(IPAddress(v6: .max).successor == nil)
    #expect(IPAddress("10.0.0.255")?.successor?.description == "10.0.1.0")
    #expect(IPAddress("10.0.0.0")?.advanced(by: 256)?.description == "10.0.1.0")
    #expect(IPAddress("10.0.0.0")?.advanced(by: .min) == nil)
    #expect(IPAddress("10.1.2.3")?.bytes == [10, 1, 2, 3])
    #expect(IPAddress("::1")?.bytes.count == 16)
    #expect(IPAddress("::ffff:1.2.3.4")?.unmapped.description == "1.2.3.4")
  }

  @Test("IPv4 sorts before IPv6, and both by number")
  func order() {
    let texts = ["::1", "10.0.0.10", "10.0.0.9", "::", "255.0.0.0"]
    let sorted = texts.compactMap { IPAddress($0) }.sorted().map(\.description)
    #expect(sorted == ["10.0.0.9", "10.0.0.10", "255.0.0.0", "::", "::1"])
  }

  @Test(
    "Printing and parsing again gives the same address", arguments: 1...2 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<5_000 {
      var bits: UInt128 = 0
      // Many zero fields, so that the shortening is exercised.
      for _ in 0..<8 {
        bits = bits << 16
        if Bool.random(using: &random) {
          bits |= UInt128(UInt16.random(in: 0...300, using: &random))
        }
      }
      let v6 = IPAddress(v6: bits)
      #expect(IPAddress(v6.description) == v6, "seed \(seed): \(v6)")
      let v4 = IPAddress(v4: UInt32(truncatingIfNeeded: random.next()))
      #expect(IPAddress(v4.description) == v4, "seed \(seed): \(v4)")
    }
  }
}

@Suite("Prefixes contain and overlap as in Go's netip and Kubernetes' CEL")
struct CIDRTests {
  @Test(
    "A text that is no prefix is refused",
    arguments: [
      "", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/+8", "10.0.0.0/-1",
      "::/129", "::/1000", "10.0.0/8", "/8", "fe80::%eth0/64", "10.0.0.0/8 ", "10.0.0.0/8/8",
      "a/b/",
    ])
  func refused(text: String) {
    #expect(throws: ScalarError.self) { try CIDR(parsing: text) }
  }

  @Test("A prefix knows its first and last address and how many it has")
  func bounds() throws {
    let rows = [
      ("192.168.1.77/24", "192.168.1.0", "192.168.1.255", "256"),
      ("10.0.0.0/8", "10.0.0.0", "10.255.255.255", "16777216"),
      ("1.2.3.4/32", "1.2.3.4", "1.2.3.4", "1"),
      ("0.0.0.0/0", "0.0.0.0", "255.255.255.255", "4294967296"),
      (
        "2001:db8::/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "79228162514264337593543950336"
      ),
      (
        "::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "340282366920938463463374607431768211455"
      ),
      ("::1/128", "::1", "::1", "1"),
    ]
    for (text, first, last, count) in rows {
      let cidr = try CIDR(parsing: text)
      #expect(cidr.description == text)
      #expect(cidr.first.description == first, "\(text)")
      #expect(cidr.last.description == last, "\(text)")
      #expect(cidr.count.description == count, "\(text)")
      #expect(cidr.address(at: 0) == cidr.first)
      #expect(cidr.address(at: cidr.count - 1)?.family == cidr.family)
    }
    #expect(CIDR("192.168.1.77/24")?.masked.description == "192.168.1.0/24")
    #expect(CIDR("192.168.1.77/24")?.isMasked == false)
    #expect(CIDR("192.168.1.0/24")?.isMasked == true)
    #expect(CIDR("192.168.1.0/24")?.address(at: 256) == nil)
    #expect(CIDR(IPAddress(v4: 0), prefixLength: 33) == nil)
    #expect(CIDR(IPAddress(v4: 0), prefixLength: -1) == nil)
  }

  @Test("Containment goes by family and network")
  func containment() throws {
    func cidr(_ text: String) throws -> CIDR { try CIDR(parsing: text) }
    func ip(_ text: String) throws -> IPAddress { try IPAddress(parsing: text) }
    #expect(try cidr("192.168.0.0/24").contains(ip("192.168.0.1")))
    #expect(try !cidr("192.168.0.0/24").contains(ip("192.168.1.1")))
    #expect(try !cidr("0.0.0.0/0").contains(ip("::1")))
    #expect(try !cidr("::/0").contains(ip("1.2.3.4")))
    #expect(try cidr("192.168.0.0/16").contains(cidr("192.168.10.0/24")))
    #expect(try cidr("192.168.0.0/24").contains(cidr("192.168.0.0/24")))
    #expect(try !cidr("192.168.0.0/24").contains(cidr("192.168.0.0/23")))
    #expect(try !cidr("192.168.0.0/24").contains(cidr("192.169.0.0/25")))
    #expect(try cidr("10.0.0.0/8").overlaps(cidr("10.1.0.0/16")))
    #expect(try cidr("10.1.0.0/16").overlaps(cidr("10.0.0.0/8")))
    #expect(try !cidr("10.1.0.0/16").overlaps(cidr("10.2.0.0/16")))
    #expect(try !cidr("::/0").overlaps(cidr("0.0.0.0/0")))
  }
}
