import Scalars
import Testing

@Suite("Durations are Go's")
struct GoDurationTests {
  @Test(
    "A duration parses to its nanoseconds and prints as Go prints it",
    arguments: [
      ("0", 0, "0s"), ("1h30m", 5_400_000_000_000, "1h30m0s"), ("1.5s", 1_500_000_000, "1.5s"),
      ("300ms", 300_000_000, "300ms"), ("-1.5h", -5_400_000_000_000, "-1h30m0s"),
      ("1us", 1_000, "1µs"), ("1µs", 1_000, "1µs"), ("1μs", 1_000, "1µs"), ("5ns", 5, "5ns"),
      ("+5s", 5_000_000_000, "5s"), ("-0", 0, "0s"), (".5s", 500_000_000, "500ms"),
      ("5.s", 5_000_000_000, "5s"), ("1.004s", 1_004_000_000, "1.004s"),
      ("100.00100s", 100_001_000_000, "1m40.001s"), ("60s", 60_000_000_000, "1m0s"),
      ("3h4m5s", 11_045_000_000_000, "3h4m5s"), ("1100us", 1_100_000, "1.1ms"),
      ("39h9m14.425s", 140_954_425_000_000, "39h9m14.425s"), ("1500ns", 1_500, "1.5µs"),
      ("9223372036854775807ns", Int64.max, "2562047h47m16.854775807s"),
      ("-9223372036854775808ns", Int64.min, "-2562047h47m16.854775808s"),
      ("-2562047h47m16.854775808s", Int64.min, "-2562047h47m16.854775808s"),
      ("0.100000000000000000000h", 360_000_000_000, "6m0s"),
      ("0.830103483285477580700h", 2_988_372_539_827, "49m48.372539827s"),
      ("0.3333333333333333333h", 1_200_000_000_000, "20m0s"), ("1m1m", 120_000_000_000, "2m0s"),
    ])
  func parsing(text: String, nanoseconds: Int64, printed: String) throws {
    let duration = try GoDuration(parsing: text)
    #expect(duration.nanoseconds == nanoseconds)
    #expect(duration.description == printed)
  }

  @Test(
    "A text that is no duration is refused with Go's message",
    arguments: [
      ("", "invalid duration"), ("3", "missing unit"), ("-", "invalid duration"),
      ("s", "invalid duration"), (".", "invalid duration"), ("-.", "invalid duration"),
      (".s", "invalid duration"), ("+.s", "invalid duration"), ("1d", #"unknown unit "d""#),
      ("1s2", "missing unit"), ("3000000h", "invalid duration"), ("1 s", "unknown unit"),
      ("9223372036854775808ns", "invalid duration"), ("-9223372036854775809ns", "invalid duration"),
      ("9223372036854775810ns", "invalid duration"), ("1.2.3s", "missing unit"),
      ("99999999999999999999999s", "invalid duration"), ("1é", "unknown unit"),
    ])
  func refused(text: String, part: String) {
    let error = #expect(throws: ScalarError.self) { try GoDuration(parsing: text) }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "none")")
  }

  @Test("Sums that do not fit are refused, and unit factories saturate")
  func arithmetic() throws {
    #expect(try GoDuration.seconds(1).adding(.milliseconds(500)).description == "1.5s")
    #expect(throws: ScalarError.self) { try GoDuration.max.adding(GoDuration(nanoseconds: 1)) }
    #expect(throws: ScalarError.self) { try GoDuration.min.subtracting(.seconds(1)) }
    #expect(GoDuration.hours(.max) == .max)
    #expect(GoDuration.minutes(.min) == .min)
    #expect(GoDuration.hours(1) > .minutes(59))
    #expect(GoDuration.milliseconds(1_500).seconds == 1.5)
    #expect(GoDuration.milliseconds(-1_500).wholeSeconds == -1)
  }

  @Test(
    "Printing and parsing again gives the same duration", arguments: 1...3 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<5_000 {
      let shift = Int64.random(in: 0...63, using: &random)
      let value = GoDuration(nanoseconds: Int64(truncatingIfNeeded: random.next()) >> shift)
      #expect(GoDuration(value.description) == value, "seed \(seed): \(value)")
    }
  }
}

@Suite("Timestamps are RFC 3339, in the three precisions of Kubernetes")
struct TimestampTests {
  @Test(
    "A timestamp parses to seconds since 1970 and prints in UTC",
    arguments: [
      ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"),
      ("2026-01-01T00:00:00Z", 1_767_225_600, "2026-01-01T00:00:00Z"),
      ("2000-02-29T12:34:56Z", 951_827_696, "2000-02-29T12:34:56Z"),
      ("1969-12-31T23:59:59.5Z", -1, "1969-12-31T23:59:59.5Z"),
      ("2026-01-01T01:30:00+01:30", 1_767_225_600, "2026-01-01T00:00:00Z"),
      ("2025-12-31T16:00:00-08:00", 1_767_225_600, "2026-01-01T00:00:00Z"),
      ("0001-01-01T00:00:00Z", -62_135_596_800, "0001-01-01T00:00:00Z"),
      ("9999-12-31T23:59:59.999999999Z", 253_402_300_799, "9999-12-31T23:59:59.999999999Z"),
      ("2026-01-01T00:00:00.123456789999Z", 1_767_225_600, "2026-01-01T00:00:00.123456789Z"),
      ("2026-01-01T00:00:00.100000000Z", 1_767_225_600, "2026-01-01T00:00:00.1Z"),
      ("2026-01-01T00:00:00.000000001Z", 1_767_225_600, "2026-01-01T00:00:00.000000001Z"),
    ])
  func parsing(text: String, seconds: Int64, printed: String) throws {
    let time = try Timestamp(parsing: text)
    #expect(time.seconds == seconds)
    #expect(time.description == printed)
  }

