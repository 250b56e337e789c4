/// An IPv4 or IPv6 address without a zone, with the meaning and the order of Go's `netip.Addr`.
///
/// An IPv4-mapped IPv6 address (`::ffff:1.2.3.4`) is an IPv6 address and differs from the IPv4 one.
/// Kubernetes' CEL refuses it: see `isIPv4Mapped`.
@frozen
public struct IPAddress: ScalarValue {
  /// Which protocol an address belongs to; IPv4 is less than IPv6.
  @frozen
  public enum Family: UInt8, Hashable, Sendable, CaseIterable {
    /// 32 bits.
    case v4 = 4
    /// 128 bits.
    case v6 = 6

    /// The number of bits of an address.
    @inlinable public var bitCount: Int { self == .v4 ? 32 : 128 }

    /// The address with all bits set.
    @inlinable public var allOnes: UInt128 { self == .v4 ? 0xffff_ffff : .max }
  }

  /// The address as a number, in the low bits.
  public let bits: UInt128

  /// The protocol.
  public let family: Family

  @usableFromInline
  init(unchecked bits: UInt128, _ family: Family) {
    self.bits = bits
    self.family = family
  }

  /// Creates an IPv4 address from its number.
  ///
  /// - Parameter v4: The address as a number.
  @inlinable
  public init(v4: UInt32) { self.init(unchecked: UInt128(v4), .v4) }

  /// Creates an IPv6 address from its number.
  ///
  /// - Parameter v6: The address as a number.
  @inlinable
  public init(v6: UInt128) { self.init(unchecked: v6, .v6) }

  /// Orders IPv4 before IPv6, then by number.
  @inlinable
  public static func < (left: IPAddress, right: IPAddress) -> Bool {
    left.family == right.family
      ? left.bits < right.bits : left.family.rawValue < right.family.rawValue
  }

  /// The next address, or nil after the last one of the family.
  public var successor: IPAddress? { advanced(by: 1) }

  /// The previous address, or nil before the first one.
  public var predecessor: IPAddress? { advanced(by: -1) }

  /// The address some steps away, or nil outside the family.
  ///
  /// - Parameter distance: The number of steps, of any sign.
  /// - Returns: The address there.
  public func advanced(by distance: Int128) -> IPAddress? {
    let (result, overflow) =
      distance < 0
      ? bits.subtractingReportingOverflow(distance.magnitude)
      : bits.addingReportingOverflow(distance.magnitude)
    guard !overflow, result <= family.allOnes else { return nil }
    return IPAddress(unchecked: result, family)
  }

  /// The bytes in network order: four or sixteen.
  public var bytes: [UInt8] {
    stride(from: family.bitCount - 8, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: bits >> $0)
    }
  }
}

extension IPAddress {
  /// Whether this is an IPv6 address that wraps an IPv4 address, in `::ffff:0:0/96`.
  public var isIPv4Mapped: Bool { family == .v6 && bits >> 32 == 0xffff }

  /// The wrapped IPv4 address of an IPv4-mapped one; any other address itself.
  public var unmapped: IPAddress {
    isIPv4Mapped ? IPAddress(unchecked: bits & 0xffff_ffff, .v4) : self
  }

  /// Whether this is `0.0.0.0` or `::`.
  public var isUnspecified: Bool { bits == 0 }

  /// Whether this is in `127.0.0.0/8`, or is `::1`.
  public var isLoopback: Bool {
    let address = unmapped
    return address.family == .v4 ? address.bits >> 24 == 127 : address.bits == 1
  }

  /// Whether this is in `224.0.0.0/4` or `ff00::/8`.
  public var isMulticast: Bool {
    let address = unmapped
    return address.family == .v4 ? address.bits >> 28 == 0xe : address.bits >> 120 == 0xff
  }

  /// Whether this is an IPv6 multicast address that does not leave the interface.
  public var isInterfaceLocalMulticast: Bool {
    family == .v6 && (bits >> 112) & 0xff0f == 0xff01
  }

  /// Whether this is in `224.0.0.0/24`, or an IPv6 multicast address that does not leave the link.
  public var isLinkLocalMulticast: Bool {
    let address = unmapped
    return address.family == .v4
      ? address.bits >> 8 == 0xe0_0000 : (address.bits >> 112) & 0xff0f == 0xff02
  }

  /// Whether this is in `169.254.0.0/16` or `fe80::/10`.
  public var isLinkLocalUnicast: Bool {
    let address = unmapped
    return address.family == .v4 ? address.bits >> 16 == 0xa9fe : address.bits >> 118 == 0x3fa
  }

  /// Whether this is a unicast address that may leave the link; private addresses count, as in Go.
  public var isGlobalUnicast: Bool {
    let address = unmapped
    if address.family == .v4, address.bits == address.family.allOnes { return false }
    return !address.isUnspecified && !address.isLoopback && !address.isMulticast
      && !address.isLinkLocalUnicast
  }

  /// Whether this is in one of the ranges of RFC 1918, or in `fc00::/7`.
  public var isPrivate: Bool {
    let address = unmapped
    guard address.family == .v4 else { return address.bits >> 121 == 0x7e }
    return address.bits >> 24 == 10 || address.bits >> 20 == 0xac1 || address.bits >> 16 == 0xc0a8
  }
}

extension IPAddress {
  /// The canonical text: dotted decimal, or RFC 5952.
  public var description: String {
    if family == .v4 { return Self.dotted(bits) }
    if isIPv4Mapped { return "::ffff:" + Self.dotted(bits & 0xffff_ffff) }
    // The longest run of at least two zero fields is shortened, the first one of equals.
    var best = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, field(end) == 0 { end += 1 }
      if end - start > Swift.max(best.count, 1) { best = start..<end }
      start = end + 1
    }
    var text = ""
    var index = 0
    while index < 8 {
      if index == best.lowerBound, !best.isEmpty {
        text += "::"
        index = best.upperBound
        continue
      }
      if index > 0, index != best.upperBound || best.isEmpty { text.append(":") }
      text += String(field(index), radix: 16)
      index += 1
    }
    return text
  }

  private func field(_ index: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: bits >> (112 - 16 * index))
  }

  private static func dotted(_ bits: UInt128) -> String {
    let bits = UInt32(truncatingIfNeeded: bits)
    return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
  }
}
