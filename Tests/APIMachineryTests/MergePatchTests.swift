import APIMachinery
import Testing
import ValueTree

@Suite("JSON merge patch (RFC 7386)")
struct MergePatchTests {
  @Test("The table of the RFC's appendix")
  func table() {
    let rows: [(Value, Value, Value)] = [
      (["a": "b"], ["a": "c"], ["a": "c"]),
      (["a": "b"], ["b": "c"], ["a": "b", "b": "c"]),
      (["a": "b"], ["a": .null], [:]),
      (["a": "b", "b": "c"], ["a": .null], ["b": "c"]),
      (["a": ["b"]], ["a": "c"], ["a": "c"]),
      (["a": "c"], ["a": ["b"]], ["a": ["b"]]),
      (["a": ["b": "c"]], ["a": ["b": "d", "c": .null]], ["a": ["b": "d"]]),
      (["a": [["b": "c"]]], ["a": [1]], ["a": [1]]),
      (["a", "b"], ["c", "d"], ["c", "d"]),
      (["a": "b"], ["c"], ["c"]),
      (["a": "foo"], .null, .null),
      (["a": "foo"], "bar", "bar"),
      (["e": .null], ["a": 1], ["a": 1, "e": .null]),
      ([1, 2], ["a": "b", "c": .null], ["a": "b"]),
      ([:], ["a": ["bb": ["ccc": .null]]], ["a": ["bb": [:]]]),
    ]
    for (index, (target, patch, result)) in rows.enumerated() {
      #expect(target.merging(patch) == result, "row \(index)")
    }
  }

  @Test("a.merging(a.mergePatch(to: b)) == b, and no difference is an empty patch")
  func difference() {
    for seed in UInt64(0)..<1_000 {
      var random = SeededRandom(seed: seed)
      let (a, b) = (random.map(depth: 4), random.map(depth: 4))
      #expect(a.merging(a.mergePatch(to: b)) == b, "seed \(seed)")
      #expect(a.mergePatch(to: a) == .emptyMap, "seed \(seed)")
    }
    #expect(Value("x").mergePatch(to: ["a": 1]) == ["a": 1])
    #expect((["a": 1] as Value).mergePatch(to: "x") == "x")
  }

  @Test("A patch is idempotent, and its order of keys does not matter")
  func idempotent() {
    for seed in UInt64(0)..<300 {
      var random = SeededRandom(seed: seed)
      let (target, patch) = (random.map(depth: 3), random.map(depth: 3).setting("spec", to: .null))
      let once = target.merging(patch)
      #expect(once.merging(patch) == once, "seed \(seed)")
      #expect(once["spec"] == nil)
    }
  }
}
