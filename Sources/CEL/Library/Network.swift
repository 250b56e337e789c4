import Scalars

extension Library {
  static func declareNetwork(_ table: inout FunctionTable) {
    table.unary("ip", .string, .ip, cost: .scan([0])) { value in
      guard case .string(let text) = value else { return .noOverload("ip", [value]) }
      return address(text)
    }
    table.unary("isIP", .string, .bool, cost: .scan([0])) { value in
      guard case .string(let text) = value else { return .noOverload("isIP", [value]) }
      return .bool(!address(text).isAbnormal)
    }
    table.unary("ip.isCanonical", .string, .bool, cost: .scan([0])) { value in
      guard case .string(let text) = value else { return .noOverload("ip.isCanonical", [value]) }
      let parsed = address(text)
      guard case .ip(let address) = parsed else { return parsed }
      return .bool(address.description == text)
    }
    ip(&table, "family", .int) { .int($0.family == .v4 ? 4 : 6) }
    ip(&table, "isUnspecified", .bool) { .bool($0.isUnspecified) }
    ip(&table, "isLoopback", .bool) { .bool($0.isLoopback) }
    ip(&table, "isLinkLocalMulticast", .bool) { .bool($0.isLinkLocalMulticast) }
    ip(&table, "isLinkLocalUnicast", .bool) { .bool($0.isLinkLocalUnicast) }
    ip(&table, "isGlobalUnicast", .bool) { .bool($0.isGlobalUnicast) }
    declareCIDR(&table)
  }

  private static func declareCIDR(_ table: inout FunctionTable) {
    table.unary("cidr", .string, .cidr, cost: .scan([0])) { value in
      guard case .string(let text) = value else { return .noOverload("cidr", [value]) }
      return prefix(text)
    }
    table.unary("isCIDR", .string, .bool, cost: .scan([0])) { value in
      guard case .string(let text) = value else { return .noOverload("isCIDR", [value]) }
      return .bool(!prefix(text).isAbnormal)
    }
    cidr(&table, "ip", .ip) { .ip($0.address) }
    cidr(&table, "masked", .cidr) { .cidr($0.masked) }
    cidr(&table, "prefixLength", .int) { .int(Int64($0.prefixLength)) }
    for type in [CELType.ip, .string] {
      table.binary(
        "containsIP", .cidr, type, .bool, isMethod: true, group: "containsIP"
      ) { first, second in
        var other = second
        if case .string(let text) = second { other = address(text) }
        if case .error = other { return other }
        guard case .cidr(let cidr) = first, case .ip(let ip) = other else {
          return .noOverload("containsIP", [first, second])
        }
        return .bool(cidr.contains(ip))
      }
    }
    for type in [CELType.cidr, .string] {
      table.binary(
        "containsCIDR", .cidr, type, .bool, isMethod: true, group: "containsCIDR"
      ) { first, second in
        var other = second
        if case .string(let text) = second { other = prefix(text) }
        if case .error = other { return other }
        guard case .cidr(let cidr) = first, case .cidr(let inner) = other else {
          return .noOverload("containsCIDR", [first, second])
        }
        return .bool(cidr.contains(inner))
      }
    }
  }

  private static func ip(
    _ table: inout FunctionTable, _ name: String, _ result: CELType,
    _ get: @escaping @Sendable (IPAddress) -> CELValue
  ) {
    table.unary(name, .ip, result, isMethod: true) { value in
      guard case .ip(let address) = value else { return .noOverload(name, [value]) }
      return get(address)
    }
  }

  private static func cidr(
    _ table: inout FunctionTable, _ name: String, _ result: CELType,
    _ get: @escaping @Sendable (CIDR) -> CELValue
  ) {
    table.unary(name, .cidr, result, isMethod: true) { value in
      guard case .cidr(let prefix) = value else { return .noOverload(name, [value]) }
      return get(prefix)
    }
  }

  /// An address; one that is written as IPv4 inside IPv6 is refused, as Kubernetes does, and one that
  /// only means it (`::ffff:c0a8:1`) is the IPv4 address.
  static func address(_ text: String) -> CELValue {
    do {
      let address = try IPAddress(parsing: text)
      if address.isIPv4Mapped, text.utf8.contains(UInt8(ascii: ".")) {
        return .invalid("IPv4-mapped IPv6 address \(Quoting.quote(text)) is not allowed")
      }
      return .ip(address.unmapped)
    } catch {
      return .invalid(
        "IP Address \(Quoting.quote(String(text.prefix(60)))) parse error during conversion from "
          + "string: \(error.message)")
    }
  }

  static func prefix(_ text: String) -> CELValue {
    do {
      let cidr = try CIDR(parsing: text)
      if cidr.address.isIPv4Mapped {
        return .invalid("IPv4-mapped IPv6 address \(Quoting.quote(text)) is not allowed")
      }
      return .cidr(cidr)
    } catch {
      return .invalid(
        "network address parse error during conversion from string: \(error.message)")
    }
  }
}
