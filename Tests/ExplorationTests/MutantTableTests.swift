import Foundation
import Simulation
import Testing

/// A line of the table of mutants: what one line of a file is turned into, and the test that must fail then.
private struct Mutant {
  let name: String
  /// The kind of fault, the oracle, or the mechanism that is broken.
  let subject: String
  let file: String
  let old: String
  let new: String
  /// A suite's type and a test's function.
  let test: String

  init?(line: Substring) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(Self.plain)
    guard fields.count == 6 else { return nil }
    name = fields[0]
    subject = fields[1]
    file = fields[2]
    old = fields[3]
    new = fields[4]
    test = fields[5]
  }

  private static func plain(_ field: Substring) -> String {
    var plain = ""
    var isEscaped = false
    for character in field {
      if isEscaped {
        plain.append(character == "n" ? "\n" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        plain.append(character)
      }
    }
    return plain
  }
}

/// `scripts/mutants` runs them; here is seen that the table goes with the sources.
@Suite("The table of mutants: every fault and oracle has one, and each fits its file")
struct MutantTableTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  private func table() throws -> [Mutant] {
    let lines = try Self.text("Tests/Mutants/mutants.tsv").split(separator: "\n").dropFirst()
    return try lines.map { try #require(Mutant(line: $0), "six fields: \($0)") }
  }

  @Test("Every kind of fault and every oracle has a mutant, and names are told apart")
  func complete() throws {
    let table = try table()
    let subjects = Set(table.map(\.subject))
    for kind in FaultKind.allCases { #expect(subjects.contains(kind.rawValue), "\(kind.rawValue)") }
    for oracle in Violation.Oracle.allCases {
      #expect(subjects.contains(oracle.rawValue), "\(oracle.rawValue)")
    }
    #expect(Set(table.map(\.name)).count == table.count)
  }

  @Test("What a mutant replaces stands once in its file, after those before it too")
  func fits() throws {
    var texts: [String: String] = [:]
    for mutant in try table() {
      let text = try texts[mutant.file] ?? Self.text(mutant.file)
      let parts = text.components(separatedBy: mutant.old)
      #expect(parts.count == 2, "\(mutant.name): \(parts.count - 1) times in \(mutant.file)")
      #expect(mutant.new.contains("MUTANT") && mutant.new != mutant.old, "\(mutant.name)")
      texts[mutant.file] = parts.joined(separator: mutant.new)
    }
  }

  @Test("The test that a mutant names is there")
  func tests() throws {
    let tests = Self.root.appending(path: "Tests").path(percentEncoded: false)
    // By suite; some names are those of several.
    var texts: [String: String] = [:]
    for path in FileManager.default.subpaths(atPath: tests) ?? [] where path.hasSuffix(".swift") {
      let text = try Self.text("Tests/\(path)")
      for line in text.split(separator: "\n") where line.hasPrefix("struct ") {
        texts[String(line.dropFirst(7).prefix { $0 != " " }), default: ""] += text
      }
    }
    for mutant in try table() {
      let parts = mutant.test.split(separator: "/")
      #expect(parts.count == 2, "\(mutant.name)")
      let suite = try #require(texts[String(parts[0])], "\(mutant.name): no suite \(parts[0])")
      #expect(suite.contains("  func \(parts[1])("), "\(mutant.name): no \(mutant.test)")
    }
  }
}
