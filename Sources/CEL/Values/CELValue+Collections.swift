import ValueTree

extension CELValue {
  /// The number of elements of a list or entries of a map, or nil for another kind.
  var collectionCount: Int? {
    switch self {
    case .list(let list): list.count
    case .map(let map): map.count
    case .tree(let tree): tree.count
    default: nil
    }
  }

  /// The elements of a list, or nil for another kind.
  var listElements: [CELValue]? {
    switch self {
    case .list(let list): list
    case .tree(let tree) where tree.isList: tree.elements.map { CELValue($0) }
    default: nil
    }
  }

  var isList: Bool {
    switch self {
    case .list: true
    case .tree(let tree): tree.isList
    default: false
    }
  }

  var isMap: Bool {
    switch self {
    case .map: true
    case .tree(let tree): tree.isMap
    default: false
    }
  }

  /// The entries of a map in order, or nil for another kind.
  var mapEntries: (keys: [CELValue], values: [CELValue])? {
    switch self {
    case .map(let map): return (map.keys, map.values)
    case .tree(let tree) where tree.isMap:
      var keys: [CELValue] = []
      var values: [CELValue] = []
      for (key, value) in tree.members {
        keys.append(.string(key.text))
        values.append(CELValue(value))
      }
      return (keys, values)
    default: return nil
    }
  }

  /// What stands under a key of a map, or at an index of a list; nil where nothing does or where this
  /// is neither.
  func element(_ key: CELValue) -> CELValue? {
    switch self {
    case .map(let map): return map[key]
    case .tree(let tree):
      if tree.isMap {
        guard case .string(let text) = key else { return nil }
        return tree[Key(text)].map { CELValue($0) }
      }
      guard let index = key.listIndex else { return nil }
      return tree[index].map { CELValue($0) }
    case .list(let list):
      guard let index = key.listIndex, index >= 0, index < list.count else { return nil }
      return list[index]
    default: return nil
    }
  }

  /// The value as a list index: any number without fraction.
  var listIndex: Int? {
    switch self {
    case .int(let int): Int(int)
    case .uint(let uint): Int(exactly: uint)
    case .double(let double): Int(exactly: double)
    default: nil
    }
  }
}
