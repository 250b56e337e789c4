import CEL
import Testing

@Suite("Macros")
struct MacroTests {
  @Test(
    "has",
    arguments: [
      "has({'a': 1}.a)", "!has({'a': 1}.b)", "has({'a': null}.a)", "has({'a': {'b': 1}}.a.b)",
      "!has({'a': {}}.a.b)",
    ])
  func has(_ expression: String) { expectTrue(expression) }

  @Test("has needs a selection")
  func hasMistakes() {
    expectMistake("has(1)", "field selection")
    expectMistake("has({}['a'])", "field selection")
    expectFailure("has({}.a.b)", .noSuchKey)
  }

  @Test(
    "Quantifiers",
    arguments: [
      "[1, 2].all(x, x > 0)", "![1, 2].all(x, x > 1)", "[].all(x, false)",
      "[1, 2].exists(x, x == 2)",
      "![].exists(x, true)", "[1, 2, 2].exists_one(x, x == 1)", "![1, 2, 2].exists_one(x, x == 2)",
      "[1, 2].existsOne(x, x > 1)", "{'a': 1}.all(k, k == 'a')", "{'a': 1}.exists(k, k == 'a')",
      "[1, 2].all(i, v, v == i + 1)", "{'a': 1}.exists(k, v, k == 'a' && v == 1)",
      "{'a': 1, 'b': 2}.exists_one(k, v, v == 2)",
    ])
  func quantifiers(_ expression: String) { expectTrue(expression) }

  @Test("Quantifiers absorb errors as && and || do; exists_one does not")
  func quantifierErrors() {
    expectTrue("![1, 0].all(x, 1 / x > 5)")
    expectTrue("[0, 1].exists(x, 1 / x == 1)")
    expectFailure("[0, 1].all(x, 1 / x == 1)", .divisionByZero)
    expectFailure("[0, 1].exists(x, 1 / x == 5)", .divisionByZero)
    expectFailure("[1, 0].exists_one(x, 1 / x == 1)", .divisionByZero)
    expectFailure("[1].all(x, dyn(x))", .noSuchOverload)
  }

  @Test(
    "map, filter and the transforming macros",
    arguments: [
      "[1, 2].map(x, x * 2) == [2, 4]", "[1, 2, 3].map(x, x > 1, x * 2) == [4, 6]",
      "[1, 2, 3].filter(x, x > 1) == [2, 3]", "{'a': 1}.map(k, k) == ['a']",
      "{'a': 1, 'b': 2}.filter(k, k == 'b') == ['b']",
      "[3, 4].transformList(i, v, i + v) == [3, 5]",
      "[3, 4].transformList(i, v, i > 0, v) == [4]",
      "{'a': 1}.transformMap(k, v, v + 1) == {'a': 2}",
      "{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v) == {'b': 2}",
      "[7].transformMap(i, v, v) == {0: 7}",
      "{'a': 'x'}.transformMapEntry(k, v, {v: k}) == {'x': 'a'}",
      "['a', 'b'].transformMapEntry(i, v, i > 0, {v: i}) == {'b': 1}",
      "[[1], [2, 3]].map(x, x.map(y, y + x.size())) == [[2], [4, 5]]",
      "[1].map(x, [2].map(x, x + 1)) == [[3]]",
    ])
  func transforming(_ expression: String) { expectTrue(expression) }

  @Test("Their errors are those of the results")
  func transformErrors() {
    expectFailure("[1, 0].map(x, 1 / x)", .divisionByZero)
    expectFailure("[1, 0].filter(x, 1 / x > 0)", .divisionByZero)
    expectFailure("[1].filter(x, dyn(x))", .noSuchOverload)
    expectFailure("[1, 1].transformMapEntry(i, v, {v: i})", .invalidKey)
    expectFailure("dyn(1).all(x, true)", .noSuchOverload)
    expectFailure("dyn('abc').map(x, x)", .noSuchOverload)
  }

  @Test("Mistakes in macros are found when they are compiled")
  func mistakes() {
    expectMistake("[1].all(1, true)", "simple name")
    expectMistake("[1].all(a.b, true)", "simple name")
    expectMistake("[1].map(x, 1, x)", "must be a bool")
    expectMistake("[1].all(x, x)", "must be a bool")
    expectMistake("1.all(x, true)", "list or map")
    expectMistake("[1].exists(x, x, true)", "different names")
    expectMistake("[1].all(x, y == 1)", "undeclared reference to 'y'")
    expectMistake("[1].all(x, true) && x == 1", "undeclared reference to 'x'")
  }

  @Test(
    "cel.bind and cel.block",
    arguments: [
      "cel.bind(a, 1 + 1, a * a) == 4", "cel.bind(a, 1, cel.bind(b, a + 1, a + b)) == 3",
      "cel.bind(a, [1, 2], a.all(x, x in a))", "cel.bind(a, 1 / 0, true)",
      "cel.block([1, cel.index(0) + 1], cel.index(0) + cel.index(1)) == 3",
    ])
  func binding(_ expression: String) { expectTrue(expression) }

  @Test("Macros can be turned off")
  func disabled() {
    var environment = Environment()
    environment.expandsMacros = false
    expectMistake("has({}.a)", "undeclared reference to 'has'", in: environment)
  }

  @Test("A local name hides a variable, a leading dot finds it again")
  func hiding() throws {
    expectTrue("[1].all(x, x == 1)", ["x": .int(2)])
    expectTrue("[1].all(x, .x == 2)", ["x": .int(2)])
    expectTrue("cel.bind(x, 1, x == 1 && .x == 2)", ["x": .int(2)])
  }
}
