/// A map that an expression or a caller made; its entries keep the order in which they were given.
public struct CELMap: Sendable {
  /// A key in the form in which equal keys are the same: `1`, `1u` and `1.0` are one key.
  enum Key: Hashable, Sendable {
    case bool(Bool)
    case int(Int64)
    /// Beyond what an int holds.
    case uint(UInt64)
    case string(Text)

    /// Nil for a value that cannot be a key, and for a number that equals none.
    init?(_ value: CELValue) {
      switch value {
      case .bool(let bool): self = .bool(bool)
      case .int(let int): self = .int(int)
      case .uint(let uint): self = Int64(exactly: uint).map { .int($0) } ?? .uint(uint)
      case .double(let double):
        if let int = Int64(exactly: double) {
          self = .int(int)
        } else if let uint = UInt64(exactly: double) {
          self = .uint(uint)
        } else {
          return nil
        }
      case .string(let string): self = .string(Text(text: string))
      default: return nil
      }
    }
  }

  /// A text that equals only the same code points; Swift's own takes canonically equal ones as the same.
  struct Text: Hashable, Sendable {
    let text: String

    static func == (left: Text, right: Text) -> Bool { sameText(left.text, right.text) }

    func hash(into hasher: inout Hasher) {
      unsafe text.utf8Span.span.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
  }

  private final class Storage: Sendable {
    let keys: [CELValue]
    let values: [CELValue]
    /// Where each key stands, for maps that are too large to be gone through; never iterated.
    let index: [Key: Int]?
    /// What stands under every other key.
    let fallback: CELValue?

    init(keys: [CELValue], values: [CELValue], index: [Key: Int]?, fallback: CELValue? = nil) {
      self.keys = keys
      self.values = values
      self.index = index
      self.fallback = fallback
    }
  }

  private let storage: Storage

  private init(storage: Storage) { self.storage = storage }

  /// An empty map.
  public static let empty = CELMap(storage: Storage(keys: [], values: [], index: nil))

  /// The keys in order.
  public var keys: [CELValue] { storage.keys }

  /// The values in the order of their keys.
  public var values: [CELValue] { storage.values }

  /// The number of entries.
  public var count: Int { storage.keys.count }

  /// A map with string keys.
  ///
  /// - Parameter entries: The entries; a later one replaces an earlier one under the same key.
  public init(_ entries: some Sequence<(String, CELValue)>) {
    var builder = Builder()
    for (key, value) in entries { builder.set(.string(key), value) }
    self = builder.map()
  }

  /// The value under a key, or nil where there is none.
  ///
  /// - Parameter key: The key; numbers are compared by value.
  /// - Returns: The value.
  public subscript(key: CELValue) -> CELValue? {
    if let place = place(of: key) { return storage.values[place] }
    return storage.fallback
  }

  /// Maps up to this size are gone through: that is faster than hashing.
  private static let scannedMax = 8

  private func place(of key: CELValue) -> Int? {
    if case .string(let text) = key { return place(of: text) }
    guard let normal = Key(key) else { return nil }
    if let index = storage.index { return index[normal] }
    return storage.keys.firstIndex { Key($0) == normal }
  }

  private func place(of text: String) -> Int? {
    if let index = storage.index { return index[.string(Text(text: text))] }
    for place in storage.keys.indices {
      if case .string(let key) = storage.keys[place], sameText(key, text) { return place }
    }
    return nil
  }

  /// The same entries, with a value that is found under every other key; it is no entry itself.
  ///
  /// - Parameter value: The value.
  /// - Returns: The map.
  public func withFallback(_ value: CELValue) -> CELMap {
    CELMap(
      storage: Storage(
        keys: storage.keys, values: storage.values, index: storage.index, fallback: value))
  }

  /// Whether an entry has this key.
  func hasKey(_ key: CELValue) -> Bool { place(of: key) != nil }

  /// The value under a text.
  subscript(text key: String) -> CELValue? {
    if let place = place(of: key) { return storage.values[place] }
    return storage.fallback
  }

  /// Gathers entries.
  struct Builder {
    private var keys: [CELValue] = []
    private var values: [CELValue] = []
    private var index: [Key: Int] = [:]

    var count: Int { keys.count }

    /// Adds an entry; the answer is an error where the key cannot stand.
    mutating func add(_ key: CELValue, _ value: CELValue) -> Failure? {
      // A double equals whole numbers, but is no key.
      if case .double = key { return unfit(key) }
      guard let normal = Key(key) else { return unfit(key) }
      guard index.updateValue(keys.count, forKey: normal) == nil else {
        return Failure(.invalidKey, "the key \(key.summary) stands twice in one map")
      }
      keys.append(key)
      values.append(value)
      return nil
    }

    mutating func set(_ key: CELValue, _ value: CELValue) {
      guard let normal = Key(key) else { return }
      if let place = index[normal] {
        values[place] = value
      } else {
        index[normal] = keys.count
        keys.append(key)
        values.append(value)
      }
    }

    private func unfit(_ key: CELValue) -> Failure {
      Failure(
        .invalidKey,
        "\(key.summary) of type \(key.type) cannot be a key; expected bool, int, uint or string")
    }

    func map() -> CELMap {
      CELMap(
        storage: Storage(
          keys: keys, values: values, index: keys.count > CELMap.scannedMax ? index : nil))
    }
  }
}
