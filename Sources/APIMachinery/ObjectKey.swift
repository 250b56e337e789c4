/// The name of an object within its resource: a namespace, empty for what is cluster-scoped, and a name.
///
/// It says nothing of identity: an object that is deleted and made again has the same key and another `UID`.
/// Keys order as etcd orders paths; objects are stored and listed by them.
public struct ObjectKey: Sendable {
  /// The namespace, empty for cluster-scoped objects.
  public let namespace: String
  /// The name.
  public let name: String
  /// The first bytes of the path: most comparisons end here, without a look at text far away.
  @usableFromInline let head: Head

  /// The key of `name` in `namespace`.
  public init(namespace: String = "", name: String) {
    self.namespace = namespace
    self.name = name
    head = Head(namespace, name)
    let count = UInt64(namespace.utf8.count)
    bytes = (count + UInt64(name.utf8.count) + 1) << 32 | count
  }

  /// The numbers of bytes of both texts: of their path above, of the namespace below.
  @usableFromInline let bytes: UInt64

  /// Whether the head says all there is.
  @inlinable @inline(__always) var isShort: Bool { bytes >> 32 <= 32 }

  /// The key as etcd has it behind the resource's prefix.
  public var path: String { Self.joined(namespace, name) }

  private static func joined(_ namespace: String, _ name: String) -> String {
    namespace.isEmpty ? name : String(joining: namespace, "/", name)
  }
}

extension ObjectKey: CustomStringConvertible {
  public var description: String { path }
}

// Comparisons are inlined into the searches of maps, and what they call is known to change nothing: so a key is compared
// where it lies, and not copied first with its two strings.
extension ObjectKey: Hashable {
  /// Whether the bytes are equal; texts that only look the same are different names.
  @inlinable @inline(__always)
  public static func == (left: ObjectKey, right: ObjectKey) -> Bool {
    guard left.head == right.head, left.bytes == right.bytes else { return false }
    return left.isShort || sameText(left.namespace, left.name, right.namespace, right.name)
  }

  @usableFromInline @inline(never) @_effects(readonly)
  static func sameText(
    _ namespace: String, _ name: String, _ otherNamespace: String, _ otherName: String
  ) -> Bool {
    order(namespace, otherNamespace) == 0 && order(name, otherName) == 0
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(namespace)
    hasher.combine(name)
  }
}

extension ObjectKey: Comparable {
  /// Orders by the bytes of the path, so `a-b/x` stands before `a/x`.
  @inlinable @inline(__always)
  public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
    if left.head.words.0 != right.head.words.0 { return left.head.words.0 < right.head.words.0 }
    if left.head.words.1 != right.head.words.1 { return left.head.words.1 < right.head.words.1 }
    if left.head.words.2 != right.head.words.2 { return left.head.words.2 < right.head.words.2 }
    if left.head.words.3 != right.head.words.3 { return left.head.words.3 < right.head.words.3 }
    // Where heads are equal and one path has more bytes than the other, the rest are zeros.
    if left.isShort, right.isShort { return left.bytes < right.bytes }
    return isTextBefore(left.namespace, left.name, right.namespace, right.name)
  }

  /// Orders two keys whose heads are equal.
  @usableFromInline @inline(never) @_effects(readonly)
  static func isTextBefore(
    _ namespace: String, _ name: String, _ otherNamespace: String, _ otherName: String
  ) -> Bool {
    if order(namespace, otherNamespace) == 0 { return order(name, otherName) < 0 }
    return order(joined(namespace, name), joined(otherNamespace, otherName)) < 0
  }

  /// Orders two texts by their bytes, eight at a time.
  private static func order(_ left: String, _ right: String) -> Int {
    let bytes = unsafe left.utf8Span.span.bytes
    let others = unsafe right.utf8Span.span.bytes
    let common = min(bytes.byteCount, others.byteCount)
    var offset = 0
    while offset + 8 <= common {
      // SAFETY: both have eight bytes from here on, and one below.
      let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let other = unsafe others.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if word != other { return UInt64(bigEndian: word) < UInt64(bigEndian: other) ? -1 : 1 }
      offset += 8
    }
    while offset < common {
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      let other = unsafe others.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      if byte != other { return byte < other ? -1 : 1 }
      offset += 1
    }
    return bytes.byteCount - others.byteCount
  }
}

extension ObjectKey {
  /// The first bytes of a key's path as numbers that order as they do; zero stands for what is missing.
  ///
  /// Names that a controller makes begin alike and differ behind that, so it holds more than a few.
  @frozen
  @usableFromInline
  struct Head: Sendable, Equatable, Comparable {
    @usableFromInline var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    @usableFromInline static let byteCount = 32

    @usableFromInline
    init(_ namespace: String, _ name: String) {
      unsafe withUnsafeMutableBytes(of: &words) { target in
        // SAFETY: no more bytes are written than there is room for.
        var count = 0
        func append(_ text: String) {
          let bytes = unsafe text.utf8Span.span.bytes
          let length = min(bytes.byteCount, Self.byteCount - count)
          unsafe bytes.withUnsafeBytes { source in
            guard let from = source.baseAddress, let to = target.baseAddress else { return }
            unsafe (to + count).copyMemory(from: from, byteCount: length)
          }
          count += length
        }
        append(namespace)
        if count > 0, count < Self.byteCount {
          unsafe target[count] = UInt8(ascii: "/")
          count += 1
        }
        append(name)
      }
      words = (
        UInt64(bigEndian: words.0), UInt64(bigEndian: words.1), UInt64(bigEndian: words.2),
        UInt64(bigEndian: words.3)
      )
    }

    @inlinable
    static func == (left: Head, right: Head) -> Bool {
      // Names differ at their ends sooner than at their beginnings.
      left.words.3 == right.words.3 && left.words.2 == right.words.2
        && left.words.1 == right.words.1 && left.words.0 == right.words.0
    }

    @inlinable
    static func < (left: Head, right: Head) -> Bool {
      if left.words.0 != right.words.0 { return left.words.0 < right.words.0 }
      if left.words.1 != right.words.1 { return left.words.1 < right.words.1 }
      if left.words.2 != right.words.2 { return left.words.2 < right.words.2 }
      return left.words.3 < right.words.3
    }
  }
}
