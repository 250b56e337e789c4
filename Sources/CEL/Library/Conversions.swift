import Scalars

extension Library {
  static func declareConversions(_ table: inout FunctionTable) {
    func convert(
      _ name: String, _ from: [CELType], _ to: CELType,
      _ function: @escaping @Sendable (CELValue) -> CELValue
    ) {
      for type in from { table.unary(name, type, to, cost: .scan([0]), group: name, function) }
    }
    convert("int", [.int, .uint, .double, .string, .timestamp, .duration], .int, int)
    convert("uint", [.uint, .int, .double, .string], .uint, uint)
    convert("double", [.double, .int, .uint, .string], .double, double)
    convert("bool", [.bool, .string], .bool, bool)
    convert(
      "string",
      [
        .string, .bool, .int, .uint, .double, .bytes, .timestamp, .duration, .ip, .cidr, .quantity,
        .semver,
      ], .string, string)
    convert("bytes", [.bytes, .string], .bytes, bytes)
    convert("timestamp", [.timestamp, .string, .int], .timestamp, timestamp)
    convert("duration", [.duration, .string, .int], .duration, duration)
    table.unary("dyn", a, .dyn) { $0 }
    table.unary("type", a, .type(a)) { .type($0.type) }
  }

  private static func range(_ value: CELValue, _ type: String) -> CELValue {
    .overflow("\(value.summary) does not fit \(type)")
  }

  private static func unreadable(_ text: String, _ type: String) -> CELValue {
    .invalid("\(Quoting.quote(String(text.prefix(60)))) is no \(type)")
  }

  @Sendable static func int(_ value: CELValue) -> CELValue {
    switch value {
    case .int: return value
    case .uint(let uint): return Int64(exactly: uint).map { .int($0) } ?? range(value, "int")
    case .double(let double):
      // The bounds themselves are refused: doubles near them may stand for numbers beyond.
      guard double > -0x1p63, double < 0x1p63 else { return range(value, "int") }
      return .int(Int64(double))
    case .string(let text): return number(text).map { .int($0) } ?? unreadable(text, "int")
    case .timestamp(let time): return .int(time.seconds)
    case .duration(let duration): return .int(duration.nanoseconds)
    default: return .noOverload("int", [value])
    }
  }

  /// A sign and digits, nothing else.
  private static func number<Number: FixedWidthInteger>(_ text: String) -> Number? {
    guard text.utf8.first != UInt8(ascii: "+") || Number.isSigned else { return nil }
    return Number(text)
  }

  @Sendable static func uint(_ value: CELValue) -> CELValue {
    switch value {
    case .uint: return value
    case .int(let int): return UInt64(exactly: int).map { .uint($0) } ?? range(value, "uint")
    case .double(let double):
      guard double > -1, double < 0x1p64 else { return range(value, "uint") }
      return double < 0 ? range(value, "uint") : .uint(UInt64(double))
    case .string(let text): return number(text).map { .uint($0) } ?? unreadable(text, "uint")
    default: return .noOverload("uint", [value])
    }
  }

  @Sendable static func double(_ value: CELValue) -> CELValue {
    switch value {
    case .double: return value
    case .int(let int): return .double(Double(int))
    case .uint(let uint): return .double(Double(uint))
    case .string(let text):
      switch text {
      case "NaN": return .double(.nan)
      case "Infinity", "+Infinity", "Inf", "+Inf", "inf", "+inf", "infinity":
        return .double(.infinity)
      case "-Infinity", "-Inf", "-inf", "-infinity": return .double(-.infinity)
      default:
        guard text.utf8.allSatisfy({ isNumeral($0) }), let double = Double(text) else {
          return unreadable(text, "double")
        }
        return double.isFinite ? .double(double) : range(.string(text), "double")
      }
    default: return .noOverload("double", [value])
    }
  }

  private static func isNumeral(_ byte: UInt8) -> Bool {
    Lexer.isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "+") || byte | 0x20 == UInt8(ascii: "e")
  }

  @Sendable static func bool(_ value: CELValue) -> CELValue {
    switch value {
    case .bool: value
    case .string(let text):
      switch text {
      case "1", "t", "T", "true", "TRUE", "True": .bool(true)
      case "0", "f", "F", "false", "FALSE", "False": .bool(false)
      default: unreadable(text, "bool")
      }
    default: .noOverload("bool", [value])
    }
  }

  @Sendable static func string(_ value: CELValue) -> CELValue {
    switch value {
    case .string: return value
    case .bool(let bool): return .string(bool ? "true" : "false")
    case .int(let int): return .string(String(int))
    case .uint(let uint): return .string(String(uint))
    case .double(let double): return .string(NumberFormat.general(double))
    case .bytes(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else {
        return .invalid("the bytes \(value.summary) are not UTF-8")
      }
      return .string(text)
    case .timestamp(let time): return .string(time.description)
    case .duration(let duration): return .string(NumberFormat.seconds(duration))
    case .ip(let ip): return .string(ip.description)
    case .cidr(let cidr): return .string(cidr.description)
    case .quantity(let quantity): return .string(quantity.description)
    case .semver(let version): return .string(version.description)
    default: return .noOverload("string", [value])
    }
  }

  @Sendable static func bytes(_ value: CELValue) -> CELValue {
    switch value {
    case .bytes: value
    case .string(let text): .bytes(Array(text.utf8))
    default: .noOverload("bytes", [value])
    }
  }

  @Sendable static func timestamp(_ value: CELValue) -> CELValue {
    switch value {
    case .timestamp: value
    case .string(let text): Times.timestamp(parsing: text)
    case .int(let seconds): Times.timestamp(seconds: seconds)
    default: .noOverload("timestamp", [value])
    }
  }

  @Sendable static func duration(_ value: CELValue) -> CELValue {
    switch value {
    case .duration: value
    case .string(let text): Times.duration(parsing: text)
    case .int(let nanoseconds): .duration(GoDuration(nanoseconds: nanoseconds))
    default: .noOverload("duration", [value])
    }
  }
}
