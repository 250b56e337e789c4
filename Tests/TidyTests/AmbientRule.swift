import Testing

/// Nothing ambient in the core: time, randomness, identity, tasks and the environment are handed in.
///
/// `clock.now` on a value and `context.random(…)` on a value are how they are handed in, so those stay
/// allowed; the same members of a *type* are ambient.
enum AmbientRule {
  static func violations(path: String, source: SwiftSource) -> [Violation] {
    var found: [Violation] = []
    func add(line: Int, _ message: String) {
      guard !source.isAllowed(line: line) else { return }
      found.append(Violation(path: path, line: line, message: message))
    }
    for item in source.imports where isBanned(module: item.module) {
      add(line: item.line, "the core does not import \(item.module)")
    }
    for (index, token) in source.tokens.enumerated() where token.kind == .identifier {
      if let message = word(at: index, in: source) ?? member(at: index, in: source) {
        add(line: token.line, message)
      }
    }
    return found
  }

  /// Foundation costs start-up time and brings clocks; the C libraries bring all that is ambient.
  private static func isBanned(module: String) -> Bool {
    module.hasPrefix("Foundation")
      || ["Darwin", "Dispatch", "Glibc", "Musl", "WinSDK"].contains(module)
  }

  private static let bannedWords: [String: String] = [
    "CommandLine": "arguments are handed in",
    "ContinuousClock": "time is handed in",
    "ProcessInfo": "the environment is handed in",
    "SuspendingClock": "time is handed in",
    "SystemRandomNumberGenerator": "randomness is handed in",
    "clock_gettime": "time is handed in",
    "getenv": "the environment is handed in",
    "gettimeofday": "time is handed in",
    "hashValue": "it differs between processes",
  ]

  private static let bannedConstructions: [String: String] = [
    "Date": "time is handed in",
    "Hasher": "its seed differs between processes",
    "UUID": "identity is handed in",
  ]

  private static func word(at index: Int, in source: SwiftSource) -> String? {
    let text = source.text(index)
    if let reason = bannedWords[text] { return "\(text): \(reason)" }
    if let reason = bannedConstructions[text], source.matches(["(", ")"], at: index + 1) {
      return "\(text)(): \(reason)"
    }
    let declarers: Set<String> = [".", "actor", "class", "enum", "extension", "struct"]
    guard text == "Task", !declarers.contains(source.text(index - 1)) else { return nil }
    switch source.text(index + 1) {
    case "{", "(": return "Task: whoever runs the core decides when things happen"
    case ".":
      let member = source.text(index + 2)
      return ["detached", "immediate", "init", "sleep", "yield"].contains(member)
        ? "Task.\(member): whoever runs the core decides when things happen" : nil
    default: return nil
    }
  }

  private static func member(at index: Int, in source: SwiftSource) -> String? {
    guard source.text(index - 1) == "." else { return nil }
    let text = source.text(index)
    let receiver = source.text(index - 2)
    switch text {
    case "now" where receiver.first?.isUppercase == true && bannedWords[receiver] == nil:
      return "\(receiver).now: time is handed in"
    case "random" where source.text(index + 1) == "(" && !isValue(receiver):
      return ".random(): randomness is handed in"
    case "randomElement", "shuffle", "shuffled":
      guard source.text(index + 1) == "(" else { return nil }
      let argument = source.text(index + 2)
      return argument == ")" || argument == "using"
        ? ".\(text)(): randomness is handed in, and the standard library's use of it may change"
        : nil
    default: return nil
    }
  }

  /// Whether a receiver is a value rather than a type, or nothing at all (`.random(in:)`).
  private static func isValue(_ receiver: String) -> Bool {
    receiver == ")" || receiver.first.map { $0.isLowercase || $0 == "_" || $0 == "`" } ?? false
  }
}

@Suite("Ambient: the core is handed time, randomness and identity")
struct AmbientRuleTests {
  @Test("The core obeys")
  func repository() throws {
    let files = try CoreModules.files()
    #expect(!files.isEmpty)
    for path in files {
      report(AmbientRule.violations(path: path, source: SwiftSource(try Repository.text(path))))
    }
  }

  private func lines(_ text: String) -> [Int] {
    AmbientRule.violations(path: "A.swift", source: SwiftSource(text)).map(\.line)
  }

  @Test(
    "Each ambient thing is found",
    arguments: [
      "import Foundation", "import FoundationEssentials", "public import Dispatch",
      "internal import struct Foundation.Date", "@preconcurrency import Glibc",
      "let a = Date()", "let a = Date( )", "let a = UUID()", "let a = UUID().uuidString",
      "let a = ContinuousClock.now", "let a: SuspendingClock = x", "let a = Instant.now",
      "let a = Int.random(in: 0..<9)", "let a: Int = .random(in: 0..<9, using: &g)",
      "var g = SystemRandomNumberGenerator()", "Task { f() }", "Task(priority: .high) { f() }",
      "Task.detached { f() }", "try await Task.sleep(for: x)", "Task\n  .detached { f() }",
      "a.hashValue", "var hashValue: Int { 1 }", "var h = Hasher()", "a.shuffled()", "a.shuffle()",
      "a.shuffled(using: &g)", "a.randomElement()", "ProcessInfo.processInfo", "getenv(x)",
      "CommandLine.arguments", #"log("at \(Date())")"#,
    ])
  func found(text: String) {
    #expect(lines(text) == [1])
  }

  @Test(
    "What only looks ambient is left alone",
    arguments: [
      "// Date() and Task { }", "/* import Foundation */",
      #"f("UUID() Task { } import Foundation")"#,
      "let a = clock.now", "let a = context.random(below: 3)", "let a = world().random(3)",
      "func hash(into hasher: inout Hasher)", "Date(seconds: 1)", "struct Task: Equatable",
      "enum Task {",
      "Task.isCancelled", "deck.shuffled(with: stream)", "let subtask = Subtask()",
      "import Scalars",
      "let a = Date()  // tidy: shown to be allowed",
      "// tidy: shown to be allowed\nlet a = Date()",
    ])
  func leftAlone(text: String) {
    #expect(lines(text) == [])
  }

  @Test("An allowance without a reason allows nothing")
  func allowanceNeedsReason() {
    #expect(lines("let a = Date()  // tidy:") == [1])
  }
}
