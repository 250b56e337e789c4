/// The name of an object within its resource: a namespace, empty for what is cluster-scoped, and a name.
///
/// It says nothing of identity: an object that is deleted and made again has the same key and another `UID`.
/// Keys order as etcd orders paths; objects are stored and listed by them.
public struct ObjectKey: Sendable {
  /// The namespace, empty for cluster-scoped objects.
  public let namespace: String
  /// The name.
  public let name: String
  /// The first sixteen bytes of the name: most comparisons end here, without a look at text far away.
  @usableFromInline let head: (UInt64, UInt64)

  /// The key of `name` in `namespace`.
  public init(namespace: String = "", name: String) {
    self.namespace = namespace
    self.name = name
    let bytes = unsafe name.utf8Span.span.bytes
    head = (bytes.word(at: 0), bytes.word(at: 8))
  }

  /// The key as etcd has it behind the resource's prefix.
  public var path: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }
}

extension ObjectKey: CustomStringConvertible {
  public var description: String { path }
}

extension ObjectKey: Hashable {
  /// Whether the bytes are equal; texts that only look the same are different names.
  @inlinable
  public static func == (left: ObjectKey, right: ObjectKey) -> Bool {
    left.head == right.head && left.orderOfTails(right) == 0 && left.namespace == right.namespace
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(namespace)
    hasher.combine(name)
  }
}

extension ObjectKey: Comparable {
  /// Orders by the bytes of the path, so `a-b/x` stands before `a/x`.
  @inlinable
  public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
    guard left.namespace == right.namespace else { return left.isInNamespaceBefore(right) }
    if left.head.0 != right.head.0 { return left.head.0 < right.head.0 }
    if left.head.1 != right.head.1 { return left.head.1 < right.head.1 }
    return left.orderOfTails(right) < 0
  }

  /// Orders two names by what is behind their heads, which are equal.
  @usableFromInline
  func orderOfTails(_ other: ObjectKey) -> Int {
    let count = name.utf8.count
    let otherCount = other.name.utf8.count
    if count > 16 && otherCount > 16 {
      let bytes = unsafe name.utf8Span.span.bytes
      let otherBytes = unsafe other.name.utf8Span.span.bytes
      for offset in stride(from: 16, to: min(count, otherCount), by: 8) {
        let word = bytes.word(at: offset)
        let otherWord = otherBytes.word(at: offset)
        if word != otherWord { return word < otherWord ? -1 : 1 }
      }
    }
    return count - otherCount
  }

  /// Orders two different namespaces as if a slash stood behind them.
  @usableFromInline
  func isInNamespaceBefore(_ other: ObjectKey) -> Bool {
    if namespace.isEmpty || other.namespace.isEmpty {
      return path.utf8.lexicographicallyPrecedes(other.path.utf8)
    }
    let bytes = namespace.utf8Span.span
    let otherBytes = other.namespace.utf8Span.span
    let slash = UInt8(ascii: "/")
    let common = min(bytes.count, otherBytes.count)
    for index in 0..<common where bytes[index] != otherBytes[index] {
      return bytes[index] < otherBytes[index]
    }
    // One is the beginning of the other.
    return bytes.count > common
      ? bytes[common] < slash : otherBytes.count > common && slash < otherBytes[common]
  }
}

extension RawSpan {
  /// Eight bytes from `offset` on as a number that orders as they do; zero stands for what is missing.
  fileprivate func word(at offset: Int) -> UInt64 {
    if offset + 8 <= byteCount {
      let word = unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      return UInt64(bigEndian: word)
    }
    var word: UInt64 = 0
    var shift: UInt64 = 56
    for index in stride(from: offset, to: byteCount, by: 1) {
      word |= UInt64(unsafe unsafeLoad(fromByteOffset: index, as: UInt8.self)) << shift
      shift &-= 8
    }
    return word
  }
}
