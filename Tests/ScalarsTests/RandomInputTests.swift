import Scalars
import Testing

@Suite("No input makes a parser trap")
struct RandomInputTests {
  /// Texts near each grammar: random bytes rarely get past the first character of a parser.
  static let alphabets = [
    "0123456789.+-eEinumkKMGTP", "0123456789abcdefF:./%", "0123456789.-+nuµmsh", "0123456789-:TZ.+",
    "0123456789.-+vabZ", "abAB019-_./%é\u{0}",
  ].map { Array($0.utf8) }

  static func text(_ random: inout SeededRandom) -> String {
    let count = Int.random(in: 0...40, using: &random)
    let alphabet = alphabets[Int.random(in: 0..<alphabets.count, using: &random)]
    let isWild = Int.random(in: 0..<4, using: &random) == 0
    let bytes = (0..<count).map { _ in
      isWild
        ? UInt8.random(in: 0...255, using: &random)
        : alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What parses must print, and its print must parse to itself.
  static func check<Value: ScalarValue>(_: Value.Type, _ text: String, _ seed: UInt64) {
    do throws(ScalarError) {
      let value = try Value(parsing: text)
      // A recorded issue costs nothing where there is none; an expectation does.
      if Value(value.description) != value {
        Issue.record("seed \(seed): \(text) as \(Value.self)")
      }
    } catch {
      if error.message.isEmpty || (error.offset ?? 0) > text.utf8.count {
        Issue.record("seed \(seed): \(text) as \(Value.self)")
      }
    }
  }

  @Test("Random bytes parse or are refused", arguments: 1...8 as ClosedRange<UInt64>)
  func randomBytes(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<4_000 {
      let text = Self.text(&random)
      Self.check(Quantity.self, text, seed)
      Self.check(IPAddress.self, text, seed)
      Self.check(CIDR.self, text, seed)
      Self.check(GoDuration.self, text, seed)
      Self.check(Timestamp.self, text, seed)
      Self.check(SemanticVersion.self, text, seed)
      _ = try? Quantity.answered(for: text)
      _ = try? SemanticVersion(normalizing: text)
      for check in [
        DNSNames.dns1123Subdomain, DNSNames.dns1123Label, DNSNames.dns1035Label,
        DNSNames.qualifiedName, DNSNames.labelValue, DNSNames.pathSegmentName,
        DNSNames.finalizerName, DNSNames.portName,
      ] {
        if check(text)?.isEmpty == true { Issue.record("seed \(seed): \(text)") }
      }
    }
  }

  @Test(
    "A valid text with one byte changed parses or is refused",
    arguments: 1...4 as ClosedRange<UInt64>)
  func mutations(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let originals = [
      "1.5Gi", "12e6", "2001:db8::1.2.3.4", "10.0.0.0/8", "1h30m0.5s",
      "2026-01-01T00:00:00.000000Z", "2026-01-01T00:00:00+01:30", "1.2.3-rc.1+b.2",
    ]
    for _ in 0..<4_000 {
      var bytes = Array(originals.randomElement(using: &random)!.utf8)
      let alphabet = Self.alphabets.randomElement(using: &random)!
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] =
          alphabet.randomElement(using: &random)!
      }
      let text = String(decoding: bytes, as: UTF8.self)
      Self.check(Quantity.self, text, seed)
      Self.check(IPAddress.self, text, seed)
      Self.check(CIDR.self, text, seed)
      Self.check(GoDuration.self, text, seed)
      Self.check(Timestamp.self, text, seed)
      Self.check(SemanticVersion.self, text, seed)
    }
  }
}
