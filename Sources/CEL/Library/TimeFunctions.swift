import Scalars

extension Library {
  static func declareTimes(_ table: inout FunctionTable) {
    field(&table, "getFullYear") { $0.year }
    field(&table, "getMonth") { $0.month - 1 }
    field(&table, "getDayOfYear") { $0.dayOfYear - 1 }
    field(&table, "getDayOfMonth") { $0.day - 1 }
    field(&table, "getDate") { $0.day }
    field(&table, "getDayOfWeek") { $0.weekday.rawValue }
    field(&table, "getHours") { $0.hour }
    field(&table, "getMinutes") { $0.minute }
    field(&table, "getSeconds") { $0.second }
    field(&table, "getMilliseconds") { $0.nanosecond / 1_000_000 }
    part(&table, "getHours") { $0 / 3_600_000_000_000 }
    part(&table, "getMinutes") { $0 / 60_000_000_000 }
    part(&table, "getSeconds") { $0 / 1_000_000_000 }
    part(&table, "getMilliseconds") { $0 / 1_000_000 % 1_000 }
  }

  /// A calendar field of a moment, in UTC or in a time zone.
  private static func field(
    _ table: inout FunctionTable, _ name: String, _ get: @escaping @Sendable (CivilTime) -> Int
  ) {
    table.unary(name, .timestamp, .int, isMethod: true) { value in
      guard case .timestamp(let time) = value else { return .noOverload(name, [value]) }
      return .int(Int64(get(time.civil())))
    }
    table.binary(name, .timestamp, .string, .int, isMethod: true) { value, zone in
      guard case .timestamp(let time) = value, case .string(let zone) = zone else {
        return .noOverload(name, [value, zone])
      }
      guard let offset = TimeZones.offset(of: zone, at: time) else {
        return .invalid("unknown time zone \(Quoting.quote(String(zone.prefix(60))))")
      }
      return .int(Int64(get(time.civil(offsetSeconds: offset))))
    }
  }

  /// A span in whole units.
  private static func part(
    _ table: inout FunctionTable, _ name: String, _ get: @escaping @Sendable (Int64) -> Int64
  ) {
    table.unary(name, .duration, .int, isMethod: true) { value in
      guard case .duration(let duration) = value else { return .noOverload(name, [value]) }
      return .int(get(duration.nanoseconds))
    }
  }
}
