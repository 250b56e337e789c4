import CEL
import Testing

@Suite("Operators follow the specification")
struct OperatorTests {
  @Test(
    "Arithmetic",
    arguments: [
      "1 + 2 * 3 == 7", "(1 + 2) * 3 == 9", "7 - 2 - 1 == 4", "8 / 2 / 2 == 2", "7 / 2 == 3",
      "-7 / 2 == -3", "7 % 3 == 1", "-7 % 3 == -1", "7 % -3 == 1", "7u / 2u == 3u",
      "7u % 4u == 3u", "1.5 + 1.5 == 3.0", "1.5 * 2.0 == 3.0", "1.0 - 0.25 == 0.75",
      "1.0 / 4.0 == 0.25", "-(3) == -3", "-(1.5) == -1.5", "'a' + 'b' == 'ab'",
      "b'a' + b'b' == b'ab'", "[1] + [2] == [1, 2]", "[] + [1] == [1]",
      "duration('1s') + duration('2s') == duration('3s')",
      "timestamp(0) + duration('1m') == timestamp(60)",
      "duration('1m') + timestamp(0) == timestamp(60)",
      "timestamp(60) - timestamp(0) == duration('60s')",
      "timestamp(60) - duration('60s') == timestamp(0)",
      "duration('3s') - duration('1s') == duration('2s')",
    ])
  func arithmetic(_ expression: String) { expectTrue(expression) }

  @Test(
    "Overflow is an error, never a wrong number",
    arguments: [
      "9223372036854775807 + 1", "-9223372036854775808 - 1", "9223372036854775807 * 2",
      "-(-9223372036854775808)", "-9223372036854775808 / -1", "-9223372036854775808 % -1",
      "18446744073709551615u + 1u", "0u - 1u", "18446744073709551615u * 2u",
      "duration('9223372036s') + duration('9223372036s')",
      "timestamp('9999-12-31T23:59:59Z') + duration('1s')",
      "timestamp('0001-01-01T00:00:00Z') - duration('1ns')",
      "timestamp('9999-12-31T00:00:00Z') - timestamp('0001-01-01T00:00:00Z')",
    ])
  func overflow(_ expression: String) { expectFailure(expression, .overflow) }

  @Test("Division by zero", arguments: ["1 / 0", "1 % 0", "1u / 0u", "1u % 0u"])
  func zero(_ expression: String) { expectFailure(expression, .divisionByZero) }

  @Test("Doubles divide by zero as IEEE 754 says")
  func doubles() {
    expectTrue("1.0 / 0.0 == double('Infinity')")
    expectTrue("0.0 / 0.0 != 0.0 / 0.0")
    expectTrue("!(0.0 / 0.0 < 1.0) && !(0.0 / 0.0 >= 1.0)")
    expectTrue("-0.0 == 0.0")
  }

  @Test(
    "Equality is deep, total across kinds, and by value between numbers",
    arguments: [
      "dyn(1) == 1u", "dyn(1) == 1.0", "dyn(1u) == 1.0", "dyn(1) != 1.5", "dyn(1) != '1'",
      "[1, 2] == [1, 2]", "[1, 2] != [2, 1]", "dyn([1]) == [1.0]", "{'a': 1} == {'a': 1}",
      "{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", "dyn({1: 'a'}) == {1u: 'a'}", "{'a': 1} != {'b': 1}",
      "null == null", "dyn(null) != 0", "dyn([]) != {}", "type(1) == int", "type(type(1)) == type",
      "type('') != bytes", "dyn(9007199254740993) != 1.5", "dyn(18446744073709551615u) != -1",
      "timestamp(0) == timestamp('1970-01-01T00:00:00Z')", "duration('60s') == duration('1m')",
    ])
  func equality(_ expression: String) { expectTrue(expression) }

  @Test(
    "Order",
    arguments: [
      "1 < 2", "2 <= 2", "3 > 2", "3 >= 3", "1u < 2u", "1.5 < 2.5", "'a' < 'b'", "'a' < 'aa'",
      "'Z' < 'a'", "'\u{FFFF}' < '\u{10000}'", "b'a' < b'b'", "b'' < b'a'", "false < true",
      "1 < 2u", "1 < 1.5", "2u > 1.5", "-1 < 0u", "dyn(1) < 2u", "dyn(9223372036854775807) < 1e19",
      "duration('1s') < duration('2s')", "timestamp(0) < timestamp(1)",
    ])
  func order(_ expression: String) { expectTrue(expression) }

