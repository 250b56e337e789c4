import ValueTree

/// Where a macro stands in its list or map.
struct Loop {
  private enum Source {
    case none, list, elements, members, map
  }

  private var source = Source.none
  private var list: [CELValue] = []
  private var elements = Value.emptyList.elements.makeIterator()
  private var members = Value.emptyMap.members.makeIterator()
  private var map = CELMap.empty
  private var next = 0
  /// The index of the current element.
  var index: Int { next - 1 }
  var isMap: Bool { source == .members || source == .map }

  /// Begins at the first element; the answer is whether the value is a list or map.
  mutating func begin(_ value: CELValue) -> Bool {
    next = 0
    switch value {
    case .list(let list):
      source = .list
      self.list = list
    case .map(let map):
      source = .map
      self.map = map
    case .tree(let tree):
      if tree.isList {
        source = .elements
        elements = tree.elements.makeIterator()
      } else {
        source = .members
        members = tree.members.makeIterator()
      }
    default:
      source = .none
      return false
    }
    return true
  }

  /// The next element of a list or key of a map.
  @inline(__always)
  mutating func advance() -> CELValue? {
    switch source {
    case .elements:
      guard let element = elements.next() else { return nil }
      next += 1
      return CELValue(element)
    case .list:
      guard next < list.count else { return nil }
      next += 1
      return list[next - 1]
    case .members:
      guard let member = members.next() else { return nil }
      next += 1
      return .string(member.key.text)
    case .map:
      guard next < map.count else { return nil }
      next += 1
      return map.keys[next - 1]
    case .none: return nil
    }
  }

  /// The next index or key, with the value.
  mutating func advancePair() -> (CELValue, CELValue)? {
    switch source {
    case .members:
      guard let member = members.next() else { return nil }
      next += 1
      return (.string(member.key.text), CELValue(member.value))
    case .map:
      guard next < map.count else { return nil }
      next += 1
      return (map.keys[next - 1], map.values[next - 1])
    default:
      guard let element = advance() else { return nil }
      return (.int(Int64(next - 1)), element)
    }
  }

  /// Lets go of what was gone through.
  mutating func end() {
    switch source {
    case .list: list = []
    case .elements: elements = Value.emptyList.elements.makeIterator()
    case .members: members = Value.emptyMap.members.makeIterator()
    case .map: map = .empty
    case .none: break
    }
    source = .none
  }
}

/// A list or map that is being made.
struct CollectionBuilder {
  var list: [CELValue] = []
  var map = CELMap.Builder()
  /// The error or unknown that takes the place of the collection.
  var failed: CELValue?

  mutating func begin() {
    list = []
    map = CELMap.Builder()
    failed = nil
  }
}
