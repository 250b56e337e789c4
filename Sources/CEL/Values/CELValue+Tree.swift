public import ValueTree

extension CELValue {
  /// The value as data: times, bytes and Kubernetes' scalars as their texts, missing optionals as null,
  /// a uint beyond what an int holds and what no JSON number is as text.
  ///
  /// - Parameter nodesMax: How many parts the value may have, spelled out.
  /// - Returns: The data, or nil for an error, an unknown, or a value that is too large.
  public func tree(nodesMax: Int = 1_000_000) -> Value? {
    var budget = nodesMax
    return tree(&budget)
  }

  private func tree(_ budget: inout Int) -> Value? {
    budget -= 1
    guard budget >= 0 else { return nil }
    switch self {
    case .null: return .null
    case .bool(let bool): return Value(bool)
    case .int(let int): return Value(int)
    case .uint(let uint): return Int64(exactly: uint).map { Value($0) } ?? Value(String(uint))
    case .double(let double):
      return double.isFinite ? Value(double) : Value(NumberFormat.general(double))
    case .string(let text): return Value(text)
    case .bytes(let bytes): return Value(bytes.base64)
    case .type(let type): return Value(type.runtimeName)
    case .opaque(let value): return Value(value.text)
    case .optional(let optional):
      guard let value = optional.value else { return .null }
      return value.tree(&budget)
    case .tree(let tree): return tree
    case .list(let elements):
      var values: [Value] = []
      for element in elements {
        guard let value = element.tree(&budget) else { return nil }
        values.append(value)
      }
      return Value(values)
    case .map(let map):
      var members: [(Key, Value)] = []
      // `1` and `"1"` are two keys here and one there; the first stays.
      var seen: Set<String> = []
      for (key, value) in zip(map.keys, map.values) {
        guard case .string(let name) = Library.string(key), let value = value.tree(&budget) else {
          return nil
        }
        if seen.insert(name).inserted { members.append((Key(name), value)) }
      }
      return Value(members: members)
    case .error, .unknown: return nil
    default:
      guard case .string(let text) = Library.string(self) else { return nil }
      return Value(text)
    }
  }
}
