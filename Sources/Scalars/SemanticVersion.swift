/// A version after Semantic Versioning 2.0.
///
/// Build metadata is kept and printed, but takes no part in comparing, equality or hashing, as in
/// Kubernetes. Numbers, also those in a pre-release, must fit 64 bits.
public struct SemanticVersion: ScalarValue {
  /// One of the identifiers of a pre-release; numbers come before words.
  public enum Identifier: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Only digits.
    case number(UInt64)
    /// Letters, digits and hyphens.
    case word(String)

    /// Orders numbers by value, before words, which are ordered by their bytes.
    public static func < (left: Identifier, right: Identifier) -> Bool {
      switch (left, right) {
      case (.number(let first), .number(let second)): first < second
      // Words are ASCII, where the order of Unicode scalars is the order of bytes.
      case (.word(let first), .word(let second)): first < second
      case (.number, .word): true
      case (.word, .number): false
      }
    }

    /// The identifier as text.
    public var description: String {
      switch self {
      case .number(let value): String(value)
      case .word(let text): text
      }
    }
  }

  /// The first number.
  public let major: UInt64
  /// The second number.
  public let minor: UInt64
  /// The third number.
  public let patch: UInt64
  /// The identifiers after the hyphen.
  public let prerelease: [Identifier]
  /// The identifiers after the plus sign.
  public let build: [String]

  /// Creates a version without pre-release and build metadata.
  ///
  /// - Parameters:
  ///   - major: The first number.
  ///   - minor: The second number.
  ///   - patch: The third number.
  public init(_ major: UInt64, _ minor: UInt64 = 0, _ patch: UInt64 = 0) {
    self.major = major
    self.minor = minor
    self.patch = patch
    self.prerelease = []
    self.build = []
  }

  /// Reads a version strictly: three numbers, no prefix, no leading zeros.
  ///
  /// - Parameter text: The version.
  /// - Throws: `ScalarError` naming the place.
  public init(parsing text: String) throws(ScalarError) {
    let bytes = text.utf8Span.span
    if bytes.isEmpty { throw ScalarError(.syntax, "Version string empty", at: 0) }
    var reader = VersionReader(end: bytes.count)
    major = try reader.number(bytes, "major")
    try reader.dot(bytes)
    minor = try reader.number(bytes, "minor")
    try reader.dot(bytes)
    patch = try reader.number(bytes, "patch")
    var prerelease: [Identifier] = []
    if reader.takes("-", bytes) {
      repeat {
        prerelease.append(try reader.prereleaseIdentifier(bytes, of: text))
      } while reader.takes(".", bytes)
    }
    var build: [String] = []
    if reader.takes("+", bytes) {
      repeat {
        let range = try reader.identifier(bytes, "Build meta data")
        build.append(slice(text, from: range.lowerBound, to: range.upperBound))
      } while reader.takes(".", bytes)
    }
    guard reader.position == bytes.count else {
      throw ScalarError(.syntax, "Invalid character(s) found in version", at: reader.position)
    }
    self.prerelease = prerelease
    self.build = build
  }

  /// Reads a version as Kubernetes' CEL does in `semver(text, true)`.
  ///
  /// A leading `v` is dropped, missing minor and patch numbers are zero, and leading zeros of the
  /// three numbers are stripped. A shortened version must have no pre-release and no build metadata.
  ///
  /// - Parameter text: The version.
  /// - Throws: `ScalarError`; its offset counts in the normalised text.
  public init(normalizing text: String) throws(ScalarError) {
    let body = text.utf8.first == UInt8(ascii: "v") ? text.utf8.dropFirst() : text.utf8[...]
    var parts = body.split(
      separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false
    )
    .map { Self.withoutLeadingZeros($0) }
    if parts.count < 3 {
      if let last = parts.last,
        last.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") })
      {
        throw ScalarError(
          .syntax, "short version cannot contain PreRelease/Build meta data")
      }
      while parts.count < 3 { parts.append([UInt8(ascii: "0")]) }
    }
    let joined = parts.joined(separator: [UInt8(ascii: ".")])
    try self.init(parsing: String(decoding: Array(joined), as: UTF8.self))
  }

  private static func withoutLeadingZeros(_ part: Substring.UTF8View) -> [UInt8] {
    guard part.count > 1 else { return Array(part) }
    let rest = Array(part.drop { $0 == UInt8(ascii: "0") })
    // One zero stays where the number was nothing but zeros.
    guard let first = rest.first, ASCII.isDigit(first) else { return [UInt8(ascii: "0")] + rest }
    return rest
  }

  /// The canonical text.
  public var description: String {
    var text = "\(major).\(minor).\(patch)"
    if !prerelease.isEmpty {
      text += "-" + prerelease.map(\.description).joined(separator: ".")
    }
    if !build.isEmpty { text += "+" + build.joined(separator: ".") }
    return text
  }

  /// Whether neither version precedes the other; build metadata does not count.
  public static func == (left: SemanticVersion, right: SemanticVersion) -> Bool {
    left.major == right.major && left.minor == right.minor && left.patch == right.patch
      && left.prerelease == right.prerelease
  }

  /// Hashes what equality looks at.
  ///
  /// - Parameter hasher: The hasher to feed.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(major)
    hasher.combine(minor)
    hasher.combine(patch)
    hasher.combine(prerelease)
  }

  /// Orders by precedence: numbers first, then a pre-release before its release.
  public static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
    if left.major != right.major { return left.major < right.major }
    if left.minor != right.minor { return left.minor < right.minor }
    if left.patch != right.patch { return left.patch < right.patch }
    if left.prerelease.isEmpty || right.prerelease.isEmpty {
      return !left.prerelease.isEmpty && right.prerelease.isEmpty
    }
    return left.prerelease.lexicographicallyPrecedes(right.prerelease)
  }
}

