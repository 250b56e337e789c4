import Glibc
import Reporting

/// Standard output and standard error.
enum Console {
  /// Writes lines to standard output.
  static func print(_ lines: [String]) {
    if lines.isEmpty { return }
    Progress.clear()
    var text = lines.joined(separator: "\n")
    text += "\n"
    write(text, to: STDOUT_FILENO)
  }

  /// Writes a line to standard error; the word that it begins with is coloured on a terminal.
  static func error(_ line: String) {
    Progress.clear()
    let style = style(of: STDERR_FILENO)
    var line = line
    for (word, painted) in [
      ("error:", style.bad), ("Error:", style.bad), ("Error from server", style.bad),
      ("warning:", style.warning),
    ] where line.hasPrefix(word) {
      line = painted(word) + line.dropFirst(word.count)
    }
    write(line + "\n", to: STDERR_FILENO)
  }

  /// Waits; true as soon as nobody reads standard output any more.
  static func isAbandoned(afterMilliseconds milliseconds: Int32) -> Bool {
    var place = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    guard unsafe poll(&place, 1, milliseconds) > 0 else { return false }
    return place.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
  }

  /// Whether somebody can be asked.
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

  /// Asks, and takes nothing but yes for yes.
  static func confirms(_ question: String) -> Bool {
    write("\(question) [y/N] ", to: STDERR_FILENO)
    let answer = readLine()?.lowercased() ?? ""
    return answer == "y" || answer == "yes"
  }

  /// How to print on standard output: coloured on a terminal, unless `NO_COLOR` is set.
  static var style: Style { style(of: STDOUT_FILENO) }

  /// How many columns there are: those of the terminal, or as `COLUMNS` says; 80 where nobody looks.
  static var width: Int {
    if let columns = Environment.number("COLUMNS"), columns > 0 { return columns }
    var size = winsize()
    let status = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
    return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Whether the terminal understands more than text.
  static var isDumb: Bool {
    unsafe getenv("TERM").map { unsafe String(cString: $0) == "dumb" } ?? false
  }

  static func style(of descriptor: Int32) -> Style {
    let noColor = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
    return Style(isColoured: isatty(descriptor) == 1 && !noColor && !isDumb)
  }

  static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count < 0 {
        if errno == EINTR { continue }
        // The reader has gone; nobody is left to be told.
        exit(errno == EPIPE ? 0 : 70)
      }
      done += count
    }
  }
}
