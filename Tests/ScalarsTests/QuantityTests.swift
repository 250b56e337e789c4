import Scalars
import Testing

@Suite("Quantities parse, print and count as in Kubernetes")
struct QuantityTests {
  @Test(
    "A quantity prints in its canonical form",
    arguments: [
      ("0", "0"), ("0Ki", "0"), ("-0", "0"), ("+1", "1"), ("007", "7"), ("5.", "5"),
      (".5", "500m"), ("1.5", "1500m"), ("0.5Gi", "512Mi"), ("1.5Gi", "1536Mi"),
      ("1024Ki", "1Mi"), ("1024Mi", "1Gi"), ("1000m", "1"), ("1000M", "1G"), ("1e3", "1e3"),
      ("1E", "1E"), ("12e6", "12e6"), ("1e4", "10e3"), ("1e14", "100e12"), ("1.3E+6", "1300e3"),
      ("1E-3", "1e-3"), ("100m", "100m"), ("1.G", "1G"), ("100.035k", "100035"),
      ("0.001T", "1G"), ("1.08", "1080m"), ("1000E", "1e21"), ("5000E", "5e21"),
      ("5Ki", "5Ki"), ("1025Ki", "1025Ki"), ("0.001Ki", "1024m"), (".000001Ki", "1024u"),
      (".000000001Ki", "1024n"), (".000000000001Ki", "2n"), ("100.035Ki", "102435840m"),
      ("0.05Gi", "53687091200m"), ("8Ei", "9223372036854775807"),
      ("-8Ei", "-9223372036854775807"), ("9223372036854775807Ki", "9223372036854775807"),
      ("7Ei", "7Ei"), ("12E", "12E"), ("1e100", "10e99"), ("-9.01", "-9010m"),
      ("0.9n", "1n"), ("-0.9n", "-1n"), ("3.001n", "4n"), ("0.00000012345", "124n"),
      ("1.1E-9", "2e-9"), ("1e-1000000", "1e-9"), (".", "0"), ("+", "0"), ("Mi", "0"),
      ("1000000000000000000000000000000000000000000000000000", "1e51"),
      ("0.33333333333333333333333333333333333333333333333333333", "333333334n"),
      ("0.0000000000000000000000000000000000000000000000000001Ei", "1n"),
      ("0.12345678901234567890123456789012345678901234567890Gi", "132560717819299208n"),
    ])
  func canonical(text: String, expected: String) throws {
    #expect(try Quantity(parsing: text).description == expected)
  }

  @Test(
    "A text that is no quantity is refused with Kubernetes' message",
    arguments: [
      ("", "regular expression"), ("1.1.M", "regular expression"),
      ("1+1.0M", "regular expression"), ("aoeu", "regular expression"),
      (" 1", "regular expression"), ("1 ", "regular expression"), ("10Mo", "regular expression"),
      ("0.1mi", "suffix"), ("10Mm", "suffix"), (".5i", "suffix"), ("1i", "suffix"),
      ("-3.01e-", "suffix"), ("1e", "suffix"), ("1Ki5", "suffix"), ("1ee5", "suffix"),
      ("1e99999999999999999999", "suffix"), ("e", "suffix"), ("0.1am", "regular expression"),
    ])
  func refused(text: String, part: String) {
    let error = #expect(throws: ScalarError.self) { try Quantity(parsing: text) }
    #expect(error?.kind == .syntax)
    #expect(error?.message.contains(part) == true)
    #expect(Quantity(text) == nil)
  }

  @Test("A number with more digits than fit is refused, not rounded")
  func tooManyDigits() {
    let digits = String(repeating: "9", count: 39)
    let error = #expect(throws: ScalarError.self) { try Quantity(parsing: digits) }
    #expect(error?.kind == .range)
    let most = String(repeating: "9", count: 37) + "G"
    #expect(Quantity(most)?.isInteger == false)
    #expect(Quantity("9e2147483647") != nil)
    #expect(Quantity("9999G").map(\.description) == "9999G")
  }

  @Test(
    "A server answers the text it was sent where its fast parser keeps it",
    arguments: [
      ("1.500", "1.500"), ("+1", "+1"), ("1.5", "1500m"), ("0.500", "500m"), ("0", "0"),
      ("00", "0"), ("1E3", "1E3"), ("1000", "1k"), ("8Ki", "8Ki"), ("+9Ki", "+9Ki"),
      ("1024Mi", "1Gi"), ("0.5Gi", "512Mi"), ("100m", "100m"), ("1000m", "1"), ("1.", "1."),
    ])
  func answered(sent: String, answer: String) throws {
    #expect(try Quantity.answered(for: sent) == answer)
  }

