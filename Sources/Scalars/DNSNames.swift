/// The rules for names in Kubernetes, with the messages a server gives for a broken one.
///
/// Each function returns nil for a good name, or the list of what is wrong with it. The wording is
/// that of Kubernetes 1.36, oddities included (a doubled space before the second example; `bytes`
/// for labels, `characters` for DNS names), because clients and tests compare it.
public enum DNSNames {
  /// The longest DNS-1123 subdomain.
  public static let subdomainLengthMax = 253

  /// The longest DNS label.
  public static let labelLengthMax = 63

  /// Checks a DNS-1123 subdomain: the name of most objects.
  ///
  /// - Parameter name: The name.
  /// - Returns: What is wrong, or nil.
  public static func dns1123Subdomain(_ name: String) -> [String]? {
    let bytes = name.utf8Span.span
    var messages = tooLong(bytes.count, subdomainLengthMax, "characters")
    if !isSubdomain(bytes) {
      messages.append(
        rule(
          "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "
            + "'-' or '.', and must start and end with an alphanumeric character",
          subdomainPattern, ["example.com"]))
    }
    return messages.isEmpty ? nil : messages
  }

  /// Checks a DNS-1123 label: the name of a namespace, a container, a volume.
  ///
  /// - Parameter name: The name.
  /// - Returns: What is wrong, or nil.
  public static func dns1123Label(_ name: String) -> [String]? {
    let bytes = name.utf8Span.span
    var messages = tooLong(bytes.count, labelLengthMax, "characters")
    if !isLabel(bytes) {
      // What is a subdomain and no label can only have dots too many.
      messages.append(
        isSubdomain(bytes)
          ? "must not contain dots"
          : rule(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or "
              + "'-', and must start and end with an alphanumeric character",
            labelPattern, ["my-name", "123-abc"]))
    }
    return messages.isEmpty ? nil : messages
  }

  /// Checks a DNS-1035 label, which starts with a letter: the name of a Service.
  ///
  /// - Parameter name: The name.
  /// - Returns: What is wrong, or nil.
  public static func dns1035Label(_ name: String) -> [String]? {
    let bytes = name.utf8Span.span
    var messages = tooLong(bytes.count, labelLengthMax, "characters")
    if !isLabel(bytes) || ASCII.isDigit(bytes[0]) {
      messages.append(
        rule(
          "a DNS-1035 label must consist of lower case alphanumeric characters or '-', "
            + "start with an alphabetic character, and end with an alphanumeric character",
          "[a-z]([-a-z0-9]*[a-z0-9])?", ["my-name", "abc-123"]))
    }
    return messages.isEmpty ? nil : messages
  }

  /// Checks a qualified name: a label or annotation key, with an optional subdomain as its prefix.
  ///
  /// - Parameter name: The name: `app`, `example.com/app`.
  /// - Returns: What is wrong, or nil.
  public static func qualifiedName(_ name: String) -> [String]? {
    // Labels are checked at every write, and hardly ever wrong.
    if isQualifiedName(name.utf8Span.span) { return nil }
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
    var messages: [String] = []
    guard parts.count <= 2, let last = parts.last else {
      return [
        "a valid label key " + rule(qualifiedNameRule, qualifiedNamePattern, qualifiedNameExamples)
          + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
      ]
    }
    if parts.count == 2, let prefix = parts.first {
      messages =
        prefix.isEmpty
        ? ["prefix part must be non-empty"]
        : (dns1123Subdomain(prefix) ?? []).map { "prefix part " + $0 }
    }
    let bytes = last.utf8Span.span
    if bytes.isEmpty {
      messages.append("name part must be non-empty")
    } else {
      messages += tooLong(bytes.count, labelLengthMax, "bytes").map { "name part " + $0 }
    }
    if !isQualifiedPart(bytes) {
      messages.append(
        "name part " + rule(qualifiedNameRule, qualifiedNamePattern, qualifiedNameExamples))
    }
    return messages.isEmpty ? nil : messages
  }

  /// Checks the value of a label; it may be empty.
  ///
  /// - Parameter value: The value.
  /// - Returns: What is wrong, or nil.
  public static func labelValue(_ value: String) -> [String]? {
    let bytes = value.utf8Span.span
    var messages = tooLong(bytes.count, labelLengthMax, "bytes")
    if !bytes.isEmpty, !isQualifiedPart(bytes) {
      messages.append(
        rule(
          "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' "
            + "or '.', and must start and end with an alphanumeric character",
          "(\(qualifiedNamePattern))?", ["MyValue", "my_value", "12345"]))
    }
    return messages.isEmpty ? nil : messages
  }

  /// Checks a name that need only be a segment of a path: the name of a Role, for one.
  ///
  /// - Parameter name: The name.
  /// - Returns: What is wrong, or nil.
  public static func pathSegmentName(_ name: String) -> [String]? {
    if name == "." || name == ".." { return ["may not be '\(name)'"] }
    var messages: [String] = []
    for forbidden in ["/", "%"] where name.utf8.contains(forbidden.utf8.first ?? 0) {
      messages.append("may not contain '\(forbidden)'")
    }
    return messages.isEmpty ? nil : messages
  }

