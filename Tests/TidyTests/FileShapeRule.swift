import Testing

/// Files stay small, finished and plainly named.
///
/// Line width is left to the formatter.
enum FileShapeRule {
  static let lineCountMax = 600

  /// Spelled apart, so that this file obeys itself.
  private static let unfinished: Set<String> = ["TO" + "DO", "FIX" + "ME"]
  private static let vagueEndings = ["Utils", "Utilities", "Helper", "Helpers"]
  private static let declarers: Set<String> = [
    "actor", "class", "enum", "extension", "protocol", "struct", "typealias",
  ]

  static func violations(path: String, text: String) -> [Violation] {
    var found: [Violation] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let isSwift = name.hasSuffix(".swift")
    func add(line: Int, _ message: String) {
      found.append(Violation(path: path, line: line, message: message))
    }
    if !text.isEmpty, !text.hasSuffix("\n") {
      add(line: lines.count, "does not end with a newline")
    }
    let isExempt = lines.first?.hasPrefix("// tidy: ") == true
    if isSwift, lines.count - 1 > lineCountMax, !isExempt {
      add(line: lineCountMax + 1, "has \(lines.count - 1) lines, more than \(lineCountMax)")
    }
    for (index, line) in lines.enumerated() {
      if name != "Makefile", line.utf8.contains(UInt8(ascii: "\t")) {
        add(line: index + 1, "holds a tab")
      }
      for word in words(of: line) where unfinished.contains(word) {
        add(line: index + 1, "says \(word): finish it, or open an issue")
      }
    }
    for component in path.split(separator: "/") {
      let stem = String(component.prefix { $0 != "." && $0 != "+" })
      if isVague(stem) { add(line: 1, "is called \(stem): name it after what it holds") }
    }
    if isSwift {
      for type in vagueTypes(SwiftSource(text)) {
        add(line: type.line, "declares \(type.text): name it after what it does")
      }
    }
    return found
  }

  private static func vagueTypes(_ source: SwiftSource) -> [Token] {
    source.tokens.indices.dropFirst().compactMap { index in
      guard declarers.contains(source.text(index - 1)), isVague(source.text(index)) else {
        return nil
      }
      return source.token(index)
    }
  }

  private static func isVague(_ name: String) -> Bool {
    vagueEndings.contains { name.hasSuffix($0) || name == $0.lowercased() }
  }

  private static func words(of line: Substring) -> [String] {
    line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
  }
}

@Suite("Shape: files are small, finished and plainly named")
struct FileShapeRuleTests {
  @Test("The repository obeys")
  func repository() throws {
    let endings = [".json", ".md", ".sh", ".swift", ".yaml", ".yml"]
    // What stands in these is compared or parsed as it is; nobody tidies it.
    let dataFolders: Set<Substring> = ["Fixtures", "Snapshots"]
    let folders = ["Sources", "Tests", "Benchmarks", "docs", "examples", "manifests", "scripts"]
    let paths = folders.flatMap { Repository.files(under: $0) } + Repository.topLevelFiles()
    let checked = paths.filter { path in
      if !dataFolders.isDisjoint(with: path.split(separator: "/")) { return false }
      return path == "Makefile" || path.hasPrefix("scripts/")
        || endings.contains { path.hasSuffix($0) }
    }
    #expect(checked.contains("Package.swift"))
    for path in checked + [".ci/run"] {
      report(FileShapeRule.violations(path: path, text: try Repository.text(path)))
    }
  }

  private func messages(_ text: String, path: String = "Sources/A/B.swift") -> [String] {
    FileShapeRule.violations(path: path, text: text).map(\.description)
  }

  @Test("A file may have 600 lines and no more, unless its first line says why")
  func length() {
    let full = String(repeating: "a\n", count: 600)
    #expect(messages(full) == [])
    #expect(messages(full + "a\n") == ["Sources/A/B.swift:601: has 601 lines, more than 600"])
    #expect(messages("// tidy: generated from a table\n" + full) == [])
    #expect(messages(full + "a\n", path: "docs/a.md") == [])
  }

  @Test("Work left for later is found, as a word of its own")
  func unfinished() {
    let word = "TO" + "DO"
    #expect(messages("a\n// \(word): b\n").count == 1)
    #expect(messages("// FIX" + "ME\n").count == 1)
    #expect(messages("let \(word)S = 1\n") == [])
  }

  @Test("Tabs and a missing last newline are found")
  func whitespace() {
    #expect(
      messages("\ta\nb") == [
        "Sources/A/B.swift:2: does not end with a newline", "Sources/A/B.swift:1: holds a tab",
      ])
    #expect(messages("a:\n\tb\n", path: "Makefile") == [])
    #expect(messages("") == [])
  }

  @Test("Names that say nothing are found: of files, folders and types")
  func names() {
    #expect(messages("a\n", path: "Sources/A/StringUtils.swift").count == 1)
    #expect(messages("a\n", path: "Sources/helpers/A.swift").count == 1)
    #expect(messages("a\n", path: "Sources/A/Helpers+Text.swift").count == 1)
    #expect(messages("enum JSONUtilities {}\n").count == 1)
    #expect(messages("extension Utils {}\n").count == 1)
    #expect(messages("struct Utility {}\nlet helper = 1\n") == [])
  }
}
