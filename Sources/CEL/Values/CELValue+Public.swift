public import Scalars

extension CELValue {
  /// The elements of a list, or nil for another kind.
  ///
  /// - Complexity: O(count) for a list of data.
  public var elements: [CELValue]? { listElements }

  /// The entries of a map in order, or nil for another kind.
  ///
  /// - Complexity: O(count) for a map of data.
  public var entries: [(key: CELValue, value: CELValue)]? {
    mapEntries.map { Array(zip($0.keys, $0.values)) }
  }
}

extension CELMap {
  /// A map with keys of any kind that can be one; others are left out.
  ///
  /// - Parameter entries: The entries; a later one replaces an earlier one under the same key.
  public init(keyed entries: some Sequence<(CELValue, CELValue)>) {
    var builder = Builder()
    for (key, value) in entries { builder.set(key, value) }
    self = builder.map()
  }
}

extension [UInt8] {
  /// The bytes as base64.
  public var base64: String { Base64.encode(self) }

  /// The bytes that base64 stands for, with or without padding; nil for another text.
  ///
  /// - Parameter text: The text.
  public init?(base64 text: String) {
    guard case .bytes(let bytes) = Base64.decode(text) else { return nil }
    self = bytes
  }
}

extension GoDuration {
  /// The length in seconds, as `string(duration)` gives it: `1.5s`.
  public var secondsText: String { NumberFormat.seconds(self) }
}