/// Walks over a version's text.
private struct VersionReader {
  var position = 0
  let end: Int

  init(end: Int) { self.end = end }

  mutating func takes(_ character: Unicode.Scalar, _ bytes: Span<UInt8>) -> Bool {
    guard position < end, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func dot(_ bytes: Span<UInt8>) throws(ScalarError) {
    guard takes(".", bytes) else {
      throw ScalarError(.syntax, "No Major.Minor.Patch elements found", at: position)
    }
  }

  mutating func number(_ bytes: Span<UInt8>, _ name: String) throws(ScalarError) -> UInt64 {
    let start = position
    while position < end, ASCII.isDigit(bytes[position]) { position += 1 }
    if position == start {
      throw ScalarError(.syntax, "Invalid character(s) found in \(name) number", at: position)
    }
    return try value(bytes, start..<position, "\(name) number")
  }

  mutating func prereleaseIdentifier(
    _ bytes: Span<UInt8>, of text: String
  ) throws(ScalarError) -> SemanticVersion.Identifier {
    let range = try identifier(bytes, "Prerelease")
    for index in range where !ASCII.isDigit(bytes[index]) {
      return .word(slice(text, from: range.lowerBound, to: range.upperBound))
    }
    return .number(try value(bytes, range, "numeric PreRelease version"))
  }

  mutating func identifier(
    _ bytes: Span<UInt8>, _ name: String
  ) throws(ScalarError) -> Range<Int> {
    let start = position
    while position < end,
      ASCII.isAlphanumeric(bytes[position]) || bytes[position] == UInt8(ascii: "-")
    {
      position += 1
    }
    if position == start { throw ScalarError(.syntax, "\(name) is empty", at: start) }
    return start..<position
  }

  private func value(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ name: String
  ) throws(ScalarError) -> UInt64 {
    if range.count > 1, bytes[range.lowerBound] == UInt8(ascii: "0") {
      throw ScalarError(
        .syntax, "The \(name) must not contain leading zeroes", at: range.lowerBound)
    }
    var value: UInt64 = 0
    for index in range {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(bytes[index] &- 0x30))
      if overflow || carry {
        throw ScalarError(.range, "The \(name) does not fit 64 bits", at: range.lowerBound)
      }
      value = sum
    }
    return value
  }
}
