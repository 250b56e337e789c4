import APIMachinery
import Testing
import ValueTree

@Suite("Label selectors: what they choose")
struct SelectorTests {
  @Test(
    "Each operator, for an object that has the value, has another one, and does not have the label",
    arguments: [
      ("tier=web", true, false, false), ("tier==web", true, false, false),
      ("tier!=web", false, true, true), ("tier in (web, db)", true, false, false),
      ("tier notin (web,db)", false, true, true), ("tier", true, true, false),
      ("!tier", false, false, true), ("tier,tier!=web", false, true, false),
      ("", true, true, true),
    ])
  func operators(_ text: String, _ same: Bool, _ other: Bool, _ missing: Bool) throws {
    let selector = try LabelSelector(parsing: text)
    #expect(selector.matches(["tier": "web"]) == same)
    #expect(selector.matches(["tier": "cache"]) == other)
    #expect(selector.matches(["app": "a"]) == missing)
    #expect(selector.matches(nil) == missing)
  }
}
