import ValueTree

extension CostRule {
  /// What a call costs beyond the one unit of every step.
  func amount(_ first: CELValue, _ second: CELValue) -> UInt64 {
    switch self {
    case .one: 0
    case .scan(let arguments):
      Self.tenth(
        (arguments.contains(0) ? first.extent : 0) + (arguments.contains(1) ? second.extent : 0))
    case .elements(let argument): UInt64(argument == 0 ? first.extent : second.extent)
    case .elementProduct:
      UInt64(clamping: first.extent.multipliedReportingOverflow(by: second.extent).partialValue)
    case .shorter: Self.tenth(Swift.min(first.extent, second.extent))
    case .search: Self.tenth(first.extent) * Self.tenth(second.extent)
    case .match: Self.tenth(first.extent + 1) * ((UInt64(second.extent) + 3) / 4)
    }
  }

  func amount(_ arguments: [CELValue]) -> UInt64 {
    switch self {
    case .one: return 0
    case .scan(let places):
      var sum = 0
      for place in places where place < arguments.count { sum += arguments[place].extent }
      return Self.tenth(sum)
    default:
      guard let first = arguments.first else { return 0 }
      return amount(first, arguments.count > 1 ? arguments[1] : first)
    }
  }

  static func tenth(_ length: Int) -> UInt64 { (UInt64(length) + 9) / 10 }
}

extension CELValue {
  /// How much there is to go through: bytes of a text, elements of a collection, else one.
  var extent: Int {
    switch self {
    case .string(let text): text.utf8.count
    case .bytes(let bytes): bytes.count
    case .list(let list): list.count
    case .map(let map): map.count
    case .tree(let tree): tree.count
    default: 1
    }
  }
}
