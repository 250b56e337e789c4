import ValueTree

// MARK: Where an instruction leads, and what it needs

extension Instruction {
  /// The registers that must be set before the instruction runs.
  var reads: [Int] {
    switch self {
    case .load, .jump, .sleep, .clock, .finish, .drop, .reset: []
    case .store: []
    case .set(let assignments): assignments.flatMap(\.expression.reads)
    case .branch(let condition, _): condition.reads
    case .next(let loop): [loop.list]
    case .read(let step): step.key.reads + (step.again.map { [$0] } ?? [])
    case .list(let step):
      (step.namespace?.reads ?? []) + (step.condition?.reads.filter { $0 != step.item } ?? [])
    case .write(let step): [step.base] + step.sets.flatMap(\.value.reads)
    case .create(let step):
      [step.name, step.generateName, step.namespace].flatMap { $0?.reads ?? [] }
        + step.sets.flatMap(\.value.reads) + (step.owner == .none ? [] : [step.ownerRegister])
    case .delete(let step): step.key.reads + (step.register.map { [$0] } ?? [])
    case .pool(let step): step.reads
    case .draw(let bound, _): bound.reads
    case .event(let step): [step.register] + step.message.reads
    case .expect(let step): (step.creates?.reads ?? []) + (step.deletes?.reads ?? [])
    case .awaitExpectations: []
    case .requeue(let after): after.reads
    case .fail(let step): step.message.reads
    case .enqueue(let step): step.key.reads + (step.after?.reads ?? [])
    }
  }

  /// The instructions that may follow, with the registers that are set on the way there.
  func successors(of place: Int, _ program: ProgramShape) -> [(target: Int, sets: [Int])] {
    let next = place + 1
    switch self {
    case .load(let variable): return [(next, [program.variableRegisters[variable]])]
    case .set(let assignments): return [(next, assignments.map(\.register))]
    case .branch(let condition, let otherwise):
      if case .constant(let value) = condition.form {
        return [(value.bool == true ? next : otherwise, [])]
      }
      return [(next, []), (otherwise, [])]
    case .jump(let target): return [(target, [])]
    case .next(let loop): return [(next, [loop.item]), (loop.exit, [])]
    case .read(let step):
      var result = [(target: next, sets: [step.into])]
      if case .react(.jump(let target)) = step.missing { result.append((target, [step.into])) }
      return result + errors(step.reactions, program)
    case .list(let step): return [(next, [step.into])] + errors(step.reactions, program)
    case .write(let step):
      let sets = [step.into] + (step.changed.map { [$0] } ?? [])
      return [(next, sets)] + errors(step.reactions, program)
    case .create(let step):
      return [(next, step.into.map { [$0] } ?? [])] + errors(step.reactions, program)
    case .delete(let step): return [(next, [])] + errors(step.reactions, program)
    case .pool(let step):
      return [(next, step.into.map { [$0] } ?? [])] + errors(step.reactions, program)
    case .draw(_, let into), .clock(let into): return [(next, [into])]
    case .store, .sleep, .event, .expect, .awaitExpectations, .enqueue, .reset: return [(next, [])]
    case .finish, .requeue, .fail, .drop: return []
    }
  }

  private func errors(
    _ reactions: Reactions, _ program: ProgramShape
  ) -> [(target: Int, sets: [Int])] {
    reactions.targets.map { ($0, [program.errorRegister]) }
  }
}

extension PoolStep {
  fileprivate var reads: [Int] {
    var result = pool.reads + (owner?.reads ?? [])
    switch call {
    case .ensure(let request), .takeRaw(let request):
      result.append(ownerRegister)
      for part in [request.count, request.selector, request.matchAttribute] {
        result += part?.reads ?? []
      }
    case .rebuild(let records, _): return result + records.reads
    case .outstanding: return result
    case .release(let item): result.append(item)
    case .free(let item): return result + [item]
    default: break
    }
    if owner == nil { result.append(ownerRegister) }
    return result
  }
}

/// What the flow check needs to know of a program.
struct ProgramShape: Sendable {
  let variableRegisters: [Int]
  let errorRegister: Int
}
