import APIMachinery
import Printing
import Reporting
import Scalars
import ValueTree
import YAMLCoding

/// Prints objects in the form that was asked for.
struct ObjectPrinter {
  let format: OutputFormat
  let options: ObjectTable.Options

  /// The lines for all objects at once; none for an empty table.
  func lines(_ selection: ObjectSelection) -> [String] {
    let objects = selection.objects
    func value() -> Value {
      if selection.isOne, let object = objects.first { return object.value }
      return [
        "apiVersion": "v1", "kind": "List", "metadata": ["resourceVersion": ""],
        "items": Value(objects.map(\.value)),
      ]
    }
    // One object that is not there leaves nothing to print, not an empty list.
    if selection.isOne, objects.isEmpty { return [] }
    switch format {
    case .table: return tables(selection)
    case .json: return [JSONWriter(indent: 4).string(value())]
    case .yaml: return [YAMLText.of(value())]
    case .name: return objects.map(OutputFormat.name)
    case .jsonPath(let path): return [path.text(value())]
    case .jsonPathAsJSON(let path):
      return [JSONWriter(indent: 4).string(Value(path.values(value())))]
    case .customColumns(let columns):
      var lines = columns.lines(objects.map(\.value))
      if options.hidesHeader { lines.removeFirst() }
      return lines
    }
  }

  private func tables(_ selection: ObjectSelection) -> [String] {
    var lines: [String] = []
    for (type, objects) in zip(selection.types, selection.groups) where !objects.isEmpty {
      if !lines.isEmpty { lines.append("") }
      lines += ObjectTable.lines(objects, of: type, options)
    }
    return lines
  }
}

/// Prints objects one after the other, as they change.
struct ObjectStream {
  private let format: OutputFormat
  private var options: ObjectTable.Options
  /// Whether it is said what became of an object.
  private let showsKinds: Bool
  private var table: TextTable?
  private var isFirst = true

  init(format: OutputFormat, options: ObjectTable.Options, showsKinds: Bool) {
    self.format = format
    self.options = options
    self.showsKinds = showsKinds
  }

  /// The time at which ages are told.
  var now: Timestamp {
    get { options.now }
    set { options.now = newValue }
  }

  /// The lines for some changes; a header stands before the first row that there ever is.
  mutating func lines(_ events: [WatchEvent]) -> [String] {
    var lines: [String] = []
    for event in events {
      switch format {
      case .table: addRow(event)
      case .customColumns(let columns): addRow(event, columns)
      default: lines += document(event)
      }
    }
    return lines + (table?.takeLines() ?? [])
  }

  private mutating func addRow(_ event: WatchEvent) {
    let kind = showsKinds ? [event.kind.rawValue] : []
    if table == nil {
      // As wide as the longest of the words that will follow.
      let header = ObjectTable.header(of: event.object.type, options)
      table = TextTable(options.hidesHeader ? nil : (showsKinds ? ["EVENT   "] : []) + header)
    }
    table?.add(kind + ObjectTable.row(of: event.object, options))
  }

  private mutating func addRow(_ event: WatchEvent, _ columns: CustomColumns) {
    if table == nil { table = TextTable(options.hidesHeader ? nil : columns.header) }
    table?.add(columns.row(event.object.value))
  }

  private mutating func document(_ event: WatchEvent) -> [String] {
    var value = event.object.value
    if showsKinds { value = ["type": Value(event.kind.rawValue), "object": value] }
    defer { isFirst = false }
    switch format {
    case .table, .customColumns: return []
    case .json: return [JSONWriter(indent: 4).string(value)]
    case .yaml: return (isFirst ? [] : ["---"]) + [YAMLText.of(value)]
    case .name: return [OutputFormat.name(event.object)]
    case .jsonPath(let path): return [path.text(value)]
    case .jsonPathAsJSON(let path): return [JSONWriter(indent: 4).string(Value(path.values(value)))]
    }
  }
}

/// YAML without the line break behind it, which printing adds.
enum YAMLText {
  static func of(_ value: Value) -> String {
    var text = YAMLEmitter().string(value)
    while text.hasSuffix("\n") { text.removeLast() }
    return text
  }
}
