/// A network prefix: an address and how many of its leading bits name the network.
///
/// The address may have bits after the prefix, as in Go's `netip.Prefix`; `masked` clears them. Two
/// prefixes that differ there are different values that contain the same addresses.
@frozen
public struct CIDR: ScalarValue {
  /// The address as written.
  public let address: IPAddress

  /// The number of leading bits that name the network.
  public let prefixLength: Int

  /// Creates a prefix, or nil if the length does not fit the family.
  ///
  /// - Parameters:
  ///   - address: The address.
  ///   - prefixLength: The number of leading bits that name the network.
  public init?(_ address: IPAddress, prefixLength: Int) {
    guard prefixLength >= 0, prefixLength <= address.family.bitCount else { return nil }
    self.address = address
    self.prefixLength = prefixLength
  }

  init(unchecked address: IPAddress, _ prefixLength: Int) {
    self.address = address
    self.prefixLength = prefixLength
  }

  /// Reads a prefix: `10.0.0.0/8`, `2001:db8::/32`.
  ///
  /// - Parameter text: The address, a slash and the length without leading zeros.
  /// - Throws: `ScalarError` with Go's message.
  public init(parsing text: String) throws(ScalarError) {
    let bytes = text.utf8Span.span
    var slash = bytes.count - 1
    while slash >= 0, bytes[slash] != UInt8(ascii: "/") { slash -= 1 }
    guard slash >= 0 else { throw Self.fault(text, "no '/'", at: nil) }
    let address: IPAddress
    do throws(IPAddress.Fault) {
      address = try IPAddress.parse(bytes.extracting(0..<slash))
    } catch {
      let part = slice(text, from: 0, to: slash)
      if error.isZone {
        throw ScalarError(
          .unsupported,
          "netip.ParsePrefix(\(quoted(text))): IPv6 zones cannot be present in a prefix",
          at: error.offset)
      }
      let cause = error.error(in: part, function: "ParseAddr")
      throw Self.fault(text, cause.message, at: cause.offset)
    }
    var length = 0
    let digits = bytes.count - slash - 1
    let badBits = "bad bits after slash: \(quoted(slice(text, from: slash + 1)))"
    guard digits > 0, digits <= 3, digits == 1 || bytes[slash + 1] != UInt8(ascii: "0") else {
      throw Self.fault(text, badBits, at: slash + 1)
    }
    for index in slash + 1..<bytes.count {
      guard ASCII.isDigit(bytes[index]) else { throw Self.fault(text, badBits, at: index) }
      length = length * 10 + Int(bytes[index] &- 0x30)
    }
    guard length <= address.family.bitCount else {
      throw ScalarError(
        .range, "netip.ParsePrefix(\(quoted(text))): prefix length out of range", at: slash + 1)
    }
    self.init(unchecked: address, length)
  }

  private static func fault(_ text: String, _ message: String, at offset: Int?) -> ScalarError {
    ScalarError(.syntax, "netip.ParsePrefix(\(quoted(text))): \(message)", at: offset)
  }

  /// The address, a slash and the length; bits after the prefix are kept.
  public var description: String { "\(address)/\(prefixLength)" }

  /// The protocol.
  public var family: IPAddress.Family { address.family }

  /// The bits after the prefix, all set.
  private var hostMask: UInt128 {
    // A shift by the full width gives zero.
    family.allOnes >> prefixLength
  }

  /// The first address of the network.
  public var first: IPAddress { IPAddress(unchecked: address.bits & ~hostMask, family) }

  /// The last address of the network; in IPv4, its broadcast address.
  public var last: IPAddress { IPAddress(unchecked: address.bits | hostMask, family) }

  /// The prefix without bits after it.
  public var masked: CIDR { CIDR(unchecked: first, prefixLength) }

  /// Whether no bit after the prefix is set.
  public var isMasked: Bool { address.bits & hostMask == 0 }

  /// The number of addresses; that of `::/0`, 2^128, saturates at the largest number.
  public var count: UInt128 { hostMask == .max ? .max : hostMask + 1 }

  /// Whether an address is in the network; one of the other family never is.
  ///
  /// - Parameter address: The address to look for.
  /// - Returns: Whether it is inside.
  public func contains(_ address: IPAddress) -> Bool {
    address.family == family && (address.bits ^ self.address.bits) & ~hostMask == 0
  }

  /// Whether all of another network is in this one.
  ///
  /// - Parameter other: The other network.
  /// - Returns: Whether it is inside, or the same.
  public func contains(_ other: CIDR) -> Bool {
    other.prefixLength >= prefixLength && contains(other.address)
  }

  /// Whether the networks have an address in common.
  ///
  /// - Parameter other: The other network.
  /// - Returns: Whether they overlap.
  public func overlaps(_ other: CIDR) -> Bool {
    prefixLength <= other.prefixLength ? contains(other.address) : other.contains(address)
  }

  /// The address at an index from the first, or nil beyond the last.
  ///
  /// - Parameter index: The index, from zero.
  /// - Returns: The address there.
  public func address(at index: UInt128) -> IPAddress? {
    index <= hostMask ? IPAddress(unchecked: first.bits + index, family) : nil
  }

  /// Orders by family, network, length, and then the bits after the prefix.
  public static func < (left: CIDR, right: CIDR) -> Bool {
    if left.family != right.family { return left.address < right.address }
    let (first, second) = (left.first, right.first)
    if first != second { return first < second }
    if left.prefixLength != right.prefixLength { return left.prefixLength < right.prefixLength }
    return left.address < right.address
  }
}
