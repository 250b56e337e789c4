import Scalars

/// Offsets of time zones, by name or written as `+01:00`.
///
/// A zone is known by the rule that holds for it today; what a zone did under earlier rules is not
/// kept. The table is part of the program, so results are the same on every machine.
enum TimeZones {
  /// Seconds east of UTC in a zone at a moment, or nil where there is no such zone.
  static func offset(of zone: String, at time: Timestamp) -> Int? {
    if zone == "UTC" || zone == "Z" || zone.isEmpty { return 0 }
    if let fixed = fixedOffset(zone) { return fixed }
    return rules[zone].map { $0.offset(at: time) }
  }

  /// `+HH:MM`, `-HH:MM` or `HH:MM`.
  private static func fixedOffset(_ text: String) -> Int? {
    var digits = Array(text.utf8)
    guard let first = digits.first else { return nil }
    let isWest = first == UInt8(ascii: "-")
    if isWest || first == UInt8(ascii: "+") { digits.removeFirst() }
    guard digits.count == 5, digits[2] == UInt8(ascii: ":") else { return nil }
    digits.remove(at: 2)
    guard digits.allSatisfy({ Lexer.isDigit($0) }) else { return nil }
    let numbers = digits.map { Int($0) - 0x30 }
    let (hours, minutes) = (numbers[0] * 10 + numbers[1], numbers[2] * 10 + numbers[3])
    guard hours < 24, minutes < 60 else { return nil }
    return (hours * 3_600 + minutes * 60) * (isWest ? -1 : 1)
  }

  private static let rules: [String: ZoneRule] = {
    var rules: [String: ZoneRule] = [:]
    // tidy: a text, not the dictionary that is made of it
    for entry in TimeZoneTable.rules.description.split(separator: "|") {
      guard let end = entry.firstIndex(of: "="), let rule = ZoneRule(entry[..<end]) else {
        preconditionFailure("the table of time zones has a malformed rule: \(entry.prefix(40))")
      }
      for zone in entry[entry.index(after: end)...].split(separator: " ") {
        rules[String(zone)] = rule
      }
    }
    return rules
  }()
}

/// A rule of POSIX: an offset, and another one between two days of the year.
struct ZoneRule: Sendable {
  /// The weekday of a week of a month, and the seconds from the midnight before it.
  private struct Change: Sendable {
    let month: Int
    /// 1 to 5; 5 is the last.
    let week: Int
    let weekday: Int
    let seconds: Int

    /// Seconds from 1970 on the clock that is changed.
    func moment(year: Int) -> Int {
      var civil = CivilTime(year: year, month: month, day: 1)
      var day = 1 + (weekday - civil.weekday.rawValue + 7) % 7 + (week - 1) * 7
      while day > CivilTime.daysIn(month: month, of: year) { day -= 7 }
      civil.day = day
      return (Timestamp(civil).map { Int($0.seconds) } ?? 0) + seconds
    }
  }

  private let standard: Int
  private let summer: Int
  private let begin: Change?
  private let end: Change?

  /// Reads `EST5EDT,M3.2.0,M11.1.0`.
  init?(_ text: Substring) {
    var rest = Array(text.utf8)[...]
    guard Self.skipName(&rest), let west = Self.time(&rest) else { return nil }
    standard = -west
    guard !rest.isEmpty else {
      (summer, begin, end) = (standard, nil, nil)
      return
    }
    guard Self.skipName(&rest) else { return nil }
    if rest.first == UInt8(ascii: ",") {
      summer = standard + 3_600
    } else {
      guard let west = Self.time(&rest) else { return nil }
      summer = -west
    }
    guard let begin = Self.change(&rest), let end = Self.change(&rest), rest.isEmpty else {
      return nil
    }
    (self.begin, self.end) = (begin, end)
  }

  func offset(at time: Timestamp) -> Int {
    guard let begin, let end else { return standard }
    let year = time.civil(offsetSeconds: standard).year
    let first = begin.moment(year: year) - standard
    let last = end.moment(year: year) - summer
    let now = Int(time.seconds)
    let isSummer = first < last ? now >= first && now < last : now >= first || now < last
    return isSummer ? summer : standard
  }

  private static func skipName(_ text: inout ArraySlice<UInt8>) -> Bool {
    if text.first == UInt8(ascii: "<") {
      guard let close = text.firstIndex(of: UInt8(ascii: ">")) else { return false }
      text = text[(close + 1)...]
      return true
    }
    let before = text.count
    text = text.drop { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
    return text.count < before
  }

  private static func number(_ text: inout ArraySlice<UInt8>) -> Int? {
    var value: Int?
    while let digit = text.first, Lexer.isDigit(digit) {
      value = (value ?? 0) * 10 + Int(digit) - 0x30
      text = text.dropFirst()
    }
    return value
  }

  private static func time(_ text: inout ArraySlice<UInt8>) -> Int? {
    var sign = 1
    if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      sign = first == UInt8(ascii: "-") ? -1 : 1
      text = text.dropFirst()
    }
    guard var seconds = number(&text).map({ $0 * 3_600 }) else { return nil }
    for unit in [60, 1] where text.first == UInt8(ascii: ":") {
      text = text.dropFirst()
      guard let part = number(&text) else { return nil }
      seconds += part * unit
    }
    return seconds * sign
  }

  private static func change(_ text: inout ArraySlice<UInt8>) -> Change? {
    guard text.starts(with: Array(",M".utf8)) else { return nil }
    text = text.dropFirst(2)
    var numbers: [Int] = []
    for index in 0..<3 {
      if index > 0 {
        guard text.first == UInt8(ascii: ".") else { return nil }
        text = text.dropFirst()
      }
      guard let number = number(&text) else { return nil }
      numbers.append(number)
    }
    var seconds = 7_200
    if text.first == UInt8(ascii: "/") {
      text = text.dropFirst()
      guard let time = time(&text) else { return nil }
      seconds = time
    }
    return Change(month: numbers[0], week: numbers[1], weekday: numbers[2], seconds: seconds)
  }
}
