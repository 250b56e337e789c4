import Testing
import ValueTree

/// Numbers as Kubernetes reads and prints them.
@Suite struct NumberTests {
  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("7", 7), ("-1", -1), ("2147483647", 2_147_483_647),
      ("2147483648", 2_147_483_648), ("-2147483648", -2_147_483_648),
      ("-2147483649", -2_147_483_649), ("4294967295", 4_294_967_295),
      ("9007199254740993", 9_007_199_254_740_993),
      ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
      // A double that prints as an integer is that integer.
      ("1.0", 1), ("-0.0", 0), ("0e5", 0), ("1e3", 1_000), ("1E+2", 100), ("120e-1", 12),
      ("1.5e1", 15), ("-1.0", -1), ("1e18", 1_000_000_000_000_000_000), ("0.0", 0),
      // Beyond 2^53 it prints its shortest digits, filled with zeros.
      ("4611686018427387904.0", 4_611_686_018_427_388_000),
      ("9223372036854774784.0", 9_223_372_036_854_775_000),
      ("9007199254740993.0", 9_007_199_254_740_992), ("1e-400", 0),
    ] as [(String, Int64)])
  func integers(_ text: String, _ expected: Int64) {
    let value = json(text)
    #expect(value.kind == .int)
    #expect(value.int == expected)
    #expect(value == Value(expected))
    #expect(value.contentHash == Value(expected).contentHash)
    #expect(value.description == "\(expected)")
    #expect(value.double == Double(expected))
  }

  @Test(arguments: [
    ("0.5", "0.5"), ("-0.5", "-0.5"), ("0.1", "0.1"), ("1.25e2", "125"),
    ("123.456e78", "1.23456e+80"),
    ("1e21", "1e+21"), ("1e20", "100000000000000000000"),
    ("123456789012345678901", "123456789012345680000"),
    ("999999999999999999999", "1e+21"), ("1e-6", "0.000001"), ("1e-7", "1e-7"),
    ("1.5e-7", "1.5e-7"),
    ("0.000001234", "0.000001234"), ("0.0000001234", "1.234e-7"), ("5e-324", "5e-324"),
    ("2.5e-324", "5e-324"), ("1.7976931348623157e308", "1.7976931348623157e+308"),
    ("2.2250738585072014e-308", "2.2250738585072014e-308"),
    ("3.141592653589793", "3.141592653589793"),
    ("9223372036854775808", "9223372036854776000"),
    ("-9223372036854775809", "-9223372036854776000"),
    ("18446744073709551616", "18446744073709552000"), ("100.25", "100.25"),
    ("12345.678", "12345.678"),
    ("0.30000000000000004", "0.30000000000000004"), ("1E-2", "0.01"), ("-1e-10", "-1e-10"),
    ("1e100", "1e+100"),
  ])
  func doubles(_ text: String, _ printed: String) {
    let value = json(text)
    let again = json(value.description)
    #expect(again == value)
    if value.kind == .double {
      #expect(value.int == nil)
      #expect(value.double == Double(text))
    }
    #expect(value.description == printed)
  }

  @Test(arguments: [
    "-", "+1", "01", "-01", "00", "1.", ".5", "-.5", "1.e1", "1e", "1e+", "1E-", "0x1", "1_000",
    "--1", "-+1", "1e1.5", "1e+-2", "NaN", "nan", "Infinity", "-Infinity", "inf", "1 000",
    "0e", "0e+", "1.0e", "2.e3", "0.3e+", "9.e+", "1ea", "１", "-a", "-foo", "1.2.3", "1eE2",
    "0.1.2",
  ])
  func malformed(_ text: String) {
    #expect(throws: JSONError.self) { try read(Array(text.utf8)) }
    #expect(throws: JSONError.self) { try read(Array("[\(text)]".utf8)) }
    #expect(throws: JSONError.self) { try read(Array("{\"a\":\(text)}".utf8)) }
  }

  @Test func errorsSayWhatIsMissing() {
    func message(_ text: String) -> String? {
      do {
        _ = try read(Array(text.utf8))
        return nil
      } catch { return "\(error)" }
    }
    #expect(message("01") == #"1:2: expected no digit after a leading zero, found "1""#)
    #expect(message("[1.]") == #"1:4: expected a digit after the decimal point, found "]""#)
    #expect(message("[1e]") == #"1:4: expected a digit in the exponent, found "]""#)
    #expect(message("-") == "1:2: the text ends inside a number")
    #expect(message("-x") == #"1:2: expected a digit, found "x""#)
    #expect(message("1.5e") == "1:5: the text ends inside a number")
    #expect(message("[1e999]") == "1:2: the number is larger than a double can hold")
    #expect(message("-1e999") == "1:1: the number is larger than a double can hold")
    #expect(message(String(repeating: "9", count: 400))?.hasSuffix("a double can hold") == true)
  }

  @Test func negativeZeroIsZero() {
    #expect(Value(-0.0) == 0)
    #expect(Value(-0.0).contentHash == Value(0).contentHash)
    #expect(Value.jsonText(of: -0.0) == "-0")
  }

  @Test func goPrintsPowersOfTwoBeyondFiftyThreeBitsRounded() {
    for exponent in 53..<63 {
      let double = Double(sign: .plus, exponent: exponent, significand: 1)
      let value = Value(double)
      #expect(value.description == Value.jsonText(of: double))
      #expect(json(value.description) == value)
      #expect(Value(-double).description == "-\(value)")
    }
    #expect(Value(0x1p63).kind == .double)
    #expect(Value(-0x1p63).kind == .double)
    #expect(Value(-0x1p63).description == "-9223372036854776000")
  }

  @Test func randomDoublesSurvivePrinting() throws {
    var random = SplitMix(seed: 7)
    for _ in 0..<2_000 {
      let double = Double(bitPattern: random.next())
      guard double.isFinite else { continue }
      let text = Value.jsonText(of: double)
      #expect(Double(text) == double)
      #expect(json(text) == Value(double))
      #expect(json(text).description == text || double == 0)
    }
  }

  @Test func noInfinityAndNoNaN() async {
    await #expect(processExitsWith: .failure) { _ = Value(Double.infinity) }
    await #expect(processExitsWith: .failure) { _ = Value(Double.nan) }
    await #expect(processExitsWith: .failure) {
      var builder = ValueBuilder()
      builder.double(.nan)
    }
    await #expect(processExitsWith: .failure) { _ = Value.jsonText(of: -.infinity) }
  }
}
