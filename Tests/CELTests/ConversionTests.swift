import CEL
import Testing

@Suite("Conversions")
struct ConversionTests {
  @Test(
    "Between numbers",
    arguments: [
      "int(1u) == 1", "int(1.9) == 1", "int(-1.9) == -1", "uint(1) == 1u", "uint(1.9) == 1u",
      "double(1) == 1.0", "double(1u) == 1.0", "int(1) == 1", "uint(1u) == 1u",
      "double(1.5) == 1.5",
    ])
  func numbers(_ expression: String) { expectTrue(expression) }

  @Test(
    "Numbers that do not fit",
    arguments: [
      "int(18446744073709551615u)", "int(1e19)", "int(-1e19)", "int(9223372036854775807.0)",
      "int(0.0 / 0.0)", "uint(-1)", "uint(-0.5)", "uint(1e20)", "uint(0.0 / 0.0)",
      "double('1e999')",
    ])
  func range(_ expression: String) { expectFailure(expression, .overflow) }

  @Test(
    "From and to strings",
    arguments: [
      "int('-42') == -42", "int('+42') == 42", "uint('42') == 42u", "double('1.5e3') == 1500.0",
      "double('-Infinity') < 0.0", "double('NaN') != double('NaN')", "bool('true') && !bool('F')",
      "string(1) == '1'", "string(1u) == '1'", "string(1.5) == '1.5'", "string(true) == 'true'",
      "string(1e6) == '1e+06'", "string(100000.0) == '100000'", "string(1e-5) == '1e-05'",
      "string(-0.0) == '-0'", "string(0.0001) == '0.0001'", "string(1e21) == '1e+21'",
      "string(b'abc') == 'abc'", "bytes('é') == b'\\303\\251'", "string('a') == 'a'",
      "string(timestamp(0)) == '1970-01-01T00:00:00Z'", "string(duration('90s')) == '90s'",
      "string(duration('1.5s')) == '1.5s'", "string(duration('-1ns')) == '-0.000000001s'",
      "string(timestamp('2000-01-01T00:00:00.25Z')) == '2000-01-01T00:00:00.25Z'",
    ])
  func strings(_ expression: String) { expectTrue(expression) }

  @Test(
    "Texts that are no such value",
    arguments: [
      "int('')", "int('1.5')", "int(' 1')", "int('0x1')", "int('99999999999999999999')",
      "uint('-1')", "uint('+1')", "double('')", "double('1,5')", "double('0x1')", "bool('yes')",
      "bool('')", "string(b'\\xff')", "timestamp('2000-01-01')", "timestamp('')",
      "duration('1')", "duration('')", "duration('1x')",
    ])
  func unreadable(_ expression: String) { expectFailure(expression, .invalidArgument) }

  @Test(
    "Times",
    arguments: [
      "int(timestamp(5)) == 5", "timestamp(5) == timestamp('1970-01-01T00:00:05Z')",
      "duration('1h1m1s1ms1us1ns') > duration('1h1m1s1ms1us')", "int(duration('1s')) == 1000000000",
      "duration(duration('1s')) == duration('1s')", "timestamp(timestamp(1)) == timestamp(1)",
      "timestamp('2000-01-01T01:00:00+01:00') == timestamp('2000-01-01T00:00:00Z')",
    ])
  func times(_ expression: String) { expectTrue(expression) }

  @Test(
    "Types are values",
    arguments: [
      "type(1) == int", "type(1u) == uint", "type(1.0) == double", "type('') == string",
      "type(b'') == bytes", "type([]) == list", "type({}) == map", "type(null) == null_type",
      "type(true) == bool", "type(int) == type", "type(type) == type",
      "type(timestamp(0)) == google.protobuf.Timestamp",
      "type(duration('1s')) == google.protobuf.Duration", "type(optional.none()) == optional_type",
      "type(ip('::1')) == net.IP", "type(cidr('::/0')) == net.CIDR",
    ])
  func types(_ expression: String) { expectTrue(expression) }
}
