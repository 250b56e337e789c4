import CEL
import Testing

@Suite("Math, lists, sets, encoders, optionals")
struct LibraryTests {
  @Test(
    "Math",
    arguments: [
      "math.greatest(1, 3, 2) == 3", "math.least(1, 3, 2) == 1", "math.greatest([1, 3]) == 3",
      "math.least(1.5) == 1.5", "math.greatest(1, 2.5) == 2.5", "math.least(1u, 2) == 1u",
      "math.ceil(1.2) == 2.0", "math.floor(-1.2) == -2.0", "math.round(2.5) == 3.0",
      "math.round(-2.5) == -3.0", "math.trunc(-1.9) == -1.0", "math.abs(-1) == 1",
      "math.abs(-1.5) == 1.5", "math.abs(1u) == 1u", "math.sign(-2) == -1", "math.sign(0.0) == 0.0",
      "math.sign(3u) == 1u", "math.isNaN(0.0 / 0.0)", "math.isInf(1.0 / 0.0)",
      "math.isFinite(1.0)", "math.sqrt(81) == 9.0", "math.sqrt(2.25) == 1.5",
      "math.bitAnd(6, 3) == 2", "math.bitOr(6u, 3u) == 7u", "math.bitXor(6, 3) == 5",
      "math.bitNot(0) == -1", "math.bitNot(0u) == 18446744073709551615u",
      "math.bitShiftLeft(1, 4) == 16", "math.bitShiftRight(-1, 63) == 1",
      "math.bitShiftLeft(1u, 64) == 0u",
    ])
  func math(_ expression: String) { expectTrue(expression) }

  @Test("Math's errors")
  func mathErrors() {
    expectFailure("math.abs(-9223372036854775808)", .overflow)
    expectFailure("math.bitShiftLeft(1, -1)", .invalidArgument)
    expectFailure("math.greatest([])", .invalidArgument)
    expectFailure("math.greatest(dyn('a'), 1)", .noSuchOverload)
    expectMistake("math.greatest()", "at least one")
    expectMistake("math.least('a')", "takes numbers")
  }

  @Test(
    "Lists",
    arguments: [
      "[1, 2, 2].isSorted()", "![2, 1].isSorted()", "[].isSorted()", "['a', 'b'].isSorted()",
      "[1, 2, 3].sum() == 6", "[1.5, 1.5].sum() == 3.0", "[].sum() == 0",
      "[duration('1s'), duration('2s')].sum() == duration('3s')", "[3, 1, 2].min() == 1",
      "[3, 1, 2].max() == 3", "['b', 'a'].min() == 'a'", "[1, 2, 1].indexOf(1) == 0",
      "[1, 2, 1].lastIndexOf(1) == 2", "[1].indexOf(5) == -1", "[2, 1, 3].sort() == [1, 2, 3]",
      "[1, 2, 1].distinct() == [1, 2]", "[[1], [1]].distinct() == [[1]]",
      "[1, 2].reverse() == [2, 1]", "[[1], [2, 3]].flatten() == [1, 2, 3]",
      "[1, [2, [3]]].flatten(2) == [1, 2, 3]", "[1, 2, 3].slice(1, 3) == [2, 3]",
      "lists.range(3) == [0, 1, 2]", "[1, 2].first() == optional.of(1)",
      "[1, 2].last() == optional.of(2)", "[].first() == optional.none()",
    ])
  func lists(_ expression: String) { expectTrue(expression) }

  @Test("Lists' errors")
  func listErrors() {
    expectFailure("[].min()", .invalidArgument)
    expectFailure("[1, 2].slice(1, 3)", .indexOutOfRange)
    expectFailure("[1, 2].slice(2, 1)", .indexOutOfRange)
    expectFailure("[9223372036854775807, 1].sum()", .overflow)
    expectFailure("[dyn(1), dyn('a')].isSorted()", .noSuchOverload)
    expectFailure("lists.range(100000000)", .invalidArgument)
  }

  @Test(
    "Sets",
    arguments: [
      "sets.contains([1, 2, 3], [2, 2])", "sets.contains([1], [])", "!sets.contains([1], [2])",
      "sets.equivalent([1, 2], [2, 1, 1])", "!sets.equivalent([1], [1, 2])",
      "sets.intersects([1, 2], [2, 3])", "!sets.intersects([1], [])",
      "sets.equivalent([[1]], [[1], [1]])", "sets.contains([dyn(1)], [1u])",
    ])
  func sets(_ expression: String) { expectTrue(expression) }

  @Test("Base64")
  func base64() {
    expectTrue("base64.encode(b'hello') == 'aGVsbG8='")
    expectTrue("base64.decode('aGVsbG8=') == b'hello' && base64.decode('aGVsbG8') == b'hello'")
    expectTrue("base64.decode('') == b'' && base64.encode(b'ab') == 'YWI='")
    for text in ["a", "ab=", "a===", "a*bc", "YWI=="] {
      expectFailure("base64.decode('\(text)')", .invalidArgument)
    }
  }

  @Test(
    "Optionals",
    arguments: [
      "optional.of(1).value() == 1", "!optional.none().hasValue()", "optional.of(1).hasValue()",
      "!optional.ofNonZeroValue(0).hasValue()", "optional.ofNonZeroValue('a').hasValue()",
      "optional.none().orValue(1) == 1", "optional.of(1).or(optional.of(2)).value() == 1",
      "{'a': 1}.?a.value() == 1", "!{'a': 1}.?b.hasValue()", "{'a': {'b': 1}}.?a.b.value() == 1",
      "!{'a': {}}.?x.b.c.hasValue()", "[1][?0].value() == 1", "![1][?1].hasValue()",
      "![1][?-1].hasValue()", "{'a': 1}[?'a'].orValue(0) == 1",
      "[?optional.of(1), ?optional.none()] == [1]",
      "{?'a': optional.of(1), ?'b': optional.none()} == {'a': 1}",
      "optional.of(2).optMap(x, x * 2).value() == 4", "!optional.none().optMap(x, x).hasValue()",
      "{'a': {'b': 1}}.?a.optFlatMap(a, a.?b).value() == 1", "optional.of(1) == optional.of(1)",
      "optional.of(1) != optional.none()", "has({'a': {'b': 1}}.?a.b)", "!has({}.?a.b)",
      "[optional.of(1), optional.none()].unwrapOpt() == [1]",
      "optional.unwrap([optional.of(1), optional.none()]) == [1]",
    ])
  func optionals(_ expression: String) { expectTrue(expression) }

  @Test("Optionals' errors")
  func optionalErrors() {
    expectFailure("optional.none().value()", .invalidArgument)
    expectFailure("{'a': {}}.?a.b.value()", .invalidArgument)
    expectMistake("[?1]", "expected an optional")
    expectMistake("has({}.?a)", "plain '.'")
  }
}
