public import ValueTree

/// How the built-in kinds travel: their fields in JSON and on the protobuf wire, and how strategic merge patches
/// treat their lists.
///
/// Decoded when first asked for, so that whoever needs none of it pays nothing.
public struct WireTypes: Sendable {
  /// What a value is.
  public indirect enum Content: Sendable, Hashable {
    case string, bool, int32, int64, double
    /// Base64 in JSON.
    case bytes
    case time, microTime, quantity, intOrString
    /// Any JSON.
    case anything
    /// A JSON schema, or a boolean, or a list, or a list of names.
    case schemaOrBool, schemaOrList, schemaOrNames
    case list(Content)
    case map(Content)
    /// The type at this place.
    case record(Int)

    /// The type at whose place the fields stand; nil for what has none.
    public var record: Int? {
      if case .record(let place) = self { place } else { nil }
    }
  }

  /// A field of a type.
  public struct Field: Sendable, Hashable {
    /// On the protobuf wire.
    public let number: Int
    /// In JSON; empty where the fields of the content stand in this one's place.
    public let name: Key
    /// What it holds.
    public let content: Content
    /// Whether a zero says something.
    public let keepsZero: Bool
    /// Whether strategic merge patches merge it, element by element.
    public let isMerged: Bool
    /// Whether strategic merge patches replace it where others of its kind are merged.
    public let isReplaced: Bool
    /// Whether strategic merge patches keep only what they name of it.
    public let retainsKeys: Bool
    /// What tells elements apart; nil where elements are scalars.
    public let mergeKey: Key?
  }

  /// A type.
  public struct Record: Sendable {
    /// The name, unique in its package only.
    public let name: String
    /// The kind that it is of, as `group/version/Kind`; empty for a part of kinds.
    public let kind: String
    /// The fields.
    public let fields: [Field]

    /// The field of this name.
    public func field(_ name: Key) -> Field? { fields.first { $0.name == name } }

    /// The field with this number.
    public func field(number: Int) -> Field? { fields.first { $0.number == number } }
  }

  /// The types of the kinds that are built in.
  public static let shared = WireTypes()

  /// All types; `Content.record` names them by their place.
  public let records: [Record]
  private let kinds: [String: Int]

  private init() {
    var records: [Record] = []
    var kinds: [String: Int] = [:]
    let text = WireTypeTable.text.description
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let words = line.split(separator: UInt8(ascii: " "))
      var kind = String(Substring(words[1]))
      if kind == "-" { kind = "" } else { kinds[kind] = records.count }
      records.append(
        Record(
          name: String(Substring(words[0])), kind: kind, fields: words[2...].map(Self.field)))
    }
    self.records = records
    self.kinds = kinds
  }

  /// The place of a kind's type; nil for what is not built in.
  public func place(apiVersion: String, kind: String) -> Int? {
    // Options come in the version of whatever they are for.
    kind == "DeleteOptions" ? kinds["v1/DeleteOptions"] : kinds["\(apiVersion)/\(kind)"]
  }

  // MARK: Reading the table

  private typealias Bytes = Substring.UTF8View.SubSequence

  private static func field(_ word: Bytes) -> Field {
    let parts = word.split(
      separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
    precondition(parts.count == 3, "a field of the wire types has three parts")
    let halves = parts[2].split(separator: UInt8(ascii: "%"), maxSplits: 1)
    var type = halves[0]
    let keepsZero = type.last == UInt8(ascii: "!")
    if keepsZero { type.removeLast() }
    var rest = halves.count > 1 ? halves[1] : halves[0].prefix(0)
    var strategies: [UInt8] = []
    while let letter = rest.first, strategies.count < 2, "mrk".utf8.contains(letter),
      strategies.isEmpty || letter == UInt8(ascii: "k")
    {
      strategies.append(letter)
      rest.removeFirst()
    }
    return Field(
      number: Int(String(Substring(parts[0]))) ?? 0, name: Key(String(Substring(parts[1]))),
      content: content(type), keepsZero: keepsZero,
      isMerged: strategies.contains(UInt8(ascii: "m")),
      isReplaced: strategies.contains(UInt8(ascii: "r")),
      retainsKeys: strategies.contains(UInt8(ascii: "k")),
      mergeKey: rest.isEmpty ? nil : Key(String(Substring(rest))))
  }

  private static func content(_ text: Bytes) -> Content {
    switch text.first {
    case UInt8(ascii: "["): return .list(content(text.dropFirst()))
    case UInt8(ascii: "{"): return .map(content(text.dropFirst()))
    case UInt8(ascii: "s"): return .string
    case UInt8(ascii: "b"): return .bool
    case UInt8(ascii: "i"): return .int32
    case UInt8(ascii: "l"): return .int64
    case UInt8(ascii: "d"): return .double
    case UInt8(ascii: "y"): return .bytes
    case UInt8(ascii: "t"): return .time
    case UInt8(ascii: "u"): return .microTime
    case UInt8(ascii: "q"): return .quantity
    case UInt8(ascii: "x"): return .intOrString
    case UInt8(ascii: "r"): return .anything
    case UInt8(ascii: "o"): return .schemaOrBool
    case UInt8(ascii: "a"): return .schemaOrList
    case UInt8(ascii: "p"): return .schemaOrNames
    default:
      guard let place = Int(String(Substring(text))) else {
        preconditionFailure("no type is written like this: \(String(Substring(text)))")
      }
      return .record(place)
    }
  }
}