  /// Checks a finalizer of a built-in kind: a qualified name with a prefix, or one of three others.
  ///
  /// Custom resources are held to `qualifiedName` alone.
  ///
  /// - Parameter name: The finalizer.
  /// - Returns: What is wrong, or nil.
  public static func finalizerName(_ name: String) -> [String]? {
    var messages = qualifiedName(name) ?? []
    if !name.utf8.contains(UInt8(ascii: "/")), !standardFinalizers.contains(name) {
      messages.append("name is neither a standard finalizer name nor is it fully qualified")
    }
    return messages.isEmpty ? nil : messages
  }

  /// Checks the name of a port: at most 15 lower case letters, digits and single hyphens.
  ///
  /// - Parameter name: The name.
  /// - Returns: What is wrong, or nil.
  public static func portName(_ name: String) -> [String]? {
    let bytes = name.utf8Span.span
    var messages = tooLong(bytes.count, 15, "characters")
    var hasOnlyGood = !bytes.isEmpty
    var hasLetter = false
    var hasPair = false
    for index in bytes.indices {
      let isHyphen = bytes[index] == UInt8(ascii: "-")
      hasOnlyGood = hasOnlyGood && (isHyphen || ASCII.isLowerAlphanumeric(bytes[index]))
      hasLetter = hasLetter || ASCII.isLower(bytes[index])
      hasPair = hasPair || (isHyphen && index > 0 && bytes[index - 1] == UInt8(ascii: "-"))
    }
    if !hasOnlyGood {
      messages.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    }
    if !hasLetter { messages.append("must contain at least one letter (a-z)") }
    if hasPair { messages.append("must not contain consecutive hyphens") }
    if name.utf8.first == UInt8(ascii: "-") || name.utf8.last == UInt8(ascii: "-") {
      messages.append("must not begin or end with a hyphen")
    }
    return messages.isEmpty ? nil : messages
  }
}

extension DNSNames {
  private static let standardFinalizers = ["kubernetes", "orphan", "foregroundDeletion"]
  private static let labelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
  private static let subdomainPattern = labelPattern + "(\\." + labelPattern + ")*"
  private static let qualifiedNamePattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
  private static let qualifiedNameExamples = ["MyName", "my.name", "123-abc"]
  private static let qualifiedNameRule =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    + "alphanumeric character"

  private static func tooLong(_ count: Int, _ limit: Int, _ unit: String) -> [String] {
    count > limit ? ["must be no more than \(limit) \(unit)"] : []
  }

  private static func rule(_ message: String, _ pattern: String, _ examples: [String]) -> String {
    let list = examples.map { "'\($0)', " }.joined(separator: " or ")
    return "\(message) (e.g. \(list)regex used for validation is '\(pattern)')"
  }

  private static func isLabel(_ bytes: Span<UInt8>) -> Bool {
    guard !bytes.isEmpty, bytes[0] != UInt8(ascii: "-"), bytes[bytes.count - 1] != UInt8(ascii: "-")
    else {
      return false
    }
    return NameBytes.label.holds(bytes)
  }

  private static func isSubdomain(_ bytes: Span<UInt8>) -> Bool {
    guard !bytes.isEmpty, NameBytes.subdomain.holds(bytes) else { return false }
    // Every label must begin and end with a letter or digit: no hyphen and no dot at the ends or beside a dot.
    var isBroken = true
    for index in bytes.indices {
      let byte = bytes[index]
      let isDot = byte == UInt8(ascii: ".")
      if isBroken, isDot || byte == UInt8(ascii: "-") { return false }
      if isDot, bytes[index - 1] == UInt8(ascii: "-") { return false }
      isBroken = isDot
    }
    return !isBroken && bytes[bytes.count - 1] != UInt8(ascii: "-")
  }

  /// Whether `qualifiedName` finds nothing wrong, without a text being made.
  public static func isQualifiedName(_ bytes: Span<UInt8>) -> Bool {
    var start = 0
    for index in bytes.indices where bytes[index] == UInt8(ascii: "/") {
      if start > 0 || index > subdomainLengthMax || !isSubdomain(bytes.extracting(0..<index)) {
        return false
      }
      start = index + 1
    }
    return bytes.count - start <= labelLengthMax
      && isQualifiedPart(bytes.extracting(start..<bytes.count))
  }

  /// Whether `labelValue` finds nothing wrong, without a text being made.
  public static func isLabelValue(_ bytes: Span<UInt8>) -> Bool {
    bytes.isEmpty || bytes.count <= labelLengthMax && isQualifiedPart(bytes)
  }

  private static func isQualifiedPart(_ bytes: Span<UInt8>) -> Bool {
    guard !bytes.isEmpty, ASCII.isAlphanumeric(bytes[0]),
      ASCII.isAlphanumeric(bytes[bytes.count - 1])
    else { return false }
    return NameBytes.qualified.holds(bytes)
  }
}
