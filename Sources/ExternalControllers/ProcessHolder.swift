import CProcess
import Glibc

/// The small process between Drydock and a controller: it sees to it that nothing is left behind, whatever becomes of
/// Drydock.
///
/// Its standard input is a pipe that nobody writes to: when it ends, Drydock has ended, and everything that the
/// controller has started is killed. Orphans come to it, so none escapes.
public enum ProcessHolder {
  /// The first argument of a call of Drydock that is to become a holder.
  public static let argument = "__hold"

  /// Becomes the holder of a command: returns never.
  ///
  /// - Parameters:
  ///   - command: What the shell runs.
  ///   - folder: The files of the run, which are removed when Drydock has gone.
  public static func run(_ command: String, folder: String) -> Never {
    drydock_adopt_orphans()
    // Ctrl-C on the terminal is Drydock's to hear.
    setpgid(0, 0)
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
    guard let child = start(command) else { exit(127) }
    var status: Int32?
    while true {
      if isAbandoned(afterMilliseconds: status == nil ? 20 : 0) {
        ProcessTree.killDescendants(of: getpid())
        for instance in 0...1 { unsafe unlink("\(folder)/kubeconfig-\(instance)") }
        unsafe rmdir(folder)
        exit(137)
      }
      var code: Int32 = 0
      while true {
        let ended = unsafe waitpid(-1, &code, WNOHANG)
        if ended <= 0 { break }
        if ended == child { status = code }
      }
      if let status {
        ProcessTree.killDescendants(of: getpid())
        let byte = status & 0x7f
        exit(byte == 0 ? (status >> 8) & 0xff : 128 + byte)
      }
    }
  }

  /// Whether Drydock has gone: the other end of the pipe is closed.
  private static func isAbandoned(afterMilliseconds milliseconds: Int32) -> Bool {
    var place = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&place, 1, milliseconds) > 0 else { return false }
    return place.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
  }

  private static func start(_ command: String) -> pid_t? {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // Signals as a program expects them that was started by a shell.
    var all = sigset_t()
    unsafe sigfillset(&all)
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var child: pid_t = 0
    let status = unsafe CStrings.with(["/bin/sh", "-c", command]) { arguments in
      unsafe posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments, environ)
    }
    return status == 0 ? child : nil
  }
}

/// Texts as C's functions take them.
enum CStrings {
  /// Calls a function with texts, and a null behind the last.
  static func with<Result>(
    _ texts: [String],
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = unsafe []
    for text in texts { unsafe pointers.append(strdup(text)) }
    unsafe pointers.append(nil)
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("there is a null at least") }
      return unsafe body(base)
    }
  }
}
