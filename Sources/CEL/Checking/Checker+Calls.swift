extension Checker {
  mutating func call(
    _ node: NodeID, _ function: String, _ target: NodeID?, _ arguments: [NodeID]
  ) -> CELType {
    guard let target else {
      let types = visitAll(arguments)
      for candidate in environment.candidates(function, isAbsolute: false) {
        let overloads = environment.functions[candidate].filter { !$0.isMethod }
        guard !overloads.isEmpty else { continue }
        return resolve(node, candidate, overloads, types, withTarget: false)
      }
      return undeclaredFunction(node, function)
    }
    if let path = syntax.qualifiedName(target), path.isAbsolute || !isLocal(path.first) {
      for candidate in environment.candidates(
        path.name + "." + function, isAbsolute: path.isAbsolute)
      {
        let overloads = environment.functions[candidate].filter { !$0.isMethod }
        guard !overloads.isEmpty else { continue }
        let types = visitAll(arguments)
        return resolve(node, candidate, overloads, types, withTarget: false)
      }
    }
    let types = [visit(target)] + visitAll(arguments)
    let overloads = environment.functions[function].filter(\.isMethod)
    guard !overloads.isEmpty else { return undeclaredFunction(node, function) }
    return resolve(node, function, overloads, types, withTarget: true)
  }

  private mutating func visitAll(_ nodes: [NodeID]) -> [CELType] {
    var types: [CELType] = []
    for node in nodes { types.append(visit(node)) }
    return types
  }

  private mutating func undeclaredFunction(_ node: NodeID, _ name: String) -> CELType {
    references[Int(node)] = .undeclared(name)
    let known = environment.functions.overloads.keys.filter {
      !$0.contains("@") && !$0.contains("_")
    }
    let hint = Suggestion.text(name, among: known.sorted())
    let container = environment.container
    return report(
      node, "undeclared reference to '\(name)', a function (in container '\(container)')\(hint)")
  }

  private mutating func resolve(
    _ node: NodeID, _ name: String, _ overloads: [Overload], _ arguments: [CELType],
    withTarget: Bool
  ) -> CELType {
    guard enforces else {
      references[Int(node)] = .overloads(overloads, name: name, withTarget: withTarget)
      return .dyn
    }
    var fitting: [Overload] = []
    var result: CELType?
    for overload in overloads where overload.parameters.count == arguments.count {
      var names: [String: CELType] = [:]
      let parameters = overload.parameters.map { substitution.instantiate($0, &names) }
      let type = substitution.instantiate(overload.result, &names)
      guard substitution.accepts(arguments, as: parameters) else { continue }
      fitting.append(overload)
      let resolved = substitution.resolve(type)
      if let known = result {
        if known != resolved, !known.isDynamic { result = .dyn }
      } else {
        result = resolved
      }
    }
    guard let result else {
      references[Int(node)] = .overloads(overloads, name: name, withTarget: withTarget)
      return report(node, mismatch(name, overloads, arguments))
    }
    references[Int(node)] = .overloads(fitting, name: name, withTarget: withTarget)
    return result
  }

  private func mismatch(
    _ name: String, _ overloads: [Overload], _ arguments: [CELType]
  ) -> String {
    let types = arguments.map { shown($0) }.joined(separator: ", ")
    let known = overloads.prefix(8).map { "  " + $0.signature(name) }.joined(separator: "\n")
    let more = overloads.count > 8 ? "\n  …" : ""
    return "found no matching overload for '\(Operator.spelling(name))' applied to '(\(types))'; "
      + "expected one of\n\(known)\(more)"
  }
}

/// Names that may have been meant.
enum Suggestion {
  /// A hint to append to a message, or nothing.
  static func text(_ name: String, among known: [String]) -> String {
    let limit = name.utf8.count <= 3 ? 1 : 2
    var best: (name: String, distance: Int)?
    for candidate in known.prefix(500) {
      let distance = distance(Array(name.utf8), Array(candidate.utf8), limit: limit)
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best.map { "; did you mean '\($0.name)'?" } ?? ""
  }

  /// The number of letters to insert, remove, replace or swap with their neighbour.
  private static func distance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int {
    guard abs(a.count - b.count) <= limit, a.count <= 64, b.count <= 64 else { return .max }
    var before: [Int] = []
    var last = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var row = [i + 1]
      for (j, y) in b.enumerated() {
        var best = Swift.min(last[j] + (x == y ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, x == b[j - 1], y == a[i - 1] { best = Swift.min(best, before[j - 1] + 1) }
        row.append(best)
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }
}