  @Test(
    "A text that is no timestamp is refused",
    arguments: [
      "", "2026-01-01", "2026-01-01T00:00:00", "2026-1-01T00:00:00Z", "2026-01-01 00:00:00Z",
      "2026-01-01t00:00:00Z", "2026-01-01T00:00:00z", "2026-13-01T00:00:00Z",
      "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
      "2026-04-31T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
      "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z",
      "2026-01-01T00:00:00,5Z", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60",
      "2026-01-01T00:00:00+0100", "2026-01-01T00:00:00Zx", "0000-01-01T00:00:00Z",
      "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "12026-01-01T00:00:00Z",
      "2026-01-01T00:00:00+", "-026-01-01T00:00:00Z",
    ])
  func refused(text: String) {
    #expect(throws: ScalarError.self) { try Timestamp(parsing: text) }
  }

  @Test("Each precision cuts off what is finer")
  func precisions() {
    let time = Timestamp(seconds: 1_767_225_600, nanoseconds: 987_654_321)
    #expect(time.text(.seconds) == "2026-01-01T00:00:00Z")
    #expect(time.text(.microseconds) == "2026-01-01T00:00:00.987654Z")
    #expect(time.text(.nanoseconds) == "2026-01-01T00:00:00.987654321Z")
    #expect(time.truncatedToSecond.text(.microseconds) == "2026-01-01T00:00:00.000000Z")
    #expect(time.truncatedToMicrosecond.nanoseconds == 987_654_000)
  }

  @Test("The calendar knows weekdays, days of the year and leap years")
  func calendar() throws {
    let rows: [(String, Weekday, Int)] = [
      ("1970-01-01T00:00:00Z", .thursday, 1), ("2026-01-01T00:00:00Z", .thursday, 1),
      ("2024-12-31T00:00:00Z", .tuesday, 366), ("2000-03-01T00:00:00Z", .wednesday, 61),
      ("0001-01-01T00:00:00Z", .monday, 1), ("9999-12-31T00:00:00Z", .friday, 365),
    ]
    for (text, weekday, day) in rows {
      let civil = try Timestamp(parsing: text).civil()
      #expect(civil.weekday == weekday, "\(text)")
      #expect(civil.dayOfYear == day, "\(text)")
    }
    #expect(CivilTime.isLeap(year: 2000) && !CivilTime.isLeap(year: 1900))
    #expect(Timestamp.unixEpoch.civil(offsetSeconds: -3_600).hour == 23)
    #expect(Timestamp(CivilTime(year: 2026, month: 2, day: 30)) == nil)
    #expect(
      Timestamp(CivilTime(year: 1970, month: 1, day: 1, hour: 1), offsetSeconds: 3_600)?.seconds
        == 0)
  }

  @Test("Every day from year 1 to 9999 has its place in the calendar")
  func everyDay() {
    var expected = CivilTime(year: 1, month: 1, day: 1)
    var seconds = Timestamp.min.seconds
    var failures = 0
    while seconds < Timestamp.max.seconds {
      let time = Timestamp(seconds: seconds)
      if time.civil() != expected || Timestamp(expected) != time { failures += 1 }
      expected.day += 1
      if expected.day > CivilTime.daysIn(month: expected.month, of: expected.year) {
        (expected.day, expected.month) = (1, expected.month + 1)
        if expected.month > 12 { (expected.month, expected.year) = (1, expected.year + 1) }
      }
      seconds += 86_400
    }
    #expect(failures == 0)
  }

  @Test("Adding durations carries over seconds and stops at the ends of the calendar")
  func arithmetic() throws {
    let start = try Timestamp(parsing: "2026-01-01T00:00:00.9Z")
    #expect((start + .milliseconds(200)).description == "2026-01-01T00:00:01.1Z")
    #expect((start - .seconds(1)).description == "2025-12-31T23:59:59.9Z")
    #expect((start - .milliseconds(950)).description == "2025-12-31T23:59:59.95Z")
    #expect((start + .hours(24)) - start == .hours(24))
    #expect(start - (start + .milliseconds(1)) == .milliseconds(-1))
    #expect(Timestamp.max + GoDuration.max == .max)
    #expect(Timestamp.min - GoDuration.max == Timestamp.min)
    #expect(Timestamp.min + GoDuration.min == .min)
    #expect(Timestamp.min - GoDuration.min > Timestamp.min)
    #expect(Timestamp.max - Timestamp.min == GoDuration.max)
    #expect(Timestamp.min - Timestamp.max == GoDuration.min)
    #expect(Timestamp(seconds: .max, nanoseconds: .max) == .max)
    #expect(Timestamp(seconds: .min, nanoseconds: .min) == .min)
    #expect(Timestamp(seconds: 0, nanoseconds: -1).description == "1969-12-31T23:59:59.999999999Z")
    var clock = start
    clock += .seconds(1)
    #expect(clock > start)
  }

  @Test("Printing and parsing again gives the same time", arguments: 1...3 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<3_000 {
      let time = Timestamp(
        seconds: Int64.random(in: Timestamp.min.seconds...Timestamp.max.seconds, using: &random),
        nanoseconds: Int64.random(in: 0..<1_000_000_000, using: &random))
      #expect(Timestamp(time.description) == time, "seed \(seed): \(time)")
      #expect(Timestamp(time.text(.seconds)) == time.truncatedToSecond, "seed \(seed): \(time)")
    }
  }
}
