import APIMachinery
import ArgumentParser
import Reporting
import ValueTree
import YAMLCoding

/// `-o`: how objects are printed.
enum OutputFormat {
  case table(isWide: Bool)
  case json, yaml, name
  case jsonPath(JSONPath)
  case customColumns(CustomColumns)

  /// Reads the value of `-o`.
  init(_ text: String?) throws {
    guard let text, !text.isEmpty else {
      self = .table(isWide: false)
      return
    }
    if let template = text.suffix(after: "jsonpath=") {
      do { self = .jsonPath(try JSONPath(template)) } catch {
        throw ValidationError("\(error)")
      }
      return
    }
    if let specification = text.suffix(after: "custom-columns=") {
      do { self = .customColumns(try CustomColumns(specification)) } catch {
        throw ValidationError("\(error)")
      }
      return
    }
    switch text {
    case "table": self = .table(isWide: false)
    case "wide": self = .table(isWide: true)
    case "json": self = .json
    case "yaml": self = .yaml
    case "name": self = .name
    default:
      let names = ["table", "wide", "json", "yaml", "name", "jsonpath=", "custom-columns="]
      let meant = SourceDiagnostic.suggestion(for: text, among: names)
      throw ValidationError(
        "unable to match a printer suitable for the output format \"\(text)\", allowed formats "
          + "are: \(names.joined(separator: ","))"
          + (meant.map { "; did you mean \($0)?" } ?? ""))
    }
  }

  /// The lines for objects in a form for machines; nil for a table.
  func lines(_ objects: [APIObject], isOne: Bool) -> [String]? {
    func value() -> Value {
      if isOne, let object = objects.first { return object.value }
      return [
        "apiVersion": "v1", "kind": "List", "metadata": ["resourceVersion": ""],
        "items": Value(objects.map(\.value)),
      ]
    }
    switch self {
    case .table: return nil
    case .json: return [JSONWriter(indent: 4).string(value())]
    case .yaml:
      var text = YAMLEmitter().string(value())
      while text.hasSuffix("\n") { text.removeLast() }
      return [text]
    case .name: return objects.map { "\($0.type.qualifiedSingular)/\($0.name)" }
    case .jsonPath(let path): return [path.text(value())]
    case .customColumns(let columns): return columns.lines(objects.map(\.value))
    }
  }
}

extension String {
  fileprivate func suffix(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