  @Test(
    "Quantities compare by value, whatever their suffix",
    arguments: [
      ("0", "0", 0), ("100m", "50m", 1), ("10000T", "100Gi", 1), ("200M", "0.2G", 0),
      ("50M", "50Mi", -1), ("1000m", "1", 0), ("-1", "1", -1), ("0", "-1n", 1),
      ("1e100", "1n", 1), ("-1e100", "-1n", -1), ("1e2000000000", "1e1999999999", 1),
      ("0.000000001", "1n", 0), ("0Ki", "0", 0),
    ])
  func comparing(left: String, right: String, order: Int) throws {
    let (a, b) = (try Quantity(parsing: left), try Quantity(parsing: right))
    #expect((a < b ? -1 : a == b ? 0 : 1) == order)
    #expect((b < a ? -1 : a == b ? 0 : 1) == -order)
    if order == 0 { #expect(a.hashValue == b.hashValue) }
  }

  @Test("Sums and differences are exact and keep the format of the left side")
  func arithmetic() throws {
    func q(_ text: String) throws -> Quantity { try Quantity(parsing: text) }
    #expect(try q("50k").adding(q("20")).description == "50020")
    #expect(try q("50k").subtracting(q("20")).description == "49980")
    #expect(try q("1Gi").adding(q("1Mi")).description == "1025Mi")
    #expect(try q("1").subtracting(q("1000m")).description == "0")
    #expect(try q("0.1").adding(q("0.2")) == q("0.3"))
    #expect(try q("1500m").multiplied(by: 2).description == "3")
    #expect(try q("7Ei").adding(q("7Ei")).description == "14Ei")
    #expect(try q("9.01").negated.description == "-9010m")
    #expect(throws: ScalarError.self) { try q("1e100").adding(q("1n")) }
  }

  @Test("A zero takes the format of what is added to or taken from it")
  func zeroTakesFormat() throws {
    for text in ["100m", "1Gi", "1e3"] {
      let value = try Quantity(parsing: text)
      #expect(try Quantity.zero.adding(value).description == text)
      #expect(try value.adding(.zero).description == text)
      #expect(try Quantity.zero.subtracting(value).description == "-" + text)
    }
  }

  @Test("Whole and scaled values round away from zero and saturate")
  func values() throws {
    func q(_ text: String) throws -> Quantity { try Quantity(parsing: text) }
    #expect(try q("1500m").value == 2)
    #expect(try q("-1500m").value == -2)
    #expect(try q("1n").value == 1)
    #expect(try q("1500u").milliValue == 2)
    #expect(try q("2").milliValue == 2000)
    #expect(try q("1e30").value == .max)
    #expect(try q("-1e30").milliValue == .min)
    #expect(try q("50k").asInt64 == 50_000)
    #expect(try q("1500m").asInt64 == nil)
    #expect(try q("1000m").isInteger)
    #expect(try q("12345").scaledValue(3) == 13)
    #expect(try q("9").scaledValue(100) == 1)
    #expect(try q("0").scaledValue(.min) == 0)
    #expect(Quantity(milli: -1).sign == -1)
    #expect(Quantity(Int64.min).asInt64 == .min)
    #expect(Quantity(1_048_576, format: .binarySI).description == "1Mi")
    #expect(Quantity(milli: 1_048_576, format: .binarySI).description == "1048576m")
    #expect(Quantity(1_000_000).formatted(as: .decimalExponent).description == "1e6")
  }

  @Test("The nearest double is exact where a double is")
  func doubles() throws {
    for (text, value) in [
      ("50.703k", 50703), ("0.1", 0.1), ("1Ki", 1024), ("1e22", 1e22), ("-1n", -1e-9),
      ("12345678901234567890", 12_345_678_901_234_567_168), ("1e400", .infinity),
      ("-1e400", -.infinity), ("0", 0),
    ] as [(String, Double)] {
      #expect(try Quantity(parsing: text).asDouble == value, "\(text)")
    }
  }

  @Test("Printing and parsing again gives the same value", arguments: 1...4 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<5_000 {
      let value =
        Bool.random(using: &random)
        ? Quantity(
          Int64.random(in: .min ... .max, using: &random)
            >> Int64.random(in: 0...63, using: &random),
          format: Quantity.Format.allCases.randomElement(using: &random)!)
        : Quantity(
          milli: Int64.random(in: -1_000_000...1_000_000, using: &random),
          format: Quantity.Format.allCases.randomElement(using: &random)!)
      // The cap of binary quantities is one short of the most negative number.
      if value.format == .binarySI, value.asInt64 == .min { continue }
      let again = try Quantity(parsing: value.description)
      #expect(again == value, "seed \(seed): \(value)")
      // A binary quantity without a suffix comes back as a decimal one, in Kubernetes too.
      if value.format != .binarySI {
        #expect(again.description == value.description, "seed \(seed): \(value)")
      }
    }
  }

  @Test("Sums commute and cancel", arguments: 1...2 as ClosedRange<UInt64>)
  func algebra(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    for _ in 0..<2_000 {
      let a = Quantity(milli: Int64(truncatingIfNeeded: random.next()))
      let b = Quantity(Int64(truncatingIfNeeded: random.next()), format: .binarySI)
      #expect(try a.adding(b) == b.adding(a), "seed \(seed)")
      #expect(try a.adding(b).subtracting(b) == a, "seed \(seed)")
      #expect((a < b) == (try a.subtracting(b).sign < 0), "seed \(seed)")
    }
  }
}
