/// A day of the week.
public enum Weekday: Int, Hashable, Sendable, CaseIterable {
  /// The first day, as Go and CEL count.
  case sunday
  /// The second day.
  case monday
  /// The third day.
  case tuesday
  /// The fourth day.
  case wednesday
  /// The fifth day.
  case thursday
  /// The sixth day.
  case friday
  /// The last day.
  case saturday
}

/// A moment as the proleptic Gregorian calendar and a clock show it.
public struct CivilTime: Hashable, Sendable {
  /// The year.
  public var year: Int
  /// The month, 1 to 12.
  public var month: Int
  /// The day of the month, 1 to 31.
  public var day: Int
  /// The hour, 0 to 23.
  public var hour: Int
  /// The minute, 0 to 59.
  public var minute: Int
  /// The second, 0 to 59: leap seconds do not exist here, as in Go.
  public var second: Int
  /// The nanosecond, 0 to 999999999.
  public var nanosecond: Int

  /// Creates a moment from its fields, which are not checked.
  ///
  /// - Parameters:
  ///   - year: The year.
  ///   - month: The month, 1 to 12.
  ///   - day: The day of the month.
  ///   - hour: The hour.
  ///   - minute: The minute.
  ///   - second: The second.
  ///   - nanosecond: The nanosecond.
  public init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0,
    nanosecond: Int = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.nanosecond = nanosecond
  }

  /// Whether every field is in its range, the day within its month, the year in 1 to 9999.
  public var isValid: Bool {
    (1...9999).contains(year) && (1...12).contains(month)
      && (1...Self.daysIn(month: month, of: year)).contains(day) && (0...23).contains(hour)
      && (0...59).contains(minute) && (0...59).contains(second)
      && (0...999_999_999).contains(nanosecond)
  }

  /// The day of the year, from 1.
  public var dayOfYear: Int {
    Self.daysFromEpoch(year: year, month: month, day: day)
      - Self.daysFromEpoch(year: year, month: 1, day: 1) + 1
  }

  /// The day of the week.
  public var weekday: Weekday {
    let days = Self.daysFromEpoch(year: year, month: month, day: day)
    // 1970-01-01 was a Thursday.
    return Weekday(rawValue: ((days + 4) % 7 + 7) % 7) ?? .sunday
  }

  /// Whether a year has a 29th of February.
  ///
  /// - Parameter year: The year.
  /// - Returns: Whether it is a leap year.
  public static func isLeap(year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// The number of days in a month.
  ///
  /// - Parameters:
  ///   - month: The month, 1 to 12.
  ///   - year: Its year.
  /// - Returns: 28 to 31.
  public static func daysIn(month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year: year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days since 1970-01-01, counted in 400-year cycles that begin in March, so that the leap day is
  /// the last day of its year and needs no case of its own.
  static func daysFromEpoch(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let cycle = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfCycle = shifted - cycle * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
    return cycle * 146_097 + dayOfCycle - 719_468
  }

  /// The date of a day that is counted from 1970-01-01: the inverse of `daysFromEpoch`.
  static func date(daysFromEpoch days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let cycle = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfCycle = shifted - cycle * 146_097
    let leaps = dayOfCycle / 1_460 - dayOfCycle / 36_524 + dayOfCycle / 146_096
    let yearOfCycle = (dayOfCycle - leaps) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0), month, day)
  }
}
