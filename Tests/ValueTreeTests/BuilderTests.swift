import Testing
import ValueTree

/// The builder's contract: what it makes, what it refuses, and what it traps on.
@Suite struct BuilderTests {
  @Test func buildsInAnyOrder() throws {
    var builder = ValueBuilder()
    builder.beginMap()
    builder.key("spec")
    builder.beginList()
    builder.null()
    builder.bool(true)
    builder.int(.max)
    builder.double(0.5)
    builder.string("x")
    builder.value(json(#"{"inner":[1]}"#)["inner"]!)
    try builder.end()
    let depth = builder.depth
    #expect(depth == 1)
    let isInMap = builder.isInMap
    #expect(isInMap)
    builder.key("a key that is not interned")
    builder.value(.emptyMap)
    builder.key("kind")
    builder.string("")
    try builder.end()
    let end = builder.depth
    #expect(end == 0)
    let value = builder.finish()
    #expect(
      value.description
        == #"{"a key that is not interned":{},"kind":"","spec":[null,true,9223372036854775807,0.5,"x",[1]]}"#
    )
  }

  @Test func isUsedAgain() throws {
    var builder = ValueBuilder(expectedWords: 0)
    builder.beginMap()
    builder.key("half")
    builder.reset()
    for number in 0..<3 {
      builder.beginList()
      builder.int(Int64(number))
      try builder.end()
      let value = builder.finish()
      #expect(value == [Value(number)])
      builder.reset()
    }
    builder.string("again")
    let first = builder.finish()
    let second = builder.finish()
    #expect(first == second)
  }

  @Test func refusesAKeyTwice() {
    for keys in [
      ["a", "a"], ["spec", "spec"], ["b", "a", "b"], ["", "x", ""], ["zone", "k", "zone"],
    ] {
      let error = #expect(throws: ValueBuilder.DuplicateKey.self) {
        var builder = ValueBuilder()
        builder.beginMap()
        for key in keys {
          builder.key(Key(key))
          builder.null()
        }
        try builder.end()
      }
      #expect(error?.key == keys.last)
      #expect(error?.description == "the key \"\(keys.last!)\" stands twice in one map")
    }
  }

  @Test func growsFromNothing() throws {
    let text = String(repeating: "long text ", count: 10_000)
    var builder = ValueBuilder(expectedWords: 0)
    builder.beginList()
    for _ in 0..<10 { builder.string(text) }
    try builder.end()
    let value = builder.finish()
    #expect(value == Value(Array(repeating: Value(text), count: 10)))
  }

  @Test func sortsLargeMaps() {
    var random = SplitMix(seed: 3)
    let numbers = (0..<5_000).shuffled(using: &random)
    let value = Value(members: numbers.map { (Key("key-\($0)"), Value($0)) })
    #expect(value.count == 5_000)
    let keys = value.members.map { $0.key.text }
    #expect(keys == numbers.map { "key-\($0)" }.sorted())
    #expect(value["key-4711"] == 4711)
  }

  @Test func trapsOnMisuse() async {
    await #expect(processExitsWith: .failure) { _ = ValueBuilder().finish() }
    await #expect(processExitsWith: .failure) {
      var builder = ValueBuilder()
      builder.beginList()
      _ = builder.finish()
    }
    await #expect(processExitsWith: .failure) {
      var builder = ValueBuilder()
      builder.int(1)
      builder.int(2)
    }
    await #expect(processExitsWith: .failure) {
      var builder = ValueBuilder()
      builder.key("a")
    }
    await #expect(processExitsWith: .failure) {
      var builder = ValueBuilder()
      builder.beginList()
      builder.key("a")
    }
  }

  @Test func trapsOnMisuseOfMaps() async {
    await #expect(processExitsWith: .failure) {
      var builder = ValueBuilder()
      builder.beginMap()
      builder.int(1)
    }
    await #expect(processExitsWith: .failure) {
      var builder = ValueBuilder()
      builder.beginMap()
      builder.key("a")
      builder.key("b")
    }
    await #expect(processExitsWith: .failure) {
      var builder = ValueBuilder()
      builder.beginMap()
      builder.key("a")
      try builder.end()
    }
    await #expect(processExitsWith: .failure) {
      var builder = ValueBuilder()
      builder.null()
      try builder.end()
    }
    await #expect(processExitsWith: .failure) { _ = Value(members: [("a", 1), ("a", 2)]) }
  }
}
