import Testing

/// The order of a `Set` or a `Dictionary` never reaches a result in the core.
///
/// Looping over one, or turning one into a sequence, is a violation unless the result is sorted or is a
/// question that order cannot answer differently (`contains`, `count`, `max()`…). What is harmless for
/// another reason says so: `// tidy: the sum does not depend on order`.
struct UnorderedRule {
  private let source: SwiftSource
  private let declarations: UnorderedDeclarations

  static func violations(path: String, source: SwiftSource) -> [Violation] {
    let rule = UnorderedRule(source: source, declarations: UnorderedDeclarations(source))
    var lines: Set<Int> = []
    return source.tokens.indices.compactMap { index -> Violation? in
      guard let message = rule.violation(at: index), let line = source.token(index)?.line,
        !source.isAllowed(line: line), lines.insert(line).inserted
      else { return nil }
      return Violation(path: path, line: line, message: message)
    }
  }

  /// Members that give another unordered collection.
  private static let keeping: Set<String> = [
    "compactMapValues", "filter", "intersection", "mapValues", "merging", "subtracting",
    "symmetricDifference", "union",
  ]

  /// Members that show the order.
  private static let revealing: Set<String> = [
    "compactMap", "description", "drop", "dropFirst", "dropLast", "elements", "enumerated", "first",
    "flatMap", "forEach", "indices", "joined", "keys", "lazy", "makeIterator", "map", "popFirst",
    "prefix", "randomElement", "reduce", "split", "suffix", "values",
  ]

  /// Members after which the order does not show any more.
  private static let settling: Set<String> = [
    "allSatisfy", "contains", "count", "isEmpty", "sort", "sorted",
  ]

  private struct Chain {
    /// The index after the last token.
    var end: Int
    var revealed: String?
    /// Whether the chain still stands for the collection, or for what came from it.
    var isSequence = true
  }

  private func violation(at index: Int) -> String? {
    guard let after = unorderedExpressionEnd(at: index) else { return nil }
    let start = chainStart(of: index)
    let isLoop = isLoopHead(before: start)
    let chain = follow(after, stopsAtBrace: isLoop)
    guard chain.isSequence, !isSettledOutside(start: start, end: chain.end) else { return nil }
    let name = source.text(index)
    if isLoop { return "loops over \(name), whose order differs between processes" }
    if let revealed = chain.revealed {
      return "\(name).\(revealed) shows an order that differs between processes"
    }
    if isCopied(before: start) {
      return "copies \(name) in an order that differs between processes"
    }
    return nil
  }

  /// Where an unordered collection that is named or made at `index` ends.
  private func unorderedExpressionEnd(at index: Int) -> Int? {
    guard source.token(index)?.kind == .identifier, source.text(index + 1) != ":",
      !["case", "func", "let", "var"].contains(source.text(index - 1)), !isImplicitMember(index)
    else { return nil }
    if source.text(index + 1) == "(" {
      let makes = UnorderedDeclarations.typeNames.contains(source.text(index))
      guard makes || declarations.isUnorderedFunction(at: index) else { return nil }
      return source.closing(index + 1).map { $0 + 1 }
    }
    return declarations.isUnorderedVariable(at: index) ? index + 1 : nil
  }

  private func isImplicitMember(_ index: Int) -> Bool {
    guard source.text(index - 1) == ".", let receiver = source.token(index - 2) else {
      return false
    }
    return receiver.kind == .punctuation && ![")", "]", "}", "?", "!"].contains(receiver.text)
  }

  private func chainStart(of index: Int) -> Int {
    var start = index
    while source.text(start - 1) == "." {
      let receiver = ["?", "!"].contains(source.text(start - 2)) ? start - 3 : start - 2
      guard source.token(receiver)?.kind == .identifier else { break }
      start = receiver
    }
    while ["await", "try"].contains(source.text(start - 1)) { start -= 1 }
    return start
  }

  /// Whether what begins at `start` is what a `for` loop runs over.
  private func isLoopHead(before start: Int) -> Bool {
    guard source.text(start - 1) == "in" else { return false }
    for index in stride(from: start - 2, to: max(start - 60, -1), by: -1) {
      switch source.text(index) {
      case "for": return true
      case "{", "}": return false
      default: continue
      }
    }
    return false
  }

  private func follow(_ start: Int, stopsAtBrace: Bool) -> Chain {
    var chain = Chain(end: start)
    while true {
      switch source.text(chain.end) {
      case "?", "!":
        guard [".", "[", "?", "!"].contains(source.text(chain.end + 1)) else { return chain }
        chain.end += 1
      case "[":
        // A subscript on the same line picks one element; on the next it is another statement.
        guard source.token(chain.end)?.line == source.token(chain.end - 1)?.line else {
          return chain
        }
        chain.isSequence = false
        return chain
      case ".":
        guard visit(member: chain.end + 1, of: &chain) else { return chain }
        chain.end = memberEnd(chain.end + 1, stopsAtBrace: stopsAtBrace)
      default: return chain
      }
    }
  }

  /// Takes note of one member; false when nothing after it matters.
  private func visit(member: Int, of chain: inout Chain) -> Bool {
    let name = source.text(member)
    let isByComparison = source.matches(["(", "by"], at: member + 1)
    if Self.revealing.contains(name) || (["max", "min"].contains(name) && isByComparison) {
      chain.revealed = chain.revealed ?? name
      return true
    }
    if Self.keeping.contains(name) { return true }
    // Sorting settles it; any other member, known or not, no longer stands for the collection
    // unless the order was shown already.
    chain.isSequence = chain.revealed != nil && !Self.settling.contains(name)
    if ["max", "min"].contains(name) { chain.isSequence = false }
    return false
  }

