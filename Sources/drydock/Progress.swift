import Glibc
import Reporting
import Scalars

/// How far long work has come: one line on standard error while it lasts, on a terminal only.
///
/// What is done before anybody could read it is not told.
struct Progress {
  /// Whether a line stands on the terminal now; read when a signal comes.
  nonisolated(unsafe) static var isShown = false

  private let isEnabled = isatty(STDERR_FILENO) == 1 && !Console.isDumb
  private let start = WallClock.now
  private var last: Timestamp?

  private static let delay = GoDuration.milliseconds(300)
  private static let interval = GoDuration.milliseconds(100)

  /// Says how many of how many are done: `applied 3,000/10,000`.
  mutating func tell(_ verb: String, _ done: Int, of total: Int) {
    show { "\(verb) \(Self.grouped(done))/\(Self.grouped(total))" }
  }

  /// Says how much of something has been done whose end nobody knows: `controllers: 12,000 decisions`.
  mutating func tell(_ what: String, _ count: Int, _ unit: String) {
    show { "\(what): \(Self.grouped(count)) \(unit)" }
  }

  private mutating func show(_ text: () -> String) {
    guard isEnabled else { return }
    let now = WallClock.now
    guard now - start > Self.delay, last.map({ now - $0 >= Self.interval }) ?? true else { return }
    last = now
    unsafe Self.isShown = true
    let style = Console.style(of: STDERR_FILENO)
    Console.write("\r\u{1B}[K" + style.faint(text()), to: STDERR_FILENO)
  }

  /// Takes the line away, before anything else is printed.
  static func clear() {
    guard unsafe isShown else { return }
    Console.write("\r\u{1B}[K", to: STDERR_FILENO)
    unsafe isShown = false
  }

  /// `12,000`.
  static func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3), digit != "-" { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}
