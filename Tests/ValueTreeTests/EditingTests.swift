import Testing

@testable import ValueTree

/// Setting, removing and appending, everywhere and on views.
@Suite struct EditingTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let path: String
    let new: String?
    /// nil where the path leads nowhere.
    let result: String?

    init(_ path: String, _ new: String?, _ result: String?) {
      self.path = path
      self.new = new
      self.result = result
    }

    var testDescription: String { "\(path) = \(new ?? "nothing")" }
  }

  static let base = #"{"a text key":{"b":[1,2]},"list":[{"name":"x"},[],"s"],"spec":{"n":1}}"#

  @Test(arguments: [
    Case("spec.n", "2", #"{"a text key":{"b":[1,2]},"list":[{"name":"x"},[],"s"],"spec":{"n":2}}"#),
    Case(
      "spec.n", "\"long enough\"",
      #"{"a text key":{"b":[1,2]},"list":[{"name":"x"},[],"s"],"spec":{"n":"long enough"}}"#),
    Case("spec", "null", #"{"a text key":{"b":[1,2]},"list":[{"name":"x"},[],"s"],"spec":null}"#),
    Case(
      "a text key", "{\"spec\":[0.5]}",
      #"{"a text key":{"spec":[0.5]},"list":[{"name":"x"},[],"s"],"spec":{"n":1}}"#),
    Case(
      "a text key.b[1]", "[]",
      #"{"a text key":{"b":[1,[]]},"list":[{"name":"x"},[],"s"],"spec":{"n":1}}"#),
    Case(
      "a text key.b[2]", "3",
      #"{"a text key":{"b":[1,2,3]},"list":[{"name":"x"},[],"s"],"spec":{"n":1}}"#),
    Case(
      "list[0].name", "\"\"",
      #"{"a text key":{"b":[1,2]},"list":[{"name":""},[],"s"],"spec":{"n":1}}"#),
    Case(
      "list[1][0].deep.er", "true",
      #"{"a text key":{"b":[1,2]},"list":[{"name":"x"},[{"deep":{"er":true}}],"s"],"spec":{"n":1}}"#
    ),
    Case(
      "list[0].a new text key", "1",
      #"{"a text key":{"b":[1,2]},"list":[{"a new text key":1,"name":"x"},[],"s"],"spec":{"n":1}}"#),
    Case(
      "spec.template.spec[0][0]", "1",
      #"{"a text key":{"b":[1,2]},"list":[{"name":"x"},[],"s"],"spec":{"n":1,"template":{"spec":[[1]]}}}"#
    ),
    Case("", "[7]", "[7]"),
    Case(
      "zz", "1", #"{"a text key":{"b":[1,2]},"list":[{"name":"x"},[],"s"],"spec":{"n":1},"zz":1}"#),
    Case(
      "0first", "1",
      #"{"0first":1,"a text key":{"b":[1,2]},"list":[{"name":"x"},[],"s"],"spec":{"n":1}}"#),
    Case("list[4]", "1", nil), Case("spec.n.x", "1", nil), Case("list.x", "1", nil),
    Case("spec[0]", "1", nil), Case("list[1][1]", "1", nil), Case("list[1][0][1]", "1", nil),
    Case("spec.new[1]", "1", nil), Case("list[2].x", "1", nil),
    Case("spec.n", nil, #"{"a text key":{"b":[1,2]},"list":[{"name":"x"},[],"s"],"spec":{}}"#),
    Case("a text key", nil, #"{"list":[{"name":"x"},[],"s"],"spec":{"n":1}}"#),
    Case(
      "a text key.b[0]", nil,
      #"{"a text key":{"b":[2]},"list":[{"name":"x"},[],"s"],"spec":{"n":1}}"#),
    Case("list[0]", nil, #"{"a text key":{"b":[1,2]},"list":[[],"s"],"spec":{"n":1}}"#),
    Case("list", nil, #"{"a text key":{"b":[1,2]},"spec":{"n":1}}"#),
    Case("", nil, base), Case("list[3]", nil, base), Case("spec.x", nil, base),
    Case("spec.n.x", nil, base),
  ])
  func edits(_ example: Case) throws {
    let path = try FieldPath(parsing: example.path)
    func edit(_ value: Value) -> Value? {
      example.new.map { value.setting(path, to: json($0)) } ?? value.removing(path)
    }
    let base = json(EditingTests.base)
    let expected = example.result.map { json($0) }
    let result = edit(base)
    #expect(result == expected)
    #expect(result?.words == expected?.words)
    #expect(base == json(EditingTests.base))
    // The same on views under text keys, interned keys and in lists: the view becomes a value of its own.
    for (outer, step) in [
      (#"{"a":0,"text as a key":\#(EditingTests.base),"z":1}"#, "text as a key"),
      (#"{"spec":\#(EditingTests.base),"z":1}"#, "spec"), (#"[0,\#(EditingTests.base),1]"#, "[1]"),
    ] {
      let view = json(outer)[try FieldPath(parsing: step)]!
      let edited = edit(view)
      #expect(edited == expected)
      if edited != view { #expect(edited?.words == expected?.words) }
    }
  }

  @Test func newValuesMayBeViews() {
    let source = json(#"{"a key as text":{"x":[1]},"spec":"s"}"#)
    let view = source["a key as text"]!
    #expect(Value.emptyMap.setting("k", to: view).words == json(#"{"k":{"x":[1]}}"#).words)
    #expect(Value.emptyMap.setting("spec", to: view).words == json(#"{"spec":{"x":[1]}}"#).words)
    #expect(Value.emptyList.appending(view).words == json(#"[{"x":[1]}]"#).words)
    #expect(source.setting(.root, to: view)?.words == json(#"{"x":[1]}"#).words)
    #expect(source.setting("spec", to: source)["spec"] == source)
  }

  @Test func keysAndElements() {
    var value: Value = 5
    value[member: "b"] = 1
    value[member: "a"] = "x"
    #expect(value == ["a": "x", "b": 1])
    #expect(value[member: "a"] == "x")
    value[member: "a"] = nil
    value[member: "absent"] = nil
    #expect(value == ["b": 1])
    value[member: "b"] = Value.null
    #expect(value.description == #"{"b":null}"#)
    #expect(Value("no list").appending(1).appending([2]) == [1, [2]])
    #expect(value.removing("b") == [:])
    #expect(Value("no map").removing("b") == "no map")
  }

  @Test(arguments: UInt64(0)..<300)
  func editsAsTheModelDoes(_ seed: UInt64) {
    var random = SplitMix(seed: seed)
    var model = Model.random(&random, depth: 5)
    var value = model.value(shuffling: &random)
    for step in 0..<20 {
      let path = model.randomPath(&random)
      // Now and then on a view, which must not change what it was taken from.
      if random.chance(3) {
        value = (["under a text key": value] as Value)["under a text key"]!
      }
      if random.chance(3) {
        model = model.removing(path[...]) ?? model
        value = value.removing(FieldPath(path))
      } else {
        let new = Model.random(&random, depth: 2)
        let expected = model.setting(path[...], new)
        let result = value.setting(FieldPath(path), to: new.value(shuffling: &random))
        #expect((expected == nil) == (result == nil), "seed \(seed), step \(step)")
        if let expected, let result { (model, value) = (expected, result) }
      }
      let rebuilt = model.value(shuffling: &random)
      #expect(value == rebuilt, "seed \(seed), step \(step), path \(FieldPath(path))")
      #expect(value.detached().words == rebuilt.words, "seed \(seed), step \(step)")
    }
  }
}

extension Model {
  /// A path into this value, sometimes beyond it.
  func randomPath(_ random: inout SplitMix) -> [FieldPath.Step] {
    func key(_ utf8: [UInt8]) -> FieldPath.Step { .key(Key(String(decoding: utf8, as: UTF8.self))) }
    if random.chance(7) { return [] }
    switch self {
    case .list(let elements):
      let index = random.below(elements.count + 2)
      return [.index(index)] + (index < elements.count ? elements[index].randomPath(&random) : [])
    case .map(let members) where !members.isEmpty && !random.chance(3):
      let member = random.pick(members)
      return [key(member.key)] + member.value.randomPath(&random)
    default:
      var path = [random.chance(5) ? .index(random.below(2)) : key(Model.randomKey(&random))]
      while random.chance(3) { path.append(key(Model.randomKey(&random))) }
      return path
    }
  }

  func setting(_ path: ArraySlice<FieldPath.Step>, _ new: Model) -> Model? {
    guard let step = path.first else { return new }
    switch (self, step) {
    case (.list(var elements), .index(let index)) where index <= elements.count:
      let old = index < elements.count ? elements[index] : Model.missing(path.dropFirst())
      guard let made = old.setting(path.dropFirst(), new) else { return nil }
      elements.replaceSubrange(index..<min(index + 1, elements.count), with: [made])
      return .list(elements)
    case (.map(var members), .key(let key)):
      let utf8 = Array(key.text.utf8)
      let old = members.first { $0.key == utf8 }?.value ?? Model.missing(path.dropFirst())
      guard let made = old.setting(path.dropFirst(), new) else { return nil }
      members.removeAll { $0.key == utf8 }
      return .map(unsorted: members + [Member(key: utf8, value: made)])
    default: return nil
    }
  }

  /// What stands in for something missing, so that the rest of a path has a place.
  private static func missing(_ rest: ArraySlice<FieldPath.Step>) -> Model {
    if case .index = rest.first { return .list([]) }
    return .map([])
  }

  func removing(_ path: ArraySlice<FieldPath.Step>) -> Model? {
    guard let step = path.first else { return nil }
    switch (self, step) {
    case (.list(var elements), .index(let index)) where index < elements.count:
      if path.count == 1 {
        elements.remove(at: index)
      } else {
        guard let made = elements[index].removing(path.dropFirst()) else { return nil }
        elements[index] = made
      }
      return .list(elements)
    case (.map(var members), .key(let key)):
      guard let index = members.firstIndex(where: { $0.key == Array(key.text.utf8) }) else {
        return nil
      }
      if path.count == 1 {
        members.remove(at: index)
      } else {
        guard let made = members[index].value.removing(path.dropFirst()) else { return nil }
        members[index].value = made
      }
      return .map(members)
    default: return nil
    }
  }
}
