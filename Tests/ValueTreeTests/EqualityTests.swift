import Testing

@testable import ValueTree

/// Equal values have equal words and equal hashes, however they were made.
@Suite struct EqualityTests {
  /// Pinned: a change means that traces and states of other versions no longer compare.
  ///
  /// The figures come from a second program, written from the description of the hash alone.
  @Test(
    arguments: [
      (#"null"#, 0xA15448A507419962),
      (#"true"#, 0xFD2B7C2A002E913F),
      (#"false"#, 0xC68DCF1E860E1D7E),
      (#"0"#, 0x031CF26387FB1512),
      (#"1"#, 0x83A9767821C29FEC),
      (#"-1"#, 0x83D21FC049F2EFA9),
      (#"2147483648"#, 0x7C0F16B454B6B0C7),
      (#"-9223372036854775808"#, 0x361E736715D4271B),
      (#"0.5"#, 0x88243E477D953924),
      (#"1e-7"#, 0xCD7D79F783C16687),
      (#""""#, 0x64C5455005D48155),
      (#""a""#, 0xA01C3C0C74378E6F),
      (#""12345678""#, 0xE7E6EABD1E319E03),
      (#""123456789""#, 0x112DD8AC47109A0A),
      (#""é東😀""#, 0x9A1E0B1B052A6A8A),
      (#"[]"#, 0x5D0965AF7B93C40D),
      (#"{}"#, 0xDAEE2D4103320EF6),
      (#"[[]]"#, 0xBDE35E7EFB31250F),
      (#"[1,2]"#, 0x685BCC98249FBF1E),
      (#"[2,1]"#, 0x6855940E446ED925),
      (#"{"":null}"#, 0x73F99076EDE4685A),
      (#"{"spec":{"replicas":3}}"#, 0xA561E6B7F661AEFC),
      (#"{"replicas":3,"text key":[true,"x"]}"#, 0x96E34CD4FE00B1F9),
      (
        #"{"metadata":{"labels":{"app":"web","app.kubernetes.io/name":"w","tier":"t"},"name":"n"}}"#,
        0x00F5D7953EE54F04
      ),
    ] as [(String, UInt64)])
  func hashesAreTheSameForEver(_ text: String, _ hash: UInt64) {
    #expect(json(text).contentHash == hash, "\(text)")
    #expect(json("[\(text)]")[0]!.contentHash == hash)
    #expect(json(#"{"zzz":0,"yet another key":\#(text)}"#)["yet another key"]!.contentHash == hash)
    #expect(json(#"{"spec":\#(text)}"#)["spec"]!.contentHash == hash)
  }

  @Test(arguments: UInt64(0)..<300)
  func everyRouteGivesTheSameWords(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let model = Model.random(&random)
    let built = model.value(shuffling: &random)
    let others = [
      model.value(shuffling: &random), json(model.text(&random)), json(built.description),
      json(JSONWriter(indent: 2, escapesHTML: true).string(built)),
      json("{\"a key\":\(built)}")["a key"]!.detached(), byEditing(built),
      ([built] as Value)[0]!.detached(),
    ]
    #expect(Model(built) == model, "seed \(seed)")
    for (route, other) in others.enumerated() {
      #expect(other.words == built.words, "seed \(seed), route \(route)")
      #expect(other == built)
      #expect(other.contentHash == built.contentHash)
      #expect(other.hashValue == built.hashValue)
    }
  }

  /// The same value, put together member by member and element by element.
  private func byEditing(_ value: Value) -> Value {
    if value.isMap {
      var made = Value.emptyMap
      for (key, member) in value.members.map({ $0 }).reversed() {
        made[member: key] = byEditing(member)
      }
      return made
    }
    if value.isList {
      return value.elements.reduce(Value.emptyList) { $0.appending(byEditing($1)) }
    }
    return value
  }

  @Test func differentValuesDiffer() {
    let texts = [
      "null", "true", "false", "0", "1", "-1", "0.5", "-0.5", "4294967296", "\"\"", "\"0\"",
      "\"\\u0000\"",
      "\"\\u0000\\u0000\"", "[]", "{}", "[null]", "[[]]", "[[],[]]", "[[[]]]", "[0]", "[0,0]",
      "{\"\":null}",
      "{\"a\":null}", "{\"a\":[]}", "{\"a\":{}}", "{\"a\":{},\"b\":{}}", "{\"a\":{\"b\":{}}}",
      "\"a\"",
      "\"abcdefgh\"", "\"abcdefgh\\u0000\"", "[\"a\",\"b\"]", "[\"ab\"]", "{\"a\":\"b\"}",
      "{\"b\":\"a\"}",
      "{\"spec\":1}", "{\"status\":1}", "{\"spec\":1,\"status\":2}", "{\"spec\":2,\"status\":1}",
      "\"null\"",
      "[1,[2]]", "[[1],2]", "[[1,2]]", "1e21", "5e-324",
    ]
    let values = texts.map { json($0) }
    for (index, value) in values.enumerated() {
      for (other, second) in values.enumerated() {
        #expect((value == second) == (index == other), "\(value) \(second)")
        #expect((value.contentHash == second.contentHash) == (index == other))
      }
    }
  }

  @Test func smallChangesSpreadOverTheHash() {
    // Each of 4,096 near values differs in about half of the bits, and none collides.
    var hashes: Set<UInt64> = []
    var flipped = 0
    let base = json(#"{"metadata":{"name":"a"},"spec":{"replicas":0}}"#)
    let path = FieldPath("spec", "replicas")
    for number in 1...4_096 {
      let hash = base.setting(path, to: Value(number))!.contentHash
      hashes.insert(hash)
      flipped += (hash ^ base.contentHash).nonzeroBitCount
    }
    #expect(hashes.count == 4_096)
    let mean = Double(flipped) / 4_096
    #expect(mean > 31 && mean < 33, "\(mean)")
  }

  @Test func oppositeChangesDoNotCancel() {
    // Counters that move against each other are what explored worlds are made of.
    var hashes: Set<UInt64> = []
    for a in -20..<20 {
      for b in -20..<20 {
        for c in [0, 1, -1] {
          let list: Value = [Value(a), Value(b), Value(c)]
          let map: Value = ["replicas": Value(a), "generation": Value(b), "text key": Value(c)]
          hashes.insert(list.contentHash)
          hashes.insert(map.contentHash)
          hashes.insert(([list, map] as Value).contentHash)
        }
      }
    }
    #expect(hashes.count == 40 * 40 * 3 * 3)
  }

  @Test func viewsCompareByContentOnly() {
    let value = json(
      #"{"a":[1,{"x":"y"}],"other":[1,{"x":"y"}],"spec":[1,{"x":"z"}],"n":1,"m":[1]}"#)
    #expect(value["a"] == value["other"])
    #expect(value["a"] == value["a"])
    #expect(value["a"] != value["spec"])
    #expect(value["n"] == value["m"]?[0])
    #expect(value["a"]?[0] == value["other"]?[0])
  }

  @Test(arguments: 1...70)
  func oneDifferentWordAnywhereIsSeen(_ length: Int) {
    let values = (0..<length).map { Value(Int64($0) << 33) }
    let list = Value(values)
    #expect(list == Value(values))
    for index in values.indices {
      var other = values
      other[index] = Value(Int64(-1) << 40)
      #expect(list != Value(other))
    }
  }
}
