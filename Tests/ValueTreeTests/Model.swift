// swift-format-ignore-file: NeverForceUnwrap, NeverUseForceTry
import Testing
import ValueTree

/// The obvious form of a value, to hold the flat one against.
indirect enum Model: Equatable {
  case null
  case bool(Bool)
  case int(Int64)
  /// One that is no integer.
  case double(Double)
  case string([UInt8])
  case list([Model])
  /// Sorted by the keys' bytes; no key twice.
  case map([Member])

  struct Member: Equatable {
    var key: [UInt8]
    var value: Model
  }

  static func map(unsorted members: [Member]) -> Model {
    .map(members.sorted { $0.key.lexicographicallyPrecedes($1.key) })
  }

  init(_ value: Value) {
    switch value.kind {
    case .null: self = .null
    case .bool: self = .bool(value.bool!)
    case .int: self = .int(value.int!)
    case .double: self = .double(value.double!)
    case .string: self = .string(Array(value.string!.utf8))
    case .list: self = .list(value.elements.map { Model($0) })
    case .map:
      self = .map(
        value.members.map { Member(key: Array($0.key.text.utf8), value: Model($0.value)) })
    }
  }

  /// The flat form, made by the builder with members in the order that `shuffle` gives.
  func value(shuffling random: inout SplitMix) -> Value {
    var builder = ValueBuilder(expectedWords: 0)
    add(to: &builder, &random)
    return builder.finish()
  }

  private func add(to builder: inout ValueBuilder, _ random: inout SplitMix) {
    switch self {
    case .null: builder.null()
    case .bool(let bool): builder.bool(bool)
    case .int(let int): builder.int(int)
    case .double(let double): builder.double(double)
    case .string(let utf8): builder.string(String(decoding: utf8, as: UTF8.self))
    case .list(let elements):
      builder.beginList()
      for element in elements { element.add(to: &builder, &random) }
      try! builder.end()
    case .map(let members):
      builder.beginMap()
      for member in members.shuffled(using: &random) {
        builder.key(Key(String(decoding: member.key, as: UTF8.self)))
        member.value.add(to: &builder, &random)
      }
      try! builder.end()
    }
  }

  /// The JSON text with members in any order, white space and escapes anywhere they may be.
  func text(_ random: inout SplitMix) -> String {
    func space(_ random: inout SplitMix) -> String {
      random.chance(4) ? random.pick([" ", "\n", "\t", "\r\n", "  "]) : ""
    }
    let body: String
    switch self {
    case .null: body = "null"
    case .bool(let bool): body = "\(bool)"
    case .int(let int): body = "\(int)"
    case .double(let double): body = "\(double)"
    case .string(let utf8): body = Model.quoted(utf8, &random)
    case .list(let elements):
      body = "[" + elements.map { $0.text(&random) }.joined(separator: ",") + space(&random) + "]"
    case .map(let members):
      let inner = members.shuffled(using: &random).map { member in
        space(&random) + Model.quoted(member.key, &random) + space(&random) + ":"
          + member.value.text(&random)
      }
      body = "{" + inner.joined(separator: ",") + space(&random) + "}"
    }
    return space(&random) + body + space(&random)
  }

  private static func quoted(_ utf8: [UInt8], _ random: inout SplitMix) -> String {
    var text = "\""
    for scalar in String(decoding: utf8, as: UTF8.self).unicodeScalars {
      if scalar.value < 0x20 || scalar == "\"" || scalar == "\\" || random.chance(9) {
        for unit in UTF16.encode(scalar)! {
          let digits = String(unit, radix: 16, uppercase: random.chance(2))
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}

extension Model {
  /// A random value; `size` bounds how much of it there is.
  static func random(_ random: inout SplitMix, depth: Int = 4) -> Model {
    switch random.below(depth > 0 ? 10 : 6) {
    case 0: return .null
    case 1: return .bool(random.chance(2))
    case 2: return .int(Int64(random.below(200)) - 100)
    case 3:
      return .int(
        random.pick([
          .min, .max, 1 << 31, -(1 << 31) - 1, (1 << 31) - 1, Int64(bitPattern: random.next()),
        ]))
    case 4:
      let double = Double(random.below(1_000_000)) / 1_000 + 0.000_5
      return .double(random.pick([double, -double, 1e-9, .leastNonzeroMagnitude, 1e22, 0.1]))
    case 5: return .string(randomText(&random))
    case 6, 7:
      return .list((0..<random.below(5)).map { _ in Model.random(&random, depth: depth - 1) })
    default:
      var members: [Member] = []
      for _ in 0..<random.below(6) {
        let key = randomKey(&random)
        if members.contains(where: { $0.key == key }) { continue }
        members.append(Member(key: key, value: Model.random(&random, depth: depth - 1)))
      }
      return .map(unsorted: members)
    }
  }

  static func randomKey(_ random: inout SplitMix) -> [UInt8] {
    let names = [
      "metadata", "name", "spec", "labels", "app", "replicas", "kind", "k", "names", "nam", "",
      "app.kubernetes.io/name", "app.kubernetes.io/nameless", "drydock", "zz",
    ]
    return random.chance(4) ? randomText(&random) : Array(random.pick(names).utf8)
  }

  static func randomText(_ random: inout SplitMix) -> [UInt8] {
    let pieces = [
      "a", "b", "0", "\u{0}", "\n", "\"", "\\", "/", "é", "e\u{301}", "東", "😀", "\u{7F}",
      "12345678", "\u{2028}", "<", " ",
    ]
    return (0..<random.below(12)).flatMap { _ in Array(random.pick(pieces).utf8) }
  }
}
