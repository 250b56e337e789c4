import APIMachinery
import ControllerRuntime
import ValueTree
import YAMLCoding

extension ModelCompiler {
  // MARK: Errors

  /// What becomes of a step's errors; `start` is the instruction from which it is done again.
  mutating func reactions(
    of step: ModelNode, from start: Int
  ) throws(SourceDiagnostic) -> Reactions {
    var result = Reactions()
    guard let node = step["onError"] else { return result }
    let isByReason = node.value.isMap && node["goto"] == nil && node["requeue"] == nil
    guard isByReason else {
      result.others = try reaction(node, from: start)
      return result
    }
    let known =
      StatusError.Reason.allCases.map(\.rawValue) + StepDefinition.allocationReasons
      + ["StillHeld", "*"]
    for (reason, entry) in node.members {
      guard known.contains(reason) else {
        throw entry.mistakeAtKey(
          "there is no reason \"\(reason)\"",
          expected: "Conflict, NotFound, AlreadyExists, Timeout, Exhausted, … or \"*\"",
          suggestion: SourceDiagnostic.suggestion(for: reason, among: known))
      }
      let reaction = try reaction(entry, from: start)
      if reason == "*" {
        result.others = reaction
      } else {
        result.byReason.append((reason, reaction))
      }
    }
    return result
  }

  /// A reaction that goes somewhere goes by a jump of its own, which stands before the step.
  mutating func reaction(
    _ node: ModelNode, from start: Int
  ) throws(SourceDiagnostic) -> Reaction {
    if let after = node["requeue"] { return .finish(.requeue(after: after.duration)) }
    if let label = node["goto"] {
      return try detour { compiler throws(SourceDiagnostic) in try compiler.jump(to: label) }
    }
    switch node.text {
    case "retry": return .retry(start)
    case "done" where !isInStart: return .finish(.done)
    case "done", "return":
      return try detour { compiler throws(SourceDiagnostic) in compiler.leave() }
    case "requeue": return .finish(.requeueWithBackoff)
    // Patched by the step, whose end is not known yet.
    case "ignore": return .jump(-1)
    default: return .fail
    }
  }

  private mutating func detour(
    _ make: (inout ModelCompiler) throws(SourceDiagnostic) -> Void
  ) throws(SourceDiagnostic) -> Reaction {
    let over = emit(.jump(-1), isSynthetic: true)
    let place = code.count
    try make(&self)
    places[place] = nil
    code[over] = .jump(code.count)
    return .jump(place)
  }
}

extension ModelNode {
  /// The member, or another node where it is missing.
  subscript(isThere name: String, or other: ModelNode) -> ModelNode { self[isThere: name] ?? other }
}

extension Reactions {
  /// The same, where what is tried again begins at `place`.
  func retrying(from place: Int) -> Reactions {
    var copy = self
    if case .retry = copy.others { copy.others = .retry(place) }
    for index in copy.byReason.indices {
      if case .retry = copy.byReason[index].reaction {
        copy.byReason[index].reaction = .retry(place)
      }
    }
    return copy
  }

  /// The same, where what is ignored goes on behind the instruction at `place`.
  func ignoring(to target: Int) -> Reactions {
    var copy = self
    if case .jump(-1) = copy.others { copy.others = .jump(target) }
    for index in copy.byReason.indices {
      if case .jump(-1) = copy.byReason[index].reaction {
        copy.byReason[index].reaction = .jump(target)
      }
    }
    return copy
  }
}
