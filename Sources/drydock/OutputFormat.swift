import APIMachinery
import ArgumentParser
import Printing
import Reporting
import ValueTree
import YAMLCoding

/// `-o`: how objects are printed.
enum OutputFormat {
  case table(isWide: Bool)
  case json, yaml, name
  case jsonPath(JSONPath)
  case jsonPathAsJSON(JSONPath)
  case customColumns(CustomColumns)

  private static let names = [
    "table", "wide", "json", "yaml", "name", "jsonpath", "jsonpath-file", "jsonpath-as-json",
    "custom-columns", "custom-columns-file",
  ]

  /// Reads the value of `-o`.
  init(_ text: String?) throws {
    guard let text, !text.isEmpty else {
      self = .table(isWide: false)
      return
    }
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let rest = parts.count == 2 ? String(parts[1]) : nil
    if let format = Self.plain(name), rest == nil {
      self = format
      return
    }
    if let rest, !rest.isEmpty, let format = try Self.withTemplate(name, rest) {
      self = format
      return
    }
    throw ValidationError(Self.refusal(text, name, hasTemplate: rest != nil && rest != ""))
  }

  private static func plain(_ name: String) -> OutputFormat? {
    switch name {
    case "table": .table(isWide: false)
    case "wide": .table(isWide: true)
    case "json": .json
    case "yaml": .yaml
    case "name": .name
    default: nil
    }
  }

  private static func withTemplate(_ name: String, _ template: String) throws -> OutputFormat? {
    do {
      switch name {
      case "jsonpath": return .jsonPath(try JSONPath(template))
      case "jsonpath-as-json": return .jsonPathAsJSON(try JSONPath(template))
      case "jsonpath-file": return .jsonPath(try JSONPath(try content(of: template)))
      case "custom-columns": return .customColumns(try CustomColumns(template))
      case "custom-columns-file":
        return .customColumns(try CustomColumns(lines: try content(of: template)))
      default: return nil
      }
    } catch {
      throw ValidationError("\(error)")
    }
  }

  private static func content(of path: String) throws(SourceDiagnostic) -> String {
    var text = String(decoding: try Files.read(path), as: UTF8.self)
    while text.hasSuffix("\n") { text.removeLast() }
    return text
  }

  private static func refusal(_ text: String, _ name: String, hasTemplate: Bool) -> String {
    if ["go-template", "go-template-file", "template", "templatefile"].contains(name) {
      return "Go templates are not supported: \(name); use jsonpath=… or custom-columns=… instead"
    }
    if names.contains(name), plain(name) == nil, !hasTemplate {
      return "\(name) needs a template: -o \(name)=…"
    }
    let meant = SourceDiagnostic.suggestion(for: name, among: names)
    return "unable to match a printer suitable for the output format \"\(text)\", allowed formats "
      + "are: \(names.joined(separator: ","))" + (meant.map { "; did you mean \($0)?" } ?? "")
  }

  /// `kind.group/name`, as other commands take it.
  static func name(_ object: APIObject) -> String {
    "\(object.type.qualifiedSingular)/\(object.name)"
  }
}