  private func memberEnd(_ member: Int, stopsAtBrace: Bool) -> Int {
    var end = member + 1
    if source.text(end) == "(" { end = (source.closing(end) ?? end) + 1 }
    if !stopsAtBrace, source.text(end) == "{" { end = (source.closing(end) ?? end) + 1 }
    return end
  }

  /// `Set(…)` forgets the order, and `Array(…).sorted()` settles it.
  private func isSettledOutside(start: Int, end: Int) -> Bool {
    guard source.text(start - 1) == "(", source.text(end) == ")" else { return false }
    if source.text(start - 2) == "Set" { return true }
    return source.text(end + 1) == "." && Self.settling.contains(source.text(end + 2))
  }

  private func isCopied(before start: Int) -> Bool {
    source.matches(["contentsOf", ":"], at: start - 2)
      || ["Array", "ContiguousArray", "zip"].contains { source.matches([$0, "("], at: start - 2) }
  }
}

@Suite("Unordered: the order of sets and dictionaries reaches no result of the core")
struct UnorderedRuleTests {
  @Test("The core obeys")
  func repository() throws {
    for path in try CoreModules.files() {
      report(UnorderedRule.violations(path: path, source: SwiftSource(try Repository.text(path))))
    }
  }

  private func lines(_ text: String) -> [Int] {
    UnorderedRule.violations(path: "A.swift", source: SwiftSource(text)).map(\.line)
  }

  @Test(
    "A loop over an unordered collection is found, however it is declared",
    arguments: [
      "let a: [String: Int]", "var a: [Key: [Int]] = [:]", "let a: Set<String> = []",
      "var a = Set<String>()", "let a = Set(b)", "var a = [String: Int]()", "let a: [String: Int]?",
      "let a = Dictionary(grouping: b) { $0 }", "let a: Dictionary<String, Int>",
      "private(set) var a: [any Key: Int] { b }", "let a: TreeDictionary<String, Int>",
    ])
  func declarations(declaration: String) {
    #expect(lines("\(declaration)\nfor x in a { f(x) }") == [2])
    #expect(lines("\(declaration)\nfor x in a.sorted(by: <) { f(x) }") == [])
  }

  @Test(
    "What shows the order is found",
    arguments: [
      "for (k, v) in a {}", "for x in self.a where x.isOdd {}", "for x in b.a.keys {}",
      "for x in a.union(c) {}", "for case let (k, v?) in a.values {}", "for x in a.lazy.map(f) {}",
      "let b = a.map { $0 }", "a.forEach { f($0) }", "return a.keys", "let b = a.first",
      "let b = a.filter { $0 }.map { $0 }", "let b = Array(a)", "b.append(contentsOf: a)",
      "let b = a.max(by: <)", "f(a.values.joined())", "for x in Set(b) {}", "for x in a?.keys {}",
      #"f("\(a.map { $0 })")"#,
    ])
  func revealed(use: String) {
    #expect(lines("let a: [String: Int]\n\(use)") == [2])
  }

  @Test(
    "What hides the order is left alone",
    arguments: [
      "for x in a.sorted(by: <) {}", "for x in a.keys.sorted() {}", "for x in a[key] {}",
      "let b = a.map { $0 }.sorted()", "let b = Array(a.keys).sorted()", "let b = Set(a.keys)",
      "let b = a.values.max()", "let b = a.keys.contains(k)", "if a.isEmpty {}", "a[k] = 1",
      "let b = a.filter { $0 }", "a.removeValue(forKey: k)", "for x in 0..<a.count {}", "f(a)",
      "for x in a {}  // tidy: a sum does not depend on order", "// for x in a {}",
      "let b = list.map { $0 in a }", "f(a: 1)", "let b: Kind = .a",
      "let b = a.values.allSatisfy(f)",
    ])
  func hidden(use: String) {
    #expect(lines("let a: [String: Int]\n\(use)") == [])
  }

  @Test("The innermost declaration of a name wins")
  func scopes() {
    let text = """
      struct S {
        func f(a: [Int]) { for x in a {} }
        func g() { for x in a {} }
        func h(_ b: Set<Int>, c: [Int]) { for x in b {}; for x in c {} }
        func i(b: [Int]) { for x in b {} }
        func j() { let a = a.sorted(); for x in a {} }
        var a: [String: Int]
        case k(d: Set<Int>)
        func l() { for x in d {} }
      }
      """
    #expect(lines(text) == [3, 4])
  }

  @Test("A function that returns an unordered collection is found where it is looped over")
  func functions() {
    let text = """
      func names(of x: Int) throws -> Set<String> { [] }
      func list() -> [String] { [] }
      for x in try names(of: 1) {}
      for x in list() {}
      for x in names(of: 1).sorted() {}
      """
    #expect(lines(text) == [3])
  }

  @Test(
    "Ordered things and literals in calls are no declarations",
    arguments: [
      "let a: [Int]", "let a: [[String: Int]]", "f(a: [Key: Value]())", "f(a: [b: c])", "f(a: [:])",
      "let a: Set<Int>.Index", "let a: OrderedSet<Int>", #"f(a: ["x": 1])"#,
    ])
  func ordered(declaration: String) {
    #expect(lines("\(declaration)\nfor x in a {}") == [])
  }
}
