import APIMachinery
import Testing
import ValueTree

@Suite("JSON patch (RFC 6902)")
struct JSONPatchTests {
  static func json(_ text: String) throws -> Value {
    var reader = JSONReader()
    return try reader.read(text)
  }

  /// The document after the patch; nil where it is refused.
  static func outcome(_ document: String, _ patch: String) throws -> Value? {
    try? JSONPatch(reading: json(patch)).applied(to: json(document))
  }

  /// RFC 6902, appendix A, in its order; the result is nil where the RFC says that it is an error.
  static let appendix: [(String, String, String, String?)] = [
    (
      "A.1", #"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux"}]"#,
      #"{"baz":"qux","foo":"bar"}"#
    ),
    (
      "A.2", #"{"foo":["bar","baz"]}"#, #"[{"op":"add","path":"/foo/1","value":"qux"}]"#,
      #"{"foo":["bar","qux","baz"]}"#
    ),
    ("A.3", #"{"baz":"qux","foo":"bar"}"#, #"[{"op":"remove","path":"/baz"}]"#, #"{"foo":"bar"}"#),
    (
      "A.4", #"{"foo":["bar","qux","baz"]}"#, #"[{"op":"remove","path":"/foo/1"}]"#,
      #"{"foo":["bar","baz"]}"#
    ),
    (
      "A.5", #"{"baz":"qux","foo":"bar"}"#, #"[{"op":"replace","path":"/baz","value":"boo"}]"#,
      #"{"baz":"boo","foo":"bar"}"#
    ),
    (
      "A.6", #"{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}"#,
      #"[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]"#,
      #"{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}"#
    ),
    (
      "A.7", #"{"foo":["all","grass","cows","eat"]}"#,
      #"[{"op":"move","from":"/foo/1","path":"/foo/3"}]"#,
      #"{"foo":["all","cows","eat","grass"]}"#
    ),
    (
      "A.8", #"{"baz":"qux","foo":["a",2,"c"]}"#,
      #"[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]"#,
      #"{"baz":"qux","foo":["a",2,"c"]}"#
    ),
    ("A.9", #"{"baz":"qux"}"#, #"[{"op":"test","path":"/baz","value":"bar"}]"#, nil),
    (
      "A.10", #"{"foo":"bar"}"#, #"[{"op":"add","path":"/child","value":{"grandchild":{}}}]"#,
      #"{"foo":"bar","child":{"grandchild":{}}}"#
    ),
    (
      "A.11", #"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux","xyz":123}]"#,
      #"{"foo":"bar","baz":"qux"}"#
    ),
    ("A.12", #"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz/bat","value":"qux"}]"#, nil),
    (
      "A.14", #"{"/":9,"~1":10}"#, #"[{"op":"test","path":"/~01","value":10}]"#,
      #"{"/":9,"~1":10}"#
    ),
    ("A.15", #"{"/":9,"~1":10}"#, #"[{"op":"test","path":"/~01","value":"10"}]"#, nil),
    (
      "A.16", #"{"foo":["bar"]}"#, #"[{"op":"add","path":"/foo/-","value":["abc","def"]}]"#,
      #"{"foo":["bar",["abc","def"]]}"#
    ),
  ]

  @Test("The examples of the RFC's appendix A", arguments: appendix.indices)
  func examples(_ index: Int) throws {
    let (name, document, patch, result) = Self.appendix[index]
    #expect(try Self.outcome(document, patch) == result.map(Self.json), "\(name)")
  }

  /// What the sections say beside the examples.
  static let rules: [(String, String, String, String?)] = [
    (
      "4.1 add replaces a member", #"{"a":1}"#, #"[{"op":"add","path":"/a","value":2}]"#,
      #"{"a":2}"#
    ),
    ("4.1 add replaces the root", #"{"a":1}"#, #"[{"op":"add","path":"","value":[]}]"#, "[]"),
    ("4.1 add at the end by number", "[1]", #"[{"op":"add","path":"/1","value":2}]"#, "[1,2]"),
    ("4.1 add beyond the end", "[1]", #"[{"op":"add","path":"/2","value":2}]"#, nil),
    ("4.1 add to a string", #"{"a":"b"}"#, #"[{"op":"add","path":"/a/b","value":2}]"#, nil),
    ("4.1 an index has no leading zero", "[1,2]", #"[{"op":"add","path":"/01","value":0}]"#, nil),
    ("4.1 an index has no sign", "[1,2]", #"[{"op":"add","path":"/+1","value":0}]"#, nil),
    ("4.1 nothing is counted from the end", "[1]", #"[{"op":"remove","path":"/-1"}]"#, nil),
    ("4.1 an index is a number", "[1]", #"[{"op":"add","path":"/a","value":0}]"#, nil),
    ("4.1 a member may be called -", "{}", #"[{"op":"add","path":"/-","value":0}]"#, #"{"-":0}"#),
    ("4.1 a member may be called 0", "{}", #"[{"op":"add","path":"/0","value":0}]"#, #"{"0":0}"#),
    ("4.1 a member may have no name", "{}", #"[{"op":"add","path":"/","value":0}]"#, #"{"":0}"#),
    ("4.1 value is needed", "{}", #"[{"op":"add","path":"/a"}]"#, nil),
    ("4.1 null is a value", "{}", #"[{"op":"add","path":"/a","value":null}]"#, #"{"a":null}"#),
    ("4.2 remove what is not there", "{}", #"[{"op":"remove","path":"/a"}]"#, nil),
    ("4.2 remove behind the last", "[1]", #"[{"op":"remove","path":"/-"}]"#, nil),
    ("4.3 replace what is not there", "{}", #"[{"op":"replace","path":"/a","value":1}]"#, nil),
    ("4.3 replace the root", "{}", #"[{"op":"replace","path":"","value":{"a":1}}]"#, #"{"a":1}"#),
    ("4.3 replace an element", "[1,2]", #"[{"op":"replace","path":"/0","value":3}]"#, "[3,2]"),
    ("4.4 move into itself", #"{"a":{"b":1}}"#, #"[{"op":"move","from":"/a","path":"/a/b"}]"#, nil),
    (
      "4.4 move into itself, where what follows moves up", #"{"a":[{"b":1},{"c":2}]}"#,
      #"[{"op":"move","from":"/a/0","path":"/a/0/d"}]"#, nil
    ),
    ("4.4 move where it is", #"{"a":1}"#, #"[{"op":"move","from":"/a","path":"/a"}]"#, #"{"a":1}"#),
    ("4.4 move what is not there", "{}", #"[{"op":"move","from":"/a","path":"/b"}]"#, nil),
    ("4.4 from is needed", #"{"a":1}"#, #"[{"op":"move","path":"/b"}]"#, nil),
    (
      "4.4 names that begin alike", #"{"a":1,"ab":{}}"#,
      #"[{"op":"move","from":"/a","path":"/ab/c"}]"#, #"{"ab":{"c":1}}"#
    ),
    (
      "4.5 copy", #"{"a":{"b":1}}"#, #"[{"op":"copy","from":"/a","path":"/a/c"}]"#,
      #"{"a":{"b":1,"c":{"b":1}}}"#
    ),
    (
      "4.5 a copy is its own", #"{"a":{"b":1}}"#,
      #"[{"op":"copy","from":"/a","path":"/c"},{"op":"remove","path":"/c/b"}]"#,
      #"{"a":{"b":1},"c":{}}"#
    ),
    ("4.5 copy what is not there", "{}", #"[{"op":"copy","from":"/a","path":"/b"}]"#, nil),
    (
      "4.6 numbers are equal by value", #"{"a":1}"#, #"[{"op":"test","path":"/a","value":1.0}]"#,
      #"{"a":1}"#
    ),
    (
      "4.6 members are equal in any order", #"{"a":{"x":1,"y":[2]}}"#,
      #"[{"op":"test","path":"/a","value":{"y":[2],"x":1}}]"#, #"{"a":{"x":1,"y":[2]}}"#
    ),
    ("4.6 elements are not", "[1,2]", #"[{"op":"test","path":"","value":[2,1]}]"#, nil),
    (
      "4.6 what is not there, as Kubernetes has it", "{}",
      #"[{"op":"test","path":"/a","value":null}]"#, "{}"
    ),
    ("4.6 but only where its place is", "{}", #"[{"op":"test","path":"/a/b","value":null}]"#, nil),
    (
      "4.6 a test sees what came before", #"{"a":1}"#,
      #"[{"op":"add","path":"/b","value":{"c":[]}},{"op":"add","path":"/b/c/-","value":1},"#
        + #"{"op":"test","path":"/b","value":{"c":[1]}}]"#, #"{"a":1,"b":{"c":[1]}}"#
    ),
    ("4 an operation that is not", "{}", #"[{"op":"spam","path":"/a","value":1}]"#, nil),
    ("4 no operation", "{}", #"[{"path":"/a","value":1}]"#, nil),
    ("4 no path", "{}", #"[{"op":"add","value":1}]"#, nil),
    (
      "RFC 6901, 3: a pointer begins with a slash", "{}", #"[{"op":"add","path":"a","value":1}]"#,
      nil
    ),
    ("RFC 6901, 3: a tilde escapes", "{}", #"[{"op":"add","path":"/a~2","value":1}]"#, nil),
    (
      "RFC 6901, 4: first ~1, then ~0", #"{"a/b":1,"m~n":2}"#,
      #"[{"op":"remove","path":"/a~1b"},{"op":"replace","path":"/m~0n","value":3}]"#,
      #"{"m~n":3}"#
    ),
    (
      "5 all or nothing", #"{"a":1}"#,
      #"[{"op":"remove","path":"/a"},{"op":"test","path":"/b","value":1}]"#, nil
    ),
  ]

  @Test("Each rule", arguments: rules.indices)
  func rule(_ index: Int) throws {
    let (name, document, patch, result) = Self.rules[index]
    #expect(try Self.outcome(document, patch) == result.map(Self.json), "\(name)")
  }

  @Test("What is no patch, what is too much, what fails: each is told apart")
  func failures() throws {
    func failure(_ patch: Value, _ document: Value = [:]) -> JSONPatch.Failure? {
      do {
        _ = try JSONPatch(reading: patch).applied(to: document)
        return nil
      } catch { return error }
    }
    #expect(
      failure([:])
        == .malformed("json: cannot unmarshal object into Go value of type jsonpatch.Patch"))
    #expect(
      failure(["a"])
        == .malformed("json: cannot unmarshal string into Go value of type jsonpatch.Operation"))
    let test: Value = ["op": "test", "path": "/a", "value": 1]
    #expect(failure([test]) == .testFailed(operation: 0, JSONPointer(["a"])))
    let most = Value(Array(repeating: test, count: JSONPatch.operationsMax))
    #expect(failure(most, ["a": 1]) == nil)
    #expect(failure(most.appending(test), ["a": 1]) == .tooManyOperations(10_001))
    // Each copy doubles: without a limit this would be a terabyte.
    let double: Value = ["op": "copy", "from": "/a", "path": "/a/-"]
    let doubled = failure(Value(Array(repeating: double, count: 40)), ["a": ["text"]])
    guard case .inapplicable(let operation, _) = doubled else {
      Issue.record("\(String(describing: doubled))")
      return
    }
    #expect(operation > 10)
  }

  @Test("A document that operations nest ever deeper is refused and does not exhaust the stack")
  func depth() throws {
    var operations: [JSONPatch.Operation] = []
    for _ in 0..<3_000 {
      operations.append(.add(JSONPointer(["b"]), ["x": [:]]))
      operations.append(.move(from: JSONPointer(["a"]), to: JSONPointer(["b", "x", "a"])))
      operations.append(.move(from: JSONPointer(["b"]), to: JSONPointer(["a"])))
    }
    #expect(throws: JSONPatch.Failure.self) {
      try JSONPatch(operations).applied(to: ["a": [:]])
    }
    // A hundred levels are nothing.
    let few = try JSONPatch(Array(operations.prefix(99))).applied(to: ["a": [:]])
    #expect(few != ["a": [:]])
    let long = JSONPointer(Array(repeating: "a", count: 100_000))
    #expect(throws: JSONPatch.Failure.self) {
      try JSONPatch([.add(long, 1)]).applied(to: ["a": [:]])
    }
  }

  /// Places that are in a value, and some that are not.
  private func pointer(in value: Value, _ random: inout SeededRandom) -> JSONPointer {
    var tokens: [String] = []
    var value = value
    while random.below(4) > 0 {
      let members = value.members.map(\.self)
      if !members.isEmpty {
        let member = random.pick(members)
        tokens.append(member.key.text)
        value = member.value
      } else if value.isList, value.count > 0 {
        let index = random.below(value.count)
        tokens.append("\(index)")
        value = value[index] ?? .null
      } else {
        break
      }
    }
    if random.below(3) == 0 { tokens.append(random.pick(["new", "-", "0", "spec", "x.y/z", "~"])) }
    return JSONPointer(tokens)
  }

  @Test("Carrying out agrees with doing it step by step on the value, for random patches")
  func model() throws {
    var carriedOut = 0
    for seed in UInt64(0)..<3_000 {
      var random = SeededRandom(seed: seed)
      var expected: Value? = random.map(depth: 4)
      let document = try #require(expected)
      var operations: [JSONPatch.Operation] = []
      for _ in 0..<1 + random.below(5) {
        let now = expected ?? document
        let (path, from) = (pointer(in: now, &random), pointer(in: now, &random))
        let operation: JSONPatch.Operation =
          switch random.below(6) {
          case 0: .add(path, random.value(depth: 2))
          case 1: .remove(path)
          case 2: .replace(path, random.value(depth: 2))
          case 3: .move(from: from, to: path)
          case 4: .copy(from: from, to: path)
          default: .test(path, now.at(path) ?? 1)
          }
        operations.append(operation)
        expected = expected.flatMap { $0.after(operation) }
      }
      let patch = JSONPatch(operations)
      #expect(try JSONPatch(reading: patch.value) == patch, "seed \(seed)")
      let result = try? patch.applied(to: document)
      #expect(result == expected, "seed \(seed): \(document) \(patch.value)")
      if result != nil { carriedOut += 1 }
    }
    #expect(carriedOut > 500)
  }

  @Test("Whatever the patch, an answer or an error")
  func fuzz() throws {
    let seeds = (Self.appendix + Self.rules).map { (Array($0.1.utf8), Array($0.2.utf8)) }
    for seed in UInt64(0)..<20_000 {
      var random = SeededRandom(seed: seed)
      let (document, patch) = (random.pick(seeds).0, random.pick(seeds).1)
      var bytes = patch
      for _ in 0..<1 + random.below(4) {
        let at = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes[at] = UInt8(random.below(256))
        case 1: bytes.remove(at: at)
        default: bytes.insert(random.pick(Array(#""/~-0[]{}:,"#.utf8)), at: at)
        }
        if bytes.isEmpty { bytes = [0x5b] }
      }
      var reader = JSONReader()
      guard let value = try? reader.read(bytes) else { continue }
      let target = try reader.read(document)
      guard let read = try? JSONPatch(reading: value) else { continue }
      #expect(try JSONPatch(reading: read.value) == read, "seed \(seed)")
      guard let result = try? read.applied(to: target) else { continue }
      #expect(try reader.read(JSONWriter().bytes(result)) == result, "seed \(seed)")
    }
  }
}

/// The operations once more, on plain values and without any care for cost.
extension Value {
  fileprivate func at(_ pointer: JSONPointer) -> Value? {
    pointer.tokens.reduce(self) { value, token in
      guard let value else { return nil }
      if value.isMap { return value[token] }
      guard let index = Int(token), "\(index)" == token, index >= 0 else { return nil }
      return value[index]
    }
  }

  fileprivate func after(_ operation: JSONPatch.Operation) -> Value? {
    switch operation {
    case .add(let path, let value): return adding(value, path.tokens)
    case .remove(let path): return path.tokens.isEmpty ? .null : removing(path.tokens)
    case .replace(let path, let value):
      guard at(path) != nil else { return nil }
      if path.tokens.isEmpty { return value }
      return removing(path.tokens)?.adding(value, path.tokens)
    case .move(let from, let path):
      guard let value = at(from) else { return nil }
      if from == path { return self }
      if path.tokens.starts(with: from.tokens) { return nil }
      return removing(from.tokens)?.adding(value, path.tokens)
    case .copy(let from, let path): return at(from).flatMap { adding($0, path.tokens) }
    case .test(let path, let value): return at(path) == value ? self : nil
    }
  }

  private func adding(_ new: Value, _ path: [String]) -> Value? {
    guard let token = path.first else { return new }
    let rest = Array(path.dropFirst())
    if isMap {
      if rest.isEmpty { return setting(Key(token), to: new) }
      return self[token].flatMap { $0.adding(new, rest) }.map { setting(Key(token), to: $0) }
    }
    guard isList else { return nil }
    var list = elements.map(\.self)
    if rest.isEmpty {
      guard let index = token == "-" ? list.count : Int(token), index >= 0, index <= list.count
      else { return nil }
      list.insert(new, at: index)
      return Value(list)
    }
    guard let index = Int(token), index >= 0, index < list.count,
      let changed = list[index].adding(new, rest)
    else { return nil }
    list[index] = changed
    return Value(list)
  }

  private func removing(_ path: [String]) -> Value? {
    guard let token = path.first else { return nil }
    let rest = Array(path.dropFirst())
    if isMap {
      guard let old = self[token] else { return nil }
      if rest.isEmpty { return removing(Key(token)) }
      return old.removing(rest).map { setting(Key(token), to: $0) }
    }
    guard isList, let index = Int(token), index >= 0, index < count else { return nil }
    var list = elements.map(\.self)
    if rest.isEmpty {
      list.remove(at: index)
      return Value(list)
    }
    guard let changed = list[index].removing(rest) else { return nil }
    list[index] = changed
    return Value(list)
  }
}
