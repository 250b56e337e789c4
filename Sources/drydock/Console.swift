import Glibc
import Reporting

/// Standard output and standard error.
enum Console {
  /// Writes lines to standard output.
  static func print(_ lines: [String]) {
    var text = lines.joined(separator: "\n")
    text += "\n"
    write(text, to: STDOUT_FILENO)
  }

  /// Writes a line to standard error.
  static func error(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

  /// How to print on standard output: coloured on a terminal, unless `NO_COLOR` is set.
  static var style: Style {
    let noColor = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
    let isDumb = unsafe getenv("TERM").map { unsafe String(cString: $0) == "dumb" } ?? false
    return Style(isColoured: isatty(STDOUT_FILENO) == 1 && !noColor && !isDumb)
  }

  private static func write(_ text: String, to descriptor: Int32) {
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
