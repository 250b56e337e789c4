/// The names of a file that stand for a `Set` or a `Dictionary`, and how far each one reaches.
///
/// A heuristic over tokens, not a type checker: it knows annotations, initialisers and function
/// results written in the same file, and lets the innermost declaration of a name win.
struct UnorderedDeclarations {
  private struct Declaration {
    let position: Int
    let scope: Range<Int>
    let isUnordered: Bool
    let isParameter: Bool
  }

  private var variables: [String: [Declaration]] = [:]
  private var functions: Set<String> = []
  private let source: SwiftSource
  /// For each token the innermost bracket that is open there, or -1.
  private let enclosing: [Int]

  static let typeNames: Set<String> = ["Dictionary", "Set", "TreeDictionary", "TreeSet"]

  init(_ source: SwiftSource) {
    self.source = source
    enclosing = Self.enclosingBrackets(source)
    for index in source.tokens.indices {
      if source.matches(["-", ">"], at: index), isUnorderedType(at: index + 2),
        let name = functionName(before: index)
      {
        functions.insert(name)
      }
      if source.token(index)?.kind == .identifier { declare(at: index) }
    }
  }

  /// Whether the name at `index`, read as a variable or a member, is an unordered collection.
  func isUnorderedVariable(at index: Int) -> Bool {
    guard let all = variables[source.text(index)] else { return false }
    if source.text(index - 1) == "." {
      return all.contains { $0.isUnordered && !$0.isParameter }
    }
    let reaching = all.filter { $0.scope.contains(index) }
    guard let narrowest = reaching.map(\.scope.count).min() else { return false }
    let innermost = reaching.filter { $0.scope.count == narrowest }
    let winner = innermost.last { $0.position < index } ?? innermost.first
    return winner?.isUnordered ?? false
  }

  func isUnorderedFunction(at index: Int) -> Bool { functions.contains(source.text(index)) }

  private mutating func declare(at index: Int) {
    let isBinding = ["let", "var"].contains(source.text(index - 1))
    var verdict: Bool?
    if source.text(index + 1) == ":" {
      if isUnorderedType(at: index + 2) {
        verdict = true
      } else if isBinding || isParameter(index) {
        verdict = false
      }
    } else if isBinding, source.text(index + 1) == "=" {
      verdict = isUnorderedExpression(at: index + 2)
    }
    guard let verdict else { return }
    let declaration = Declaration(
      position: index, scope: scope(of: index), isUnordered: verdict,
      isParameter: source.text(enclosing[index]) == "(")
    variables[source.text(index), default: []].append(declaration)
  }

  private func isUnorderedType(at start: Int) -> Bool {
    guard let end = unorderedTypeEnd(at: start) else { return false }
    return ![".", "("].contains(source.text(end))
  }

  private func isUnorderedExpression(at start: Int) -> Bool {
    if Self.typeNames.contains(source.text(start)), source.text(start + 1) == "(" { return true }
    guard let end = unorderedTypeEnd(at: start) else { return false }
    return source.text(end) == "("
  }

  /// Where the unordered type that begins at `start` ends, or nil when it is no such type.
  private func unorderedTypeEnd(at start: Int) -> Int? {
    var index = start
    while ["borrowing", "consuming", "inout", "sending"].contains(source.text(index)) { index += 1 }
    if source.matches(["Swift", "."], at: index) { index += 2 }
    if Self.typeNames.contains(source.text(index)), source.text(index + 1) == "<" {
      return closingAngle(index + 1).map { $0 + 1 }
    }
    guard source.text(index) == "[", let close = source.closing(index) else { return nil }
    let first = source.text(index + 1)
    let isTypeLike =
      ["[", "(", "any", "some"].contains(first) || first.first?.isUppercase == true
    guard isTypeLike else { return nil }
    let hasColon = (index + 1..<close).contains {
      source.text($0) == ":" && enclosing[$0] == index
    }
    return hasColon ? close + 1 : nil
  }

  private func closingAngle(_ open: Int) -> Int? {
    var depth = 0
    for index in open..<min(open + 100, source.tokens.count) {
      switch source.text(index) {
      case "<": depth += 1
      case ">" where source.text(index - 1) != "-":
        depth -= 1
        if depth == 0 { return index }
      default: break
      }
    }
    return nil
  }

  private func functionName(before arrow: Int) -> String? {
    for index in stride(from: arrow, to: max(arrow - 200, -1), by: -1) {
      switch source.text(index) {
      case "func": return source.text(index + 1)
      case "{", "}", "var", "let", "subscript", "init": return nil
      default: continue
      }
    }
    return nil
  }

  /// Whether a labelled name stands in the parameter list of a function, rather than in a call.
  private func isParameter(_ index: Int) -> Bool {
    let open = enclosing[index]
    guard source.text(open) == "(" else { return false }
    var before = open - 1
    if source.text(before) == ">" {
      while before > 0, source.text(before) != "<" { before -= 1 }
      before -= 1
    }
    return ["init", "subscript"].contains(source.text(before)) || source.text(before - 1) == "func"
  }

  /// The tokens where a name declared at `index` can be meant.
  private func scope(of index: Int) -> Range<Int> {
    var open = enclosing[index]
    while source.text(open) == "[" { open = enclosing[open] }
    if source.text(open) == "(" {
      guard let close = source.closing(open), let body = body(after: close),
        let end = source.closing(body)
      else { return index..<index }
      return body..<end
    }
    guard open >= 0 else { return 0..<source.tokens.count }
    return open..<(source.closing(open) ?? source.tokens.count)
  }

  /// The brace that opens the body of the function whose parameter list closes at `close`.
  private func body(after close: Int) -> Int? {
    var index = close + 1
    while let token = source.token(index) {
      if source.text(index) == "{" { return index }
      if ["}", "case", "func", "init", "let", "static", "var"].contains(token.text) { return nil }
      index += 1
    }
    return nil
  }

  private static func enclosingBrackets(_ source: SwiftSource) -> [Int] {
    var open: [Int] = []
    return source.tokens.indices.map { index in
      switch source.text(index) {
      case "(", "[", "{":
        defer { open.append(index) }
        return open.last ?? -1
      case ")", "]", "}":
        open.removeLast(open.isEmpty ? 0 : 1)
        return open.last ?? -1
      default: return open.last ?? -1
      }
    }
  }
}
