import Scalars

/// A format that texts can be checked against: `format.dns1123Label().validate(name)`.
final class NamedFormat: OpaqueValue {
  let name: String
  /// What is wrong with a text, empty where nothing is.
  let problems: @Sendable (String) -> [String]

  var type: CELType { .format }
  var text: String { "format.\(name)()" }

  init(_ name: String, _ problems: @escaping @Sendable (String) -> [String]) {
    self.name = name
    self.problems = problems
  }

  func equals(_ other: any OpaqueValue) -> Bool {
    (other as? NamedFormat)?.name == name
  }

  /// The formats that Kubernetes names.
  static let all: [NamedFormat] = [
    NamedFormat("dns1123Label") { DNSNames.dns1123Label($0) ?? [] },
    NamedFormat("dns1123Subdomain") { DNSNames.dns1123Subdomain($0) ?? [] },
    NamedFormat("dns1035Label") { DNSNames.dns1035Label($0) ?? [] },
    NamedFormat("qualifiedName") { DNSNames.qualifiedName($0) ?? [] },
    NamedFormat("dns1123LabelPrefix") { DNSNames.dns1123Label(completed($0)) ?? [] },
    NamedFormat("dns1123SubdomainPrefix") { DNSNames.dns1123Subdomain(completed($0)) ?? [] },
    NamedFormat("dns1035LabelPrefix") { DNSNames.dns1035Label(completed($0)) ?? [] },
    NamedFormat("labelValue") { DNSNames.labelValue($0) ?? [] },
    NamedFormat("uri") { text in
      if case .failure(let problem) = URLValue.parse(text) { return [problem.message] }
      return []
    },
    NamedFormat("uuid") { isUUID($0) ? [] : ["does not match the UUID format"] },
    NamedFormat("byte") { text in
      if case .bytes = Base64.decode(text) { return [] }
      return ["invalid base64"]
    },
    NamedFormat("date") { Timestamp("\($0)T00:00:00Z") != nil ? [] : ["invalid date"] },
    NamedFormat("datetime") { Timestamp($0) != nil ? [] : ["invalid datetime"] },
  ]

  /// A prefix may end in a hyphen, as generated names do.
  private static func completed(_ prefix: String) -> String {
    prefix.hasSuffix("-") ? prefix.dropLast() + "a" : prefix
  }

  private static func isUUID(_ text: String) -> Bool {
    var digits = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "-") { continue }
      guard Lexer.hexValue(byte) != nil else { return false }
      digits += 1
    }
    let groups = text.split(separator: "-", omittingEmptySubsequences: false).map(\.utf8.count)
    return digits == 32 && (groups == [8, 4, 4, 4, 12] || groups == [32])
  }
}

extension Library {
  static func declareFormats(_ table: inout FunctionTable) {
    for format in NamedFormat.all {
      let value = CELValue.opaque(format)
      let name = "format.\(format.name)"
      table.add(name, Overload("\(name)()", [], .format, .nullary { value }))
    }
    table.unary("format.named", .string, .optional(.format)) { value in
      guard case .string(let name) = value else { return .noOverload("format.named", [value]) }
      let format = NamedFormat.all.first { $0.name == name }
      return format.map { .some(.opaque($0)) } ?? .none
    }
    table.binary(
      "validate", .format, .string, .optional(.list(.string)), isMethod: true, cost: .scan([1])
    ) { format, text in
      guard case .opaque(let opaque) = format, let format = opaque as? NamedFormat,
        case .string(let text) = text
      else { return .noOverload("validate", [format, text]) }
      let problems = format.problems(text)
      return problems.isEmpty ? .none : .some(.list(problems.map { .string($0) }))
    }
  }
}
