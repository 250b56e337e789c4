import Scalars

extension Library {
  static func declareSemver(_ table: inout FunctionTable) {
    table.unary("semver", .string, .semver, cost: .scan([0])) { version($0, .bool(false)) }
    table.binary("semver", .string, .bool, .semver, cost: .scan([0]), version)
    table.unary("isSemver", .string, .bool, cost: .scan([0])) { value in
      guard case .string = value else { return .noOverload("isSemver", [value]) }
      return .bool(!version(value, .bool(false)).isAbnormal)
    }
    table.binary("isSemver", .string, .bool, .bool, cost: .scan([0])) { value, normalize in
      guard case .string = value, case .bool = normalize else {
        return .noOverload("isSemver", [value, normalize])
      }
      return .bool(!version(value, normalize).isAbnormal)
    }
    number(&table, "major") { $0.major }
    number(&table, "minor") { $0.minor }
    number(&table, "patch") { $0.patch }
    comparison(&table, "isGreaterThan", .bool) { .bool($0 > $1) }
    comparison(&table, "isLessThan", .bool) { .bool($0 < $1) }
    comparison(&table, "compareTo", .int) { .int($0 == $1 ? 0 : $0 < $1 ? -1 : 1) }
  }

  @Sendable private static func version(_ value: CELValue, _ normalize: CELValue) -> CELValue {
    guard case .string(let text) = value, case .bool(let normalize) = normalize else {
      return .noOverload("semver", [value, normalize])
    }
    do {
      return .semver(
        normalize ? try SemanticVersion(normalizing: text) : try SemanticVersion(parsing: text))
    } catch {
      return .invalid("\(Quoting.quote(String(text.prefix(60)))) is no version: \(error.message)")
    }
  }

  private static func number(
    _ table: inout FunctionTable, _ name: String,
    _ get: @escaping @Sendable (SemanticVersion) -> UInt64
  ) {
    table.unary(name, .semver, .int, isMethod: true) { value in
      guard case .semver(let version) = value else { return .noOverload(name, [value]) }
      return Int64(exactly: get(version)).map { .int($0) } ?? .overflow("the number is too large")
    }
  }

  private static func comparison(
    _ table: inout FunctionTable, _ name: String, _ result: CELType,
    _ compare: @escaping @Sendable (SemanticVersion, SemanticVersion) -> CELValue
  ) {
    table.binary(name, .semver, .semver, result, isMethod: true) { first, second in
      guard case .semver(let a) = first, case .semver(let b) = second else {
        return .noOverload(name, [first, second])
      }
      return compare(a, b)
    }
  }
}
