import Scalars
import Testing

@Suite("Names are judged by Kubernetes' rules, in its words")
struct DNSNamesTests {
  static let long63 = String(repeating: "a", count: 63)
  static let long64 = String(repeating: "a", count: 64)

  @Test("Subdomains, labels and DNS-1035 labels accept what Kubernetes accepts")
  func dns() {
    for name in ["a", "ab", "a-1", "1", "a--b", "0-9", Self.long63] {
      #expect(DNSNames.dns1123Label(name) == nil, "\(name)")
      #expect(DNSNames.dns1123Subdomain("\(name).\(name)") == nil, "\(name)")
    }
    for name in ["", "-a", "a-", "A", "a_b", "é", "a b", "a.", ".a", "a..b", "a.-b", "a-.b"] {
      #expect(DNSNames.dns1123Label(name) != nil, "\(name)")
      #expect(DNSNames.dns1123Subdomain(name) != nil, "\(name)")
      #expect(DNSNames.dns1035Label(name) != nil, "\(name)")
    }
    #expect(DNSNames.dns1035Label("a1") == nil)
    #expect(DNSNames.dns1035Label("1a") != nil)
    #expect(DNSNames.dns1123Subdomain(Self.long64 + ".a") == nil)
    let long = Array(repeating: "a", count: 127).joined(separator: ".")
    #expect(DNSNames.dns1123Subdomain(long) == nil)
    #expect(DNSNames.dns1123Subdomain(long + "a") == ["must be no more than 253 characters"])
    #expect(DNSNames.dns1123Label(Self.long64) == ["must be no more than 63 characters"])
    #expect(DNSNames.dns1123Label("a.b") == ["must not contain dots"])
  }

  @Test("Every character is judged by itself, wherever it stands")
  func everyCharacter() {
    for code in UInt8(1)..<128 {
      let character = String(UnicodeScalar(code))
      let isDigit = "0123456789".contains(character)
      let isLower = "abcdefghijklmnopqrstuvwxyz".contains(character)
      let isLetter = isLower || "ABCDEFGHIJKLMNOPQRSTUVWXYZ".contains(character)
      for before in 0...9 {
        for after in 0...9 {
          let text =
            String(repeating: "a", count: before) + character
            + String(repeating: "b", count: after)
          let isInside = before > 0 && after > 0
          let isLabel = isLower || isDigit || isInside && character == "-"
          #expect((DNSNames.dns1123Label(text) == nil) == isLabel, "\(text)")
          let isSubdomain = isLabel || isInside && character == "."
          #expect((DNSNames.dns1123Subdomain(text) == nil) == isSubdomain, "\(text)")
          let isValue = isLetter || isDigit || isInside && "-_.".contains(character)
          #expect((DNSNames.labelValue(text) == nil) == isValue, "\(text)")
        }
      }
    }
  }

  @Test("What is judged by its bytes is judged as with a message")
  func bytes() {
    var random = SeededRandom(seed: 11)
    let characters = Array("aZ0-_./é")
    var good = 0
    for _ in 0..<5_000 {
      let length = Int.random(in: 0...12, using: &random)
      var text = String((0..<length).map { _ in characters.randomElement(using: &random) ?? "a" })
      if Bool.random(using: &random) { text += Self.long63 }
      let isName = DNSNames.isQualifiedName(text.utf8Span.span)
      #expect(isName == (DNSNames.qualifiedName(text) == nil), "\(text)")
      #expect(
        DNSNames.isLabelValue(text.utf8Span.span) == (DNSNames.labelValue(text) == nil), "\(text)")
      if isName { good += 1 }
    }
    #expect(good > 100)
    for byte in UInt8(0)..<128 {
      let text = String(UnicodeScalar(byte))
      let isLetter = UnicodeScalar(byte).properties.isAlphabetic
      let isDigit = (0x30..<0x3A).contains(byte)
      #expect(DNSNames.isLabelValue(text.utf8Span.span) == (isLetter || isDigit), "\(byte)")
      #expect(
        DNSNames.isLabelValue("a\(text)a".utf8Span.span)
          == (isLetter || isDigit || "-_.".contains(text)), "\(byte)")
    }
  }

  @Test("The messages are Kubernetes' to the letter")
  func messages() {
    #expect(
      DNSNames.dns1123Subdomain("Bad") == [
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
          + "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex "
          + #"used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"#
      ])
    #expect(
      DNSNames.dns1123Label("Bad") == [
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
          + "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', "
          + "regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
      ])
    #expect(
      DNSNames.qualifiedName("") == [
        "name part must be non-empty",
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
          + "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex "
          + "used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      ])
    #expect(DNSNames.labelValue(Self.long64) == ["must be no more than 63 bytes"])
    #expect(
      DNSNames.labelValue("a b")?.first?.hasSuffix(
        "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
          + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')") == true)
  }

  @Test("Qualified names have at most one prefix, which is a subdomain")
  func qualifiedNames() {
    for name in [
      "simple", "now-with-dashes", "1-starts", "1234", "simple/simple", "example.com/X_y.z",
    ] {
      #expect(DNSNames.qualifiedName(name) == nil, "\(name)")
    }
    for name in ["-x", "x-", "a/b/c", "/x", "x/", "Ex.com/x", "a b", "", "_x", "é"] {
      #expect(DNSNames.qualifiedName(name) != nil, "\(name)")
    }
    #expect(DNSNames.qualifiedName("/x") == ["prefix part must be non-empty"])
    #expect(DNSNames.qualifiedName("a/b/c")?.count == 1)
    #expect(
      DNSNames.qualifiedName("a/" + Self.long64) == ["name part must be no more than 63 bytes"])
  }

  @Test("Label values may be empty, and hold no slash")
  func labelValues() {
    for value in ["", "a", "A_b.c-d", "1", Self.long63] {
      #expect(DNSNames.labelValue(value) == nil, "\(value)")
    }
    for value in ["-a", "a-", "a/b", "a b", "é"] { #expect(DNSNames.labelValue(value) != nil) }
  }

  @Test("Path segments are nearly anything")
  func pathSegments() {
    #expect(DNSNames.pathSegmentName("system:Node Reader") == nil)
    #expect(DNSNames.pathSegmentName(".") == ["may not be '.'"])
    #expect(DNSNames.pathSegmentName("..") == ["may not be '..'"])
    #expect(DNSNames.pathSegmentName("a/%") == ["may not contain '/'", "may not contain '%'"])
  }

  @Test("Finalizers need a prefix, but for the three standard ones")
  func finalizers() {
    for name in ["kubernetes", "orphan", "foregroundDeletion", "example.com/cleanup"] {
      #expect(DNSNames.finalizerName(name) == nil, "\(name)")
    }
    #expect(
      DNSNames.finalizerName("mine")
        == ["name is neither a standard finalizer name nor is it fully qualified"])
    #expect(DNSNames.finalizerName("")?.count == 3)
  }

  @Test("Port names are short and hold a letter and no double hyphen")
  func portNames() {
    for name in ["http", "a", "1a", "a-1-b", "fifteen-letters"] {
      #expect(DNSNames.portName(name) == nil, "\(name)")
    }
    #expect(DNSNames.portName("80") == ["must contain at least one letter (a-z)"])
    #expect(DNSNames.portName("a--b") == ["must not contain consecutive hyphens"])
    #expect(DNSNames.portName("-a") == ["must not begin or end with a hyphen"])
    #expect(DNSNames.portName("sixteen-letters-") != nil)
    #expect(DNSNames.portName("")?.count == 2)
  }
}
