import Glibc

/// How the program ends when it is told to.
enum Signals {
  /// Ctrl-C exits with 130; a reader that has gone is found out by the write.
  static func install() {
    // Whoever started this process may have left signals blocked, and a mask is inherited.
    var mask = sigset_t()
    unsafe sigemptyset(&mask)
    unsafe sigaddset(&mask, SIGINT)
    unsafe sigprocmask(SIG_UNBLOCK, &mask, nil)
    signal(SIGPIPE, SIG_IGN)
    signal(SIGINT) { _ in
      // Nothing but what a signal's handler may do: the line of progress goes, and with it the process. What was not
      // committed to the state file is as if it had never been begun.
      if unsafe Progress.isShown {
        let clear: StaticString = "\r\u{1B}[K"
        _ = unsafe write(STDERR_FILENO, clear.utf8Start, clear.utf8CodeUnitCount)
      }
      _exit(130)
    }
  }
}
