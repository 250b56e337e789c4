import ValueTree

extension CELValue: CustomStringConvertible {
  /// The value as an expression would write it.
  public var description: String {
    var budget = 100_000
    return text(&budget)
  }

  /// The value as a message shows it: short.
  var summary: String {
    var budget = 60
    return text(&budget)
  }

  private func text(_ budget: inout Int) -> String {
    guard budget > 0 else { return "…" }
    let text: String
    switch self {
    case .null: text = "null"
    case .bool(let value): text = value ? "true" : "false"
    case .int(let value): text = String(value)
    case .uint(let value): text = "\(value)u"
    case .double(let value): text = NumberFormat.shortest(value)
    case .string(let value):
      text =
        budget < 100 && value.utf8.count > 80
        ? Quoting.quote(String(value.unicodeScalars.prefix(80))) + "…" : Quoting.quote(value)
    case .bytes(let value): text = "b\"\(value.prefix(budget).map(Self.escaped).joined())\""
    case .timestamp(let value): text = "timestamp(\"\(value)\")"
    case .duration(let value): text = "duration(\"\(NumberFormat.seconds(value))\")"
    case .type(let value): text = value.runtimeName
    case .quantity(let value): text = "quantity(\"\(value)\")"
    case .ip(let value): text = "ip(\"\(value)\")"
    case .cidr(let value): text = "cidr(\"\(value)\")"
    case .semver(let value): text = "semver(\"\(value)\")"
    case .opaque(let value): text = value.text
    case .optional(let value):
      guard let inner = value.value else { return "optional.none()" }
      return "optional.of(\(inner.text(&budget)))"
    case .error(let failure): return "error: \(failure.message)"
    case .unknown(let set): return "unknown: \(set.names.joined(separator: ", "))"
    case .list, .map, .tree: return collectionText(&budget)
    }
    budget -= text.utf8.count
    return text
  }

  private func collectionText(_ budget: inout Int) -> String {
    if isList {
      var parts: [String] = []
      for element in listElements ?? [] {
        guard budget > 0 else {
          parts.append("…")
          break
        }
        parts.append(element.text(&budget))
        budget -= 2
      }
      return "[\(parts.joined(separator: ", "))]"
    }
    guard let entries = mapEntries else { return "" }
    var parts: [String] = []
    for (key, value) in zip(entries.keys, entries.values) {
      guard budget > 0 else {
        parts.append("…")
        break
      }
      let key = key.text(&budget)
      parts.append("\(key): \(value.text(&budget))")
      budget -= 2
    }
    return "{\(parts.joined(separator: ", "))}"
  }

  private static func escaped(_ byte: UInt8) -> String {
    if byte >= 0x20, byte < 0x7F, byte != 0x22, byte != 0x5C {
      return String(Unicode.Scalar(byte))
    }
    let digits = String(byte, radix: 16)
    return "\\x" + (digits.count == 1 ? "0" : "") + digits
  }
}

/// Texts as an expression writes them.
enum Quoting {
  static func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{07}": result += "\\a"
      case "\u{08}": result += "\\b"
      case "\u{0C}": result += "\\f"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0B}": result += "\\v"
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
