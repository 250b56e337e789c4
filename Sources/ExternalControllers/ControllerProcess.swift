import Glibc
import Synchronization

/// A controller as a process, with everything that it starts.
///
/// - Guarantees: it ends when this object does, and when this process does, however that ends.
final class ControllerProcess: Sendable {
  /// The process that holds it.
  private let holder: pid_t
  /// The end of the pipe that the holder waits on.
  private let lifeline: Int32
  private let output: Int32
  private let state = Mutex(State())

  private struct State {
    var status: Int32?
    var rest: [UInt8] = []
    var isPaused = false
    var isReleased = false
  }

  /// The system could not start it.
  struct StartError: Error, CustomStringConvertible {
    let reason: String
    var description: String { "the controller could not be started: \(reason)" }
  }

  /// Starts a command through the shell.
  ///
  /// - Parameters:
  ///   - command: What the shell runs.
  ///   - environment: What is added to this process's environment.
  ///   - program: The file of Drydock, which holds the command.
  ///   - folder: The files of the run.
  /// - Throws: `StartError`.
  init(
    _ command: String, environment: [(name: String, value: String)], program: String,
    folder: String
  ) throws(StartError) {
    // One at a time, so that no process inherits the ends of another one's pipes.
    let started = Self.starting.withLock { _ in
      Self.start([program, ProcessHolder.argument, command, folder], environment)
    }
    switch started {
    case .success(let parts):
      holder = parts.holder
      lifeline = parts.lifeline
      output = parts.output
    case .failure(let error): throw error
    }
  }

  private static let starting = Mutex(())

  private struct Parts {
    let holder: pid_t
    let lifeline: Int32
    let output: Int32
  }

  private static func start(
    _ arguments: [String], _ environment: [(name: String, value: String)]
  ) -> Result<Parts, StartError> {
    var life: [Int32] = [0, 0]
    var output: [Int32] = [0, 0]
    guard unsafe pipe(&life) == 0, unsafe pipe(&output) == 0 else {
      return .failure(StartError(reason: "no more files can be opened"))
    }
    for end in life + output { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(output[0], F_SETFL, O_NONBLOCK)
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, life[0], STDIN_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, output[1], STDERR_FILENO)
    var holder: pid_t = 0
    let status = unsafe CStrings.with(arguments) { pointers in
      unsafe CStrings.with(merged(environment)) { variables in
        unsafe posix_spawn(&holder, arguments[0], &actions, nil, pointers, variables)
      }
    }
    close(life[0])
    close(output[1])
    guard status == 0 else {
      close(life[1])
      close(output[0])
      return .failure(StartError(reason: unsafe String(cString: strerror(status))))
    }
    return .success(Parts(holder: holder, lifeline: life[1], output: output[0]))
  }

  private static func merged(_ added: [(name: String, value: String)]) -> [String] {
    var result: [String] = []
    var next = unsafe environ
    while let pointer = unsafe next.pointee {
      let entry = unsafe String(cString: pointer)
      if !added.contains(where: { entry.hasPrefix("\($0.name)=") }) { result.append(entry) }
      unsafe next += 1
    }
    return result + added.map { "\($0.name)=\($0.value)" }
  }

  deinit {
    end()
    close(output)
  }

  /// The status with which it has ended, as a shell tells it; nil while it runs.
  var status: Int32? {
    state.withLock { state in
      if let status = state.status { return status }
      var code: Int32 = 0
      guard unsafe waitpid(holder, &code, WNOHANG) == holder else { return nil }
      let byte = code & 0x7f
      state.status = byte == 0 ? (code >> 8) & 0xff : 128 + byte
      return state.status
    }
  }

  /// Kills it and everything that it has started, as a node does that loses power.
  func kill() {
    guard status == nil else { return }
    ProcessTree.killDescendants(of: holder)
  }

  /// Stops it where it stands.
  func pause() {
    guard status == nil else { return }
    ProcessTree.send(SIGSTOP, toDescendantsOf: holder)
    state.withLock { $0.isPaused = true }
  }

  /// Lets it go on.
  func resume() {
    guard status == nil else { return }
    ProcessTree.send(SIGCONT, toDescendantsOf: holder)
    state.withLock { $0.isPaused = false }
  }

  /// Whether it has been stopped and not resumed.
  var isPaused: Bool { state.withLock { $0.isPaused } }

  /// Ends it, and waits until it has gone.
  func end() {
    let isFirst = state.withLock { state in
      defer { state.isReleased = true }
      return !state.isReleased
    }
    if isFirst { close(lifeline) }
    guard status == nil else { return }
    for _ in 0..<2_000 {
      if status != nil { return }
      usleep(1_000)
    }
    Glibc.kill(holder, SIGKILL)
    while status == nil { usleep(1_000) }
  }

  /// The lines that it has written since somebody asked.
  func takeLines() -> [String] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(output, $0.baseAddress, $0.count)
      }
      guard count > 0 else { break }
      bytes.append(contentsOf: buffer[..<count])
      if bytes.count > 1 << 20 { break }
    }
    return state.withLock { state in
      state.rest += bytes
      var parts = state.rest.split(
        separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      state.rest = Array(parts.removeLast())
      return parts.map { String(decoding: $0, as: UTF8.self) }
    }
  }
}
