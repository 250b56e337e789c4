import Foundation
import Scenarios
import Testing
import ValueTree

/// The reference page and the schema say what the reader reads.
@Suite("Page: docs/scenarios.md and its schema are those of the definitions")
struct ScenarioPageTests {
  private static let docs = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs")
  private static let marker = "<!-- tables: drydock schema scenario --tables -->\n"

  private static func isUpdating() -> Bool {
    ProcessInfo.processInfo.environment["DRYDOCK_UPDATE_GOLDEN"] == "1"
  }

  @Test("The tables are those of the definitions")
  func tables() throws {
    let file = Self.docs.appending(path: "scenarios.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let place = try #require(text.range(of: Self.marker))
    let wanted = text[..<place.upperBound] + "\n" + ScenarioSchema.markdown
    if Self.isUpdating() { try Data(wanted.utf8).write(to: file) }
    #expect(text == wanted || Self.isUpdating())
  }

  @Test("The schema is that of the definitions")
  func schema() throws {
    let file = Self.docs.appending(path: "schemas/scenario.json")
    let wanted = JSONWriter(indent: 2).string(ScenarioSchema.value) + "\n"
    if Self.isUpdating() { try Data(wanted.utf8).write(to: file) }
    #expect(try String(contentsOf: file, encoding: .utf8) == wanted)
  }

  @Test("Every field stands in an example")
  func examples() throws {
    let text = try String(
      contentsOf: Self.docs.appending(path: "scenarios.md"), encoding: .utf8)
    let place = try #require(text.range(of: Self.marker))
    var examples = ""
    for (index, part) in text[..<place.lowerBound].components(separatedBy: "```").enumerated()
    where index % 2 == 1 { examples += part }
    let missing = ScenarioSchema.fieldNames.filter { name in
      !examples.contains("\(name):") && !["labels", "annotations"].contains(name)
    }
    #expect(missing == [])
  }
}