  @Test(
    "What has no order or no such operator is an error when it runs",
    arguments: [
      "dyn([1]) < dyn([2])", "dyn({}) < dyn({})", "dyn(null) < dyn(null)", "dyn('a') < 1",
      "dyn(true) + dyn(true)",
      "dyn(1) + 1u", "dyn(1) + 1.0", "dyn(1.5) % dyn(0.5)", "-dyn(1u)", "!dyn(1)",
      "dyn('a') - dyn('a')",
      "dyn(1) in dyn(1)", "dyn(1)[0]", "dyn([1])['a']", "dyn(1).a", "dyn('a').b",
    ])
  func noOverload(_ expression: String) { expectFailure(expression, .noSuchOverload) }

  @Test(
    "Membership",
    arguments: [
      "1 in [1, 2]", "!(3 in [1, 2])", "'a' in {'a': 1}", "!('b' in {'a': 1})", "dyn(1.0) in [1]",
      "dyn(1) in {1u: 'a'}", "!(dyn('1') in [1])", "[1] in [[1], [2]]", "!(1 in [])",
    ])
  func membership(_ expression: String) { expectTrue(expression) }

  @Test("Access")
  func access() {
    expectTrue("[1, 2][dyn(1.0)] == 2 && [1, 2][dyn(1u)] == 2")
    expectTrue("{1: 'a'}[dyn(1.0)] == 'a'")
    expectFailure("[1][1]", .indexOutOfRange)
    expectFailure("[1][-1]", .indexOutOfRange)
    expectFailure("[1][dyn(0.5)]", .indexOutOfRange)
    expectFailure("{'a': 1}['b']", .noSuchKey)
    expectFailure("{'a': 1}.b", .noSuchKey)
    expectFailure("{'a': 1, 'a': 2}", .invalidKey)
    expectFailure("{1: 'a', dyn(1u): 'b'}", .invalidKey)
    expectFailure("{dyn(1.5): 'a'}", .invalidKey)
    expectFailure("{dyn(null): 'a'}", .invalidKey)
  }

  @Test(
    "&& and || absorb errors on either side",
    arguments: [
      "!(false && 1 / 0 > 0)", "!(1 / 0 > 0 && false)", "true || 1 / 0 > 0", "1 / 0 > 0 || true",
      "!(1 / 0 > 0 && 2 / 0 > 0 && false)", "1 / 0 > 0 || false || true",
      "!(dyn('x') && false)", "dyn(1) || true",
    ])
  func absorption(_ expression: String) { expectTrue(expression) }

  @Test("The first error stays where nothing decides")
  func errorsStay() {
    expectFailure("1 / 0 > 0 && true", .divisionByZero)
    expectFailure("false || {}.a", .noSuchKey)
    expectFailure("1 / 0 > 0 && {}.a", .divisionByZero)
    expectFailure("dyn('x') && true", .noSuchOverload)
    expectFailure("dyn(1) || false", .noSuchOverload)
  }

  @Test("The conditional evaluates one side")
  func conditional() {
    expectTrue("(true ? 1 : 1 / 0) == 1")
    expectTrue("(false ? 1 / 0 : 2) == 2")
    expectTrue("(true ? false : true) ? false : true")
    expectTrue("true ? true : false ? false : false")
    expectFailure("1 / 0 > 0 ? 1 : 2", .divisionByZero)
    expectFailure("dyn(1) ? 1 : 2", .noSuchOverload)
  }

  @Test("Precedence, from the tightest")
  func precedence() {
    expectTrue("-{'a': 1}.a == -1")
    expectTrue("!false && true || false")
    expectTrue("1 + 1 in [2]")
    expectTrue("2 > 1 == true")
    expectTrue("true || false && false")
    expectTrue("false ? false : true || true")
    expectTrue("[1, 2][0] + 1 == 2")
  }

  @Test("Unchecked expressions fail when they run, and only where they must")
  func unchecked() {
    expectTrue("1 == 1.0", checked: false)
    expectTrue("f(x) || true", checked: false)
    expectTrue("x.y || true", checked: false)
    expectFailure("f(1)", .undeclared, checked: false)
    expectFailure("x", .undeclared, checked: false)
    expectFailure("1 + 'a'", .noSuchOverload, checked: false)
    expectFailure("'a'.size(1)", .noSuchOverload, checked: false)
  }
}
