import APIMachinery
import ControllerModels
import Foundation
import Scenarios
import Testing
import YAMLCoding

/// The page is all that many readers have: what it shows must be right.
@Suite("Examples: what docs/controller-models.md shows compiles")
struct ExampleTests {
  private static let head = """
    apiVersion: drydock.dev/v1alpha1
    kind: ControllerModel
    metadata: {name: example}

    """

  /// What stands around a step that the page shows: names that it may use, and labels that it may go to.
  private static let before = """
    spec:
      for: {kind: DeviceBinding}
      finalizer: example.com/example
      procedures:
        giveBack: [{wait: 1s}]
      steps:
      - get: {}
      - call: giveBack
      - set:
          a: "1"
          all: "[]"
          claim: object
          gone: "{'uid': ''}"
          grants: "[]"
          pod: object
          pods: "[]"
          since: "'2026-01-01T00:00:00Z'"
          surplus: "[]"

    """

  private static func blocks() throws -> [String] {
    let page = modelsFolder.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "docs/controller-models.md")
    let parts = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```")
    return parts.enumerated().filter { $0.offset % 2 == 1 && $0.element.hasPrefix("yaml\n") }
      .map { String($0.element.dropFirst(5)) }
  }

  /// The steps of a block one by one: as they stand they would end one another.
  private static func steps(_ block: String) -> [String] {
    var steps: [String] = []
    for line in block.split(separator: "\n") {
      if line.hasPrefix("- ") { steps.append("") }
      steps[steps.count - 1] += "  \(line)\n"
    }
    return steps
  }

  private static func compile(step: String) throws {
    var text = head + before
    let labels = ["again", "failed", "gone", "later"].filter {
      !step.contains("label: \($0)")
    }
    for label in labels { text += "  - {goto: \(label), when: request.name == ''}\n" }
    text += step
    // What the step does is left out now and then, so that whatever follows it is reached.
    let isEnd = ["goto:", "return:", "requeue:", "fail:", "done:"].contains {
      step.hasPrefix("  - \($0)")
    }
    if isEnd { text += "    when: request.name == ''\n" }
    text += "  - done:\n"
    for label in labels { text += "  - {label: \(label), done: }\n" }
    _ = try model(text)
  }

  @Test("Models, parts of their specs, and each step")
  func models() throws {
    var counts = [0, 0, 0]
    for block in try Self.blocks() where !block.contains("kind: Scenario") {
      if block.contains("kind: ControllerModel") {
        _ = try model(block)
        counts[0] += 1
      } else if block.hasPrefix("spec:"), !block.contains("  processes:") {
        var text = Self.head + block
        if !block.contains("\n  for:") { text += "  for: {kind: DeviceBinding}\n" }
        if !block.contains("\n  steps:") { text += "  steps:\n  - get: {}\n" }
        text = text.replacing(#""all.map(…)""#, with: "all")
        if block.contains("procedures:") {
          text = text.replacing(
            "  - get: {}\n",
            with: "  - get: {}\n  - set: {pool: \"''\", owner: \"''\"}\n  - call: giveBack\n")
        }
        if block.contains("count + 1") {
          text += "  variables: {count: {initial: 0}, seen: {scope: object}}\n"
        }
        _ = try model(text)
        counts[1] += 1
      } else if block.hasPrefix("- ") {
        for step in Self.steps(block) {
          #expect(throws: Never.self, "\(step)") { try Self.compile(step: step) }
          counts[2] += 1
        }
      }
    }
    #expect(counts[0] >= 1 && counts[1] >= 6 && counts[2] >= 40, "\(counts)")
  }

  @Test("Scenarios")
  func scenarios() throws {
    var count = 0
    for block in try Self.blocks() where block.contains("  processes:") {
      let text =
        block.contains("kind: Scenario")
        ? block
        : "apiVersion: drydock.dev/v1alpha1\nkind: Scenario\nmetadata: {name: x}\n" + block
      _ = try ScenarioReader().scenario(at: "scenario.yaml") { path throws(SourceDiagnostic) in
        let name = path.split(separator: "/").last?.split(separator: ".").first ?? ""
        switch name {
        case "scenario": return Array(text.utf8)
        case "pool":
          return Array(
            """
            apiVersion: drydock.dev/v1alpha1
            kind: Pool
            metadata: {name: gpus}
            spec: {type: gpu, count: 1}
            """.utf8)
        default:
          return Array(
            """
            apiVersion: drydock.dev/v1alpha1
            kind: ControllerModel
            metadata: {name: \(name)}
            spec:
              for: {kind: DeviceBinding}
              variables: {patience: {initial: 1}}
              steps:
              - get: {}
            """.utf8)
        }
      }
      count += 1
    }
    #expect(count == 2)
  }
}
