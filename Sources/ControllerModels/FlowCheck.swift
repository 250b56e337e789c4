import ValueTree
import YAMLCoding

/// Follows every way through a program: no step may be out of reach, and no name used before it is set.
struct FlowCheck {
  private let code: ContiguousArray<Instruction>
  private let places: [ModelNode?]
  private let shape: ProgramShape
  private let names: [String]
  /// By instruction: the registers that are set whichever way led there; nil where none has yet.
  private var known: [RegisterSet?]

  /// Checks a program; `set` are the registers that are set at the start.
  static func check(
    _ compiler: ModelCompiler, set: [Int], errorRegister: Int
  ) throws(SourceDiagnostic) {
    var flow = FlowCheck(compiler, errorRegister: errorRegister)
    flow.follow(from: RegisterSet(set, count: compiler.registerCount))
    try flow.refuseUnreachable()
    try flow.refuseUnset()
  }

  private init(_ compiler: ModelCompiler, errorRegister: Int) {
    code = compiler.code
    places = compiler.places
    names = compiler.scope.names
    shape = ProgramShape(
      variableRegisters: compiler.variables.map(\.register), errorRegister: errorRegister)
    known = Array(repeating: nil, count: compiler.code.count)
  }

  private mutating func follow(from start: RegisterSet) {
    guard !code.isEmpty else { return }
    known[0] = start
    var waiting = [0]
    while let place = waiting.popLast() {
      guard let before = known[place] else { continue }
      for (target, sets) in code[place].successors(of: place, shape) where target < code.count {
        var after = before
        for register in sets { after.insert(register) }
        if let old = known[target] {
          let both = old.intersection(after)
          guard both != old else { continue }
          known[target] = both
        } else {
          known[target] = after
        }
        waiting.append(target)
      }
    }
  }

  private func refuseUnreachable() throws(SourceDiagnostic) {
    for index in code.indices where known[index] == nil {
      guard let place = places[index] else { continue }
      // A step of several instructions is reached where any of them is, and so is one that is compiled twice.
      let isReached = code.indices.contains {
        known[$0] != nil && places[$0]?.path == place.path
      }
      if isReached { continue }
      throw place.mistake(
        "this step is never reached",
        expected: "a way to it: what stands before it always ends or goes elsewhere")
    }
  }

  private func refuseUnset() throws(SourceDiagnostic) {
    for index in code.indices {
      guard let set = known[index] else { continue }
      for register in code[index].reads where register < names.count && !set.contains(register) {
        let place = places[index] ?? places[index...].compactMap(\.self).first
        guard let place else { continue }
        throw place.mistake(
          "\"\(names[register])\" may be used before it is set",
          expected: "a step before it that sets it, on every way that leads here")
      }
    }
  }
}

/// A set of small numbers.
struct RegisterSet: Equatable {
  private var words: [UInt64]

  init(_ members: [Int], count: Int) {
    words = Array(repeating: 0, count: count / 64 + 1)
    for member in members { insert(member) }
  }

  func contains(_ member: Int) -> Bool { words[member / 64] >> UInt64(member % 64) & 1 == 1 }

  mutating func insert(_ member: Int) { words[member / 64] |= 1 << UInt64(member % 64) }

  func intersection(_ other: RegisterSet) -> RegisterSet {
    var copy = self
    for index in words.indices { copy.words[index] &= other.words[index] }
    return copy
  }
}
