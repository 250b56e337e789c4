public import ValueTree

/// kubectl's JSONPath templates: `{.items[*].metadata.name}`, `{range .items[*]}{.a}{"\n"}{end}`.
///
/// Text outside braces stands for itself; a template without any brace is taken as one expression.
public struct JSONPath: Sendable {
  /// What is wrong with a template.
  public struct ParseError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The template.
    public let template: String
    /// Where in it, counted in characters.
    public let offset: Int
    /// What was expected there.
    public let reason: String

    public var description: String {
      "invalid JSONPath \"\(template)\": \(reason) at character \(offset + 1)"
    }
  }

  indirect enum Part: Sendable {
    case text(String)
    case path([Step])
    case range([Step], [Part])
  }

  enum Step: Sendable {
    case key(String)
    case keys([String])
    case index(Int)
    case slice(Int?, Int?, Int)
    case wildcard
    case descend(String?)
    case filter(Filter)
    /// Begins again at the whole value, as `$` does.
    case root
  }

  struct Filter: Sendable {
    let left: Operand
    let comparison: String?
    let right: Operand?
  }

  enum Operand: Sendable {
    case path([Step])
    case literal(Value)
  }

  private let parts: [Part]

  /// Reads a template.
  public init(_ template: String) throws(ParseError) {
    let braced = template.contains("{") ? template : "{\(JSONPath.relaxed(template))}"
    var parser = JSONPathParser(braced, shown: template)
    parts = try parser.template()
  }

  /// kubectl allows `.a.b` and `a.b` without braces.
  private static func relaxed(_ template: String) -> String {
    template.hasPrefix(".") || template.hasPrefix("$") || template.hasPrefix("[")
      ? template : "." + template
  }

  /// The text that the template makes of a value; what is missing makes nothing.
  public func text(_ root: Value) -> String {
    render(parts, root, root)
  }

  /// The values that a template of one expression finds.
  public func values(_ root: Value) -> [Value] {
    guard parts.count == 1, case .path(let steps) = parts[0] else { return [] }
    return Self.find(steps, in: root, root)
  }

  private func render(_ parts: [Part], _ current: Value, _ root: Value) -> String {
    var output = ""
    for part in parts {
      switch part {
      case .text(let text): output += text
      case .path(let steps):
        output += Self.find(steps, in: current, root).map(Self.printed).joined(separator: " ")
      case .range(let steps, let body):
        for value in Self.find(steps, in: current, root) { output += render(body, value, root) }
      }
    }
    return output
  }

  /// The text of one value that was found.
  public static func printed(_ value: Value) -> String { value.string ?? value.description }

  static func find(_ steps: [Step], in value: Value, _ root: Value) -> [Value] {
    var found = [value]
    for step in steps { found = found.flatMap { apply(step, to: $0, root) } }
    return found
  }

  private static func apply(_ step: Step, to value: Value, _ root: Value) -> [Value] {
    switch step {
    case .root: return [root]
    case .key(let key): return value[Key(key)].map { [$0] } ?? []
    case .keys(let keys): return keys.compactMap { value[Key($0)] }
    case .index(let index):
      guard value.isList else { return [] }
      return value[index < 0 ? value.count + index : index].map { [$0] } ?? []
    case .slice(let from, let to, let stride):
      guard value.isList else { return [] }
      let elements = Array(value.elements)
      func place(_ index: Int) -> Int {
        min(max(index < 0 ? elements.count + index : index, 0), elements.count)
      }
      let start = place(from ?? 0)
      let end = place(to ?? elements.count)
      return Swift.stride(from: start, to: end, by: stride).map { elements[$0] }
    case .wildcard:
      return value.isMap ? value.members.map(\.value) : Array(value.elements)
    case .descend(let key):
      var found: [Value] = []
      collect(value, key, &found)
      return found
    case .filter(let filter):
      guard value.isList else { return [] }
      return value.elements.filter { filter.holds(for: $0, root) }
    }
  }

  private static func collect(_ value: Value, _ key: String?, _ found: inout [Value]) {
    if let key {
      if let member = value[Key(key)] { found.append(member) }
    } else {
      found.append(value)
    }
    for (_, member) in value.members { collect(member, key, &found) }
    for element in value.elements { collect(element, key, &found) }
  }
}

extension JSONPath.Filter {
  func holds(for value: Value, _ root: Value) -> Bool {
    let left = left.values(value, root)
    guard let comparison, let right = right?.values(value, root) else { return !left.isEmpty }
    guard let a = left.first, let b = right.first else { return false }
    switch comparison {
    case "==": return a == b
    case "!=": return a != b
    default:
      if let x = a.double, let y = b.double { return Self.ordered(x, y, comparison) }
      if let x = a.string, let y = b.string { return Self.ordered(x, y, comparison) }
      return false
    }
  }

  private static func ordered<T: Comparable>(_ a: T, _ b: T, _ comparison: String) -> Bool {
    switch comparison {
    case "<": a < b
    case "<=": a <= b
    case ">": a > b
    default: a >= b
    }
  }
}

extension JSONPath.Operand {
  func values(_ value: Value, _ root: Value) -> [Value] {
    switch self {
    case .literal(let literal): [literal]
    case .path(let steps): JSONPath.find(steps, in: value, root)
    }
  }
}
