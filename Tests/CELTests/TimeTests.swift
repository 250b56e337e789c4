import CEL
import Testing

@Suite("Times and time zones")
struct TimeTests {
  @Test(
    "Fields of a moment",
    arguments: [
      "t.getFullYear() == 2024", "t.getMonth() == 1", "t.getDate() == 29",
      "t.getDayOfMonth() == 28",
      "t.getDayOfYear() == 59", "t.getDayOfWeek() == 4", "t.getHours() == 23",
      "t.getMinutes() == 58", "t.getSeconds() == 57", "t.getMilliseconds() == 120",
      "t.getDate('+01:00') == 1", "t.getMonth('+01:00') == 2", "t.getHours('-05:30') == 18",
      "t.getHours('UTC') == 23", "t.getHours('Europe/Berlin') == 0",
      "t.getHours('America/New_York') == 18", "t.getMinutes('Asia/Kolkata') == 28",
    ])
  func fields(_ expression: String) throws {
    expectTrue(expression, ["t": try evaluate("timestamp('2024-02-29T23:58:57.12Z')")])
  }

  @Test(
    "Summer time begins and ends where the rule says",
    arguments: [
      ("2026-03-29T00:59:59Z", "Europe/Berlin", 1), ("2026-03-29T01:00:00Z", "Europe/Berlin", 3),
      ("2026-10-25T00:59:59Z", "Europe/Berlin", 2), ("2026-10-25T01:00:00Z", "Europe/Berlin", 2),
      ("2026-03-08T06:59:59Z", "America/New_York", 1),
      ("2026-03-08T07:00:00Z", "America/New_York", 3),
      ("2026-01-01T00:00:00Z", "Australia/Sydney", 11),
      ("2026-07-01T00:00:00Z", "Australia/Sydney", 10),
    ])
  func summer(_ time: String, _ zone: String, _ hour: Int) {
    expectTrue("timestamp('\(time)').getHours('\(zone)') == \(hour)")
  }

  @Test("Fields of a span")
  func spans() {
    expectTrue("duration('90m').getHours() == 1 && duration('90m').getMinutes() == 90")
    expectTrue("duration('90m').getSeconds() == 5400")
    expectTrue("duration('1234ms').getMilliseconds() == 234")
    expectTrue("duration('-90m').getHours() == -1")
  }

  @Test("Unknown zones are errors", arguments: ["Mars/Base", "+1:00", "+25:00", "01:60"])
  func unknown(_ zone: String) {
    expectFailure("timestamp(0).getHours('\(zone)')", .invalidArgument)
  }
}
