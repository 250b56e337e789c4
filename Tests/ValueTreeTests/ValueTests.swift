import Testing
import ValueTree

/// Reading values, walking over them, taking parts out.
@Suite struct ValueTests {
  @Test(
    arguments: [
      (.null, .null), (true, .bool), (false, .bool), (3, .int), (0.5, .double), ("", .string),
      ([], .list), ([:], .map), (Value(Int64.min), .int),
    ] as [(Value, Value.Kind)])
  func kinds(_ value: Value, _ kind: Value.Kind) {
    // Alone, as an element, and as a member under keys of both kinds.
    let views = [
      value, ([1, value] as Value)[1]!, (["spec": value] as Value)["spec"]!,
      (["aa": 0, "not interned at all": value] as Value)["not interned at all"]!,
    ]
    for view in views {
      #expect(view.kind == kind)
      #expect(view.isNull == (kind == .null))
      #expect(view.isMap == (kind == .map))
      #expect(view.isList == (kind == .list))
      #expect((view.bool != nil) == (kind == .bool))
      #expect((view.int != nil) == (kind == .int))
      #expect((view.double != nil) == (kind == .int || kind == .double))
      #expect((view.string != nil) == (kind == .string))
      #expect(view.isEmptyCollection == (kind == .list || kind == .map))
      #expect(view.count == 0)
      #expect(view["a"] == nil)
      #expect(view[0] == nil)
      #expect(view[FieldPath.root] == view)
      #expect(view.elements.map { $0 }.isEmpty)
      #expect(view.members.map { $0.key }.isEmpty)
      #expect(view == value)
      #expect(view.contentHash == value.contentHash)
      #expect(view.detached() == value)
    }
  }

  @Test func literals() {
    let value: Value = ["b": [1, 2.5, "x", true, .null], "a": ["k": -7], "c": "é\(1)"]
    #expect(value.description == #"{"a":{"k":-7},"b":[1,2.5,"x",true,null],"c":"é1"}"#)
  }

  @Test func walks() {
    let value = json(#"{"list":[10,[20],{"x":30}],"not interned":{"y":"z"},"zone":1}"#)
    #expect(value.members.map { $0.key.text } == ["list", "not interned", "zone"])
    #expect(value["list"]!.elements.map { $0.description } == ["10", "[20]", #"{"x":30}"#])
    #expect(value["list"]!.count == 3)
    #expect(value["list"]![2] == ["x": 30])
    #expect(value["list"]![3] == nil)
    #expect(value["list"]![-1] == nil)
    #expect(value[FieldPath([.key("list"), .index(2), .key("x")])] == 30)
    #expect(value[FieldPath([.key("not interned"), .key("y")])] == "z")
    #expect(value[FieldPath([.key("list"), .key("x")])] == nil)
    #expect(value[FieldPath([.index(0)])] == nil)
    #expect(value[FieldPath([.key("zone"), .key("x")])] == nil)
    #expect(value[FieldPath([.key("list"), .index(-1)])] == nil)
  }

  @Test func aPartTakenOutKeepsNothingElse() {
    let value = json(
      #"{"a long key that is text":{"x":[1,2,3]},"spec":{"y":"\#(String(repeating: "s", count: 999))"}}"#
    )
    let part = value["a long key that is text"]!
    #expect(part.detached() == part)
    #expect(part.detached().storageBytes < 150)
    #expect(part.detached().detached().storageBytes == part.detached().storageBytes)
    #expect(part.storageBytes == value.storageBytes)
    #expect(part["x"]![1]!.detached() == 2)
  }

  @Test func printsIndented() {
    let value = json(#"{"a":[],"b":{},"c":[1,{"d":"e"}]}"#)
    #expect(
      JSONWriter(indent: 2).string(value) == """
        {
          "a": [],
          "b": {},
          "c": [
            1,
            {
              "d": "e"
            }
          ]
        }
        """)
    #expect(json(JSONWriter(indent: 4).string(value)) == value)
    var output = Array("x".utf8)
    JSONWriter(indent: 0).write([1, [:]], to: &output)
    #expect(String(decoding: output, as: UTF8.self) == "x[\n1,\n{}\n]")
  }

  @Test func escapesForHTML() {
    let writer = JSONWriter(escapesHTML: true)
    let value = Value("<a href='x'>&\u{2028}\u{2029}é東\u{2027}…\u{1}\"")
    #expect(
      writer.string(value)
        == #""\u003ca href='x'\u003e\u0026\u2028\u2029é東"# + "\u{2027}…" + #"\u0001\"""#)
    #expect(json(writer.string(value)) == value)
    #expect(writer.string(["<": 1]) == #"{"\u003c":1}"#)
    #expect(writer.string(Value("plain")) == "\"plain\"")
    #expect(writer.string(Value("\u{2028}")) == #""\u2028""#)
    #expect(JSONWriter().string(Value("<\u{2028}&>")) == "\"<\u{2028}&>\"")
  }

  @Test func allControlCharactersAreEscaped() {
    for byte in UInt8(0)..<0x20 {
      let text = JSONWriter().string(Value("\(Character(UnicodeScalar(byte)))"))
      #expect(text.utf8.allSatisfy { $0 >= 0x20 })
      #expect(json(text).string?.utf8.first == byte)
    }
  }
}
