import CEL
import Testing

@Suite("Strings")
struct StringTests {
  @Test(
    "The standard functions",
    arguments: [
      "'añb'.size() == 3", "size('añb') == 3", "b'añb'.size() == 4", "'abc'.contains('b')",
      "!'abc'.contains('d')", "'abc'.startsWith('ab')", "'abc'.endsWith('bc')", "''.contains('')",
      "'abcabcabd'.contains('abcabd')", "'abc'.matches('^a.c$')", "matches('abc', 'b')",
    ])
  func standard(_ expression: String) { expectTrue(expression) }

  @Test(
    "The extension",
    arguments: [
      "'añb'.charAt(1) == 'ñ'", "'añb'.charAt(3) == ''", "'abcabc'.indexOf('c') == 2",
      "'abcabc'.indexOf('c', 3) == 5", "'ñañ'.indexOf('ñ', 1) == 2", "'abc'.indexOf('x') == -1",
      "'abc'.indexOf('') == 0", "'abc'.indexOf('', 3) == 3", "'abcabc'.lastIndexOf('b') == 4",
      "'abcabc'.lastIndexOf('b', 3) == 1", "'ñañ'.lastIndexOf('ñ') == 2",
      "'abc'.lastIndexOf('') == 3", "'abc'.lastIndexOf('x') == -1", "'aÑB'.lowerAscii() == 'aÑb'",
      "'añb'.upperAscii() == 'AñB'", "' \\t a b \\n'.trim() == 'a b'", "'   '.trim() == ''",
      "'añb'.substring(1) == 'ñb'", "'añb'.substring(1, 2) == 'ñ'", "'abc'.substring(3) == ''",
      "'a-b-c'.replace('-', '+') == 'a+b+c'", "'a-b-c'.replace('-', '', 1) == 'ab-c'",
      "'ab'.replace('', '.') == '.a.b.'", "'ab'.replace('', '.', 2) == '.a.b'",
      "'aaa'.replace('a', 'b', 0) == 'aaa'", "'a,b'.split(',') == ['a', 'b']",
      "'añb'.split('') == ['a', 'ñ', 'b']", "'a,b,c'.split(',', 2) == ['a', 'b,c']",
      "''.split(',') == ['']", "'abc'.split('', 2) == ['a', 'bc']", "['a', 'b'].join() == 'ab'",
      "['a', 'b'].join(', ') == 'a, b'", "[].join(',') == ''", "'añb'.reverse() == 'bña'",
      "strings.quote('a\"\\n') == '\"a\\\\\"\\\\n\"'",
    ])
  func `extension`(_ expression: String) { expectTrue(expression) }

  @Test(
    "Indices out of range",
    arguments: [
      "'abc'.charAt(4)", "'abc'.charAt(-1)", "'abc'.indexOf('a', 4)", "'abc'.indexOf('a', -1)",
      "'abc'.lastIndexOf('a', 4)", "'abc'.substring(4)", "'abc'.substring(2, 1)",
      "'abc'.substring(-1, 1)", "'abc'.substring(0, 4)",
    ])
  func range(_ expression: String) { expectFailure(expression, .indexOutOfRange) }

  @Test(
    "format",
    arguments: [
      "'%s %d %s'.format(['a', 1, 2.5]) == 'a 1 2.5'", "'%%'.format([]) == '%'",
      "'%.2f'.format([1.005]) == '1.00'", "'%.1f'.format([0.25]) == '0.2'",
      "'%.0f'.format([0.5]) == '0'", "'%.0f'.format([1.5]) == '2'",
      "'%f'.format([1]) == '1.000000'",
      "'%.3f'.format([-0.0005]) == '-0.001'", "'%.2f'.format([1e20]) == '100000000000000000000.00'",
      "'%.2f'.format([999.999]) == '1000.00'", "'%.3e'.format([12345.678]) == '1.235e+04'",
      "'%.2e'.format([0.0]) == '0.00e+00'", "'%e'.format([9.9999999]) == '1.000000e+01'",
      "'%.20f'.format([0.1]) == '0.10000000000000000555'", "'%b'.format([5]) == '101'",
      "'%b'.format([-5]) == '-101'", "'%b'.format([true]) == '1'", "'%o'.format([8u]) == '10'",
      "'%x'.format([255]) == 'ff'", "'%X'.format([-255]) == '-FF'", "'%x'.format(['az']) == '617a'",
      "'%x'.format([b'\\xff']) == 'ff'", "'%s'.format([[1, 'a', null]]) == '[1, a, null]'",
      "'%s'.format([{'b': 1, 'a': [true]}]) == '{a: [true], b: 1}'",
      "'%s'.format([duration('90s')]) == '90s'", "'%s'.format([int]) == 'int'",
      "'%d'.format([double('Infinity')]) == 'Infinity'",
    ])
  func format(_ expression: String) { expectTrue(expression) }

  @Test(
    "format refuses what does not fit",
    arguments: [
      "'%d'.format(['a'])", "'%f'.format(['a'])", "'%e'.format([true])", "'%b'.format(['a'])",
      "'%o'.format([1.5])", "'%x'.format([1.5])", "'%q'.format([1])", "'%'.format([])",
      "'%s'.format([])", "'%.f'.format([1.0])", "'%.9999f'.format([1.0])",
    ])
  func formatMistakes(_ expression: String) { expectFailure(expression, .invalidArgument) }

  @Test("Texts do not grow without end")
  func growth() {
    let doubled = (0..<40).reduce("s") { text, index in
      "cel.bind(x\(index), \(text), x\(index) + x\(index))"
    }
    #expect(throws: EvaluationError.self) {
      try evaluate(doubled, ["s": .string("0123456789")])
    }
    #expect(throws: EvaluationError.self) {
      try evaluate(
        "s.replace('', s)", ["s": .string(String(repeating: "a", count: 100_000))])
    }
  }
}
