import Testing
import ValueTree

/// What differs between two values, and where.
@Suite struct DifferenceTests {
  private func shown(_ left: String, _ right: String) -> [String] {
    json(left).differences(to: json(right)).map { difference in
      let old = difference.old.map { "\($0)" } ?? "nothing"
      let new = difference.new.map { "\($0)" } ?? "nothing"
      return "\(difference.path): \(old) -> \(new)"
    }
  }

  @Test func goesAsDeepAsItCan() {
    #expect(shown("{}", "{}").isEmpty)
    #expect(shown("1", "2") == [": 1 -> 2"])
    #expect(shown("[1]", "{}") == [": [1] -> {}"])
    #expect(
      shown(#"{"a":1,"b":2}"#, #"{"b":3,"c":4}"#) == [
        "a: 1 -> nothing", "b: 2 -> 3", "c: nothing -> 4",
      ])
    #expect(shown(#"{"a":{"b":[1,{"c":2}]}}"#, #"{"a":{"b":[1,{"c":3}]}}"#) == ["a.b[1].c: 2 -> 3"])
    #expect(shown("[1,2,3]", "[1,4]") == ["[1]: 2 -> 4", "[2]: 3 -> nothing"])
    #expect(shown("[]", "[null]") == ["[0]: nothing -> null"])
    #expect(shown(#"{"a":null}"#, "{}") == ["a: null -> nothing"])
    #expect(shown(#"{"a.b/c":{"x":1}}"#, #"{"a.b/c":{"x":true}}"#) == ["[a.b/c].x: 1 -> true"])
    #expect(shown(#"{"é":1}"#, "{\"e\u{301}\":1}").count == 2)
  }

  @Test(arguments: UInt64(0)..<300)
  func appliedTheyGiveTheOther(_ seed: UInt64) {
    var random = SplitMix(seed: seed)
    let model = Model.random(&random)
    var other = model
    for _ in 0..<random.below(4) {
      let path = other.randomPath(&random)
      other = other.setting(path[...], Model.random(&random, depth: 2)) ?? other
    }
    let left = model.value(shuffling: &random)
    let right = other.value(shuffling: &random)
    let differences = left.differences(to: right)
    #expect(differences.isEmpty == (left == right), "seed \(seed)")
    var result = left
    // Removals of elements come from the end, so that indices before them stay.
    for difference in differences where difference.new != nil {
      #expect(left[difference.path] == difference.old)
      result = result.setting(difference.path, to: difference.new!) ?? result
    }
    for difference in differences.reversed() where difference.new == nil {
      result = result.removing(difference.path)
    }
    #expect(result == right, "seed \(seed)")
    let back = right.differences(to: left)
    #expect(back.map(\.path) == differences.map(\.path), "seed \(seed)")
    #expect(back.map(\.new) == differences.map(\.old))
  }
}
