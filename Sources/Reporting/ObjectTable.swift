public import APIMachinery
import Printing
public import Scalars
import ValueTree

/// Objects of one kind as kubectl's table.
public enum ObjectTable {
  /// What a table shows.
  public struct Options: Sendable {
    /// Whether the namespace stands before the name.
    public var showsNamespace: Bool
    /// Whether the columns of `-o wide` are shown.
    public var isWide: Bool
    /// Whether names are written as `kind/name`, because several kinds are shown.
    public var showsKind: Bool
    /// Whether labels are shown behind the rest.
    public var showsLabels: Bool
    /// Labels that have a column of their own.
    public var labelColumns: [String]
    /// Whether the header is left out.
    public var hidesHeader: Bool
    /// The time at which ages are told.
    public var now: Timestamp

    /// Options of a table.
    public init(
      showsNamespace: Bool = false, isWide: Bool = false, showsKind: Bool = false,
      showsLabels: Bool = false, labelColumns: [String] = [], hidesHeader: Bool = false,
      now: Timestamp
    ) {
      self.showsNamespace = showsNamespace
      self.isWide = isWide
      self.showsKind = showsKind
      self.showsLabels = showsLabels
      self.labelColumns = labelColumns
      self.hidesHeader = hidesHeader
      self.now = now
    }
  }

  /// The table's lines.
  public static func lines(
    _ objects: [APIObject], of type: ResourceType, _ options: Options
  ) -> [String] {
    var table = TextTable(options.hidesHeader ? nil : header(of: type, options))
    for object in objects { table.add(row(of: object, options)) }
    return table.lines
  }

  /// The names of the columns.
  public static func header(of type: ResourceType, _ options: Options) -> [String] {
    var header = options.showsNamespace && type.definition.isNamespaced ? ["NAMESPACE"] : []
    header += columns(of: type, options).map(\.name)
    // A label's column has the name of the label without its domain.
    header += options.labelColumns.map { label in
      (label.split(separator: "/").last.map(String.init) ?? label).uppercased()
    }
    if options.showsLabels { header.append("LABELS") }
    return header
  }

  /// One object as a row.
  public static func row(of object: APIObject, _ options: Options) -> [String] {
    let type = object.type
    var row = options.showsNamespace && type.definition.isNamespaced ? [object.namespace] : []
    let labels = object.labels
    for column in columns(of: type, options) {
      let text = column.text(object, options.now)
      row.append(
        options.showsKind && column.name == name.name ? "\(type.qualifiedSingular)/\(text)" : text)
    }
    row += options.labelColumns.map { label in labels.first { $0.key == label }?.value ?? "" }
    if options.showsLabels {
      let text = labels.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
      row.append(text.isEmpty ? "<none>" : text)
    }
    return row
  }

  private static func columns(of type: ResourceType, _ options: Options) -> [Column] {
    columns(of: type).filter { options.isWide || !$0.isWide }
  }

  struct Column: Sendable {
    let name: String
    var isWide = false
    let text: @Sendable (APIObject, Timestamp) -> String
  }

  /// All columns.
  static func columns(of type: ResourceType) -> [Column] {
    if type.apiVersion == "v1", type.kind == "Event" { return EventTable.columns }
    return KindColumns.columns(of: type).map { column in
      Column(name: column.name.uppercased(), isWide: column.priority > 0) {
        column.text($0, at: $1)
      }
    }
  }

  private static let name = Column(name: "NAME") { object, _ in object.name }
}
