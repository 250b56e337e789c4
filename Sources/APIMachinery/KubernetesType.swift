import Scalars
import ValueTree

/// What a part of a built-in kind's objects may hold, as Go's types say it.
public indirect enum KubernetesType: Sendable, Hashable {
  case anything, string, bool, int32, int64, number
  /// Bytes in base64.
  case bytes
  case time, quantity, intOrString
  case list(KubernetesType)
  case map(KubernetesType)
  /// The record at this place of the table.
  case record(Int)
  /// The content of objects of a kind; what is outside of it, and its metadata, are checked elsewhere.
  case kind(Int)

  /// The name of the type in Go's messages.
  var goName: String {
    switch self {
    case .anything: "interface {}"
    case .string, .time, .quantity, .intOrString: "string"
    case .bool: "bool"
    case .int32: "int32"
    case .int64: "int64"
    case .number: "float64"
    case .bytes: "[]uint8"
    case .list(let element): "[]\(element.goName)"
    case .map(let member): "map[string]\(member.goName)"
    case .record(let place), .kind(let place):
      "\(KubernetesTypes.shared.records[place].package).\(KubernetesTypes.shared.records[place].name)"
    }
  }

  /// The record that this is; nil for what has no fields.
  var record: KubernetesRecord? {
    switch self {
    case .record(let place), .kind(let place): KubernetesTypes.shared.records[place]
    default: nil
    }
  }
}

/// A type with fields.
final class KubernetesRecord: Sendable {
  /// A field of a record.
  final class Field: Sendable {
    let key: Key
    let isMetadata: Bool
    let type: KubernetesType
    /// Whether it must be there and not be empty.
    let isRequired: Bool
    /// Whether it counts as there, and empty, where it is left out.
    let isEmbedded: Bool
    /// Whether nothing in it is required, and its values are free: it is controllers' own.
    let isLenient: Bool
    let defaultValue: Value?
    /// The only values there may be; nil for all.
    let allowed: [Value]?

    init(
      key: Key, type: KubernetesType, isRequired: Bool, isEmbedded: Bool, isLenient: Bool,
      defaultValue: Value?, allowed: [Value]?
    ) {
      self.key = key
      self.isMetadata = key == Fields.metadata
      self.type = type
      self.isRequired = isRequired
      self.isEmbedded = isEmbedded
      self.isLenient = isLenient
      self.defaultValue = defaultValue
      self.allowed = allowed
    }
  }

  let name: String
  let package: String
  /// In the order of their keys.
  let fields: [Field]

  init(name: String, package: String, fields: [Field]) {
    self.name = name
    self.package = package
    self.fields = fields
  }

  func field(_ key: Key) -> Field? { fields.first { $0.key == key } }
}

/// The types of the built-in kinds, decoded when one of them is first asked for.
struct KubernetesTypes: Sendable {
  static let shared = KubernetesTypes()

  let records: [KubernetesRecord]
  /// The places of the kinds' records by `group/version/Kind`.
  private let kinds: [String: Int]

  private init() {
    var records: [KubernetesRecord] = []
    var kinds: [String: Int] = [:]
    let text = KubernetesTypeTable.text.description
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: " "))
      let kind = String(Substring(words[2]))
      if kind != "-" { kinds[kind] = records.count }
      records.append(
        KubernetesRecord(
          name: String(Substring(words[0])), package: String(Substring(words[1])),
          fields: words[3...].map(Self.field).sorted { $0.key < $1.key }))
    }
    self.records = records
    self.kinds = kinds
  }

  /// What objects of a kind may hold; anything where the table does not say.
  func content(group: String, version: String, kind: String) -> KubernetesType {
    let name = group.isEmpty ? "\(version)/\(kind)" : "\(group)/\(version)/\(kind)"
    return kinds[name].map { .kind($0) } ?? .anything
  }

  private typealias Bytes = Substring.UTF8View.SubSequence

  private static func field(_ text: Bytes) -> KubernetesRecord.Field {
    var rest = text
    func word(until stops: String) -> String {
      let end = rest.firstIndex { stops.utf8.contains($0) } ?? rest.endIndex
      defer { rest = rest[end...] }
      return String(Substring(rest[..<end]))
    }
    func take(_ mark: Character) -> Bool {
      guard rest.first == mark.asciiValue else { return false }
      rest = rest.dropFirst()
      return true
    }
    let name = word(until: ":")
    _ = take(":")
    let type = type(word(until: "!~?=|")[...])
    let (isRequired, isEmbedded, isLenient) = (take("!"), take("~"), take("?"))
    var defaultValue: Value?
    if take("=") {
      let text = word(until: "|")
      defaultValue = Int64(text).map { Value($0) } ?? Value(text.replacing("\"", with: ""))
    }
    var allowed: [Value]?
    if take("|") {
      allowed = word(until: "").split(separator: ",", omittingEmptySubsequences: false).map {
        Value(String($0))
      }
    }
    return KubernetesRecord.Field(
      key: Key(name), type: type, isRequired: isRequired, isEmbedded: isEmbedded,
      isLenient: isLenient, defaultValue: defaultValue, allowed: allowed)
  }

  private static func type(_ code: Substring) -> KubernetesType {
    switch code.utf8.first {
    case UInt8(ascii: "["): .list(type(code.dropFirst()))
    case UInt8(ascii: "{"): .map(type(code.dropFirst()))
    case UInt8(ascii: "s"): .string
    case UInt8(ascii: "b"): .bool
    case UInt8(ascii: "i"): .int32
    case UInt8(ascii: "l"): .int64
    case UInt8(ascii: "d"): .number
    case UInt8(ascii: "y"): .bytes
    case UInt8(ascii: "t"): .time
    case UInt8(ascii: "q"): .quantity
    case UInt8(ascii: "x"): .intOrString
    default: Int(code).map { .record($0) } ?? .anything
    }
  }
}
