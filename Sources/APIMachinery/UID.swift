/// The identity of an object: never reused, also when the object is deleted and made again by the same name.
///
/// Real servers draw version 4 UUIDs; Drydock computes them (`IdentitySource`) and prints them the same way.
public struct UID: Sendable, Hashable, Comparable {
  /// The upper 64 bits.
  public let high: UInt64
  /// The lower 64 bits.
  public let low: UInt64

  /// The identity with these bits.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads the form with 8-4-4-4-12 hexadecimal digits; nil for anything else.
  public init?(_ text: String) {
    var digits = 0
    var high: UInt64 = 0
    var low: UInt64 = 0
    for (index, byte) in text.utf8.enumerated() {
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { return nil }
      if digits < 16 {
        high = high << 4 | UInt64(digit)
      } else {
        low = low << 4 | UInt64(digit)
      }
      digits += 1
    }
    guard digits == 32, text.utf8.count == 36 else { return nil }
    self.init(high: high, low: low)
  }

  public static func < (left: UID, right: UID) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }
}

extension UID: CustomStringConvertible {
  /// The UUID form, in lower case.
  public var description: String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(36)
    for place in 0..<32 {
      if place == 8 || place == 12 || place == 16 || place == 20 {
        bytes.append(UInt8(ascii: "-"))
      }
      let half = place < 16 ? high : low
      let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - place % 16 * 4)) & 0xF
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Computes identities, so that a world's UIDs and generated names depend on what exists and not on how it
/// came to be: equal worlds are equal wherever they are computed.
public struct IdentitySource: Sendable, Hashable {
  /// What tells two worlds with the same objects apart.
  public let seed: UInt64

  /// A source.
  public init(seed: UInt64 = 0) { self.seed = seed }

  /// The UID of the `incarnation`th object of this name (from 0).
  public func uid(resource: String, key: ObjectKey, incarnation: UInt32) -> UID {
    var hash = StableHash(seed: seed)
    hash.combine(resource)
    hash.combine(key.namespace)
    hash.combine(key.name)
    hash.combine(UInt64(incarnation))
    let high = hash.value
    hash.combine(0x7569_6400)
    let low = hash.value
    // The marks of a version 4 UUID.
    return UID(
      high: high & ~0xF000 | 0x4000, low: low & ~(0b11 << 62) | 0b10 << 62)
  }

  /// The five characters that Kubernetes puts behind `generateName`, from the same alphabet without vowels.
  public func nameSuffix(resource: String, namespace: String, base: String, index: UInt32) -> String
  {
    var hash = StableHash(seed: seed)
    hash.combine(resource)
    hash.combine(namespace)
    hash.combine(base)
    hash.combine(UInt64(index))
    let alphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
    var rest = hash.value
    var suffix = ""
    for _ in 0..<5 {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: UInt64(alphabet.count))
      suffix.unicodeScalars.append(UnicodeScalar(alphabet[Int(remainder)]))
      rest = quotient
    }
    return suffix
  }
}
