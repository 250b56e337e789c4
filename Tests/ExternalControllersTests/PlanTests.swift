import Testing
import YAMLCoding

@testable import ExternalControllers

@Suite("Plans of what is done to a controller outside")
struct PlanTests {
  @Test(
    "A request's name reads back as it is printed",
    arguments: [
      "patch portleases.example.org/status default/web #2", "list configmaps #1",
      "second: ensure pool/ports default/web #1", "sees pods/modified default/a #12",
      "create events.events.k8s.io default/web.* #3",
    ])
  func namesReadBack(text: String) throws {
    let name = try #require(RequestName(text))
    #expect(name.description == text)
  }

  @Test(
    "What names no request is refused",
    arguments: ["", "patch", "patch pods a", "patch pods a #0", "patch pods a b c #1", "get #x"])
  func noNames(text: String) {
    #expect(RequestName(text) == nil)
  }

  @Test("A plan reads back as it is written")
  func planReadsBack() throws {
    let place = try #require(RequestName("ensure pool/ports default/web #1"))
    let file = PlanFile(
      scenario: "ports.yaml", command: "python3 'a b.py'",
      plan: FaultPlan([FaultPlan.Fault(.killAfter, at: place)]), verdict: "leak",
      sentence: "30000/TCP of pool ports leaked.")
    let text = YAMLEmitter().string(file.value)
    let documents = try YAMLParser.documents(
      in: YAMLSource(name: "plan.yaml", bytes: Array(text.utf8)))
    let again = try PlanFile(reading: try #require(documents.first))
    #expect(again.plan == file.plan)
    #expect(again.command == file.command)
    #expect(again.sentence == file.sentence)
  }

  @Test("A mistake in a plan is told with its place and what is known")
  func mistakes() throws {
    let text = """
      apiVersion: drydock.dev/v1alpha1
      kind: FaultPlan
      spec:
        scenario: a.yaml
        command: b
        verdict: leak
        faults:
        - {at: "ensure pool/ports #1", fault: kill-never}
      """
    let documents = try YAMLParser.documents(
      in: YAMLSource(name: "plan.yaml", bytes: Array(text.utf8)))
    let document = try #require(documents.first)
    let error = #expect(throws: SourceDiagnostic.self) { try PlanFile(reading: document) }
    #expect(error?.description.contains("plan.yaml:8") == true)
    #expect(error?.description.contains("kill-after") == true)
  }
}
