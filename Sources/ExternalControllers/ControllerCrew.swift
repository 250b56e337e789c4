import APIServerHTTP
import Glibc
import Scalars
import YAMLCoding

/// The instances of a controller in a run: started, started again when they end, resumed when they were stopped.
final class ControllerCrew {
  private let settings: ExternalSettings
  private let listener: APIListener
  private let door: ChaosDoor
  private let folder: TemporaryFolder
  private let clock = RunClock()
  private var processes: [Int: ControllerProcess] = [:]
  private var restarts: [Int: GoDuration] = [:]
  private var urls: [Int: String]
  private var pausedAt: [Int: GoDuration] = [:]
  private var lines: [String] = []
  /// How often it has ended without anybody having killed it.
  private var endCount = 0
  private static let endsMax = 5

  init(
    _ settings: ExternalSettings, _ listener: APIListener, _ door: ChaosDoor,
    _ folder: TemporaryFolder
  ) {
    self.settings = settings
    self.listener = listener
    self.door = door
    self.folder = folder
    urls = [0: listener.url]
  }

  /// Starts an instance.
  func start(instance: Int) throws {
    let process = try ControllerProcess(
      settings.command, environment: try environment(instance: instance),
      program: settings.program, folder: folder.path)
    processes[instance] = process
    door.know(process, instance: instance)
    door.note(.process, ChaosDoor.actor(instance), "is started")
  }

  /// Starts the controller where it does not run.
  func startMissing() throws {
    if processes[0] == nil, restarts[0] == nil { try start(instance: 0) }
  }

  /// What an instance finds in its environment; its kubeconfig is written.
  func environment(instance: Int) throws -> [(name: String, value: String)] {
    let url = try url(of: instance)
    let kubeconfig = "\(folder.path)/kubeconfig-\(instance)"
    try folder.write(YAMLEmitter().string(Kubeconfig.value(url: url)), to: kubeconfig)
    return [
      ("KUBECONFIG", kubeconfig), ("DRYDOCK_URL", url), ("DRYDOCK_LEDGER", "\(url)/ledger/v1"),
      ("DRYDOCK_INSTANCE", String(instance)), ("NO_PROXY", "127.0.0.1,localhost"),
      ("no_proxy", "127.0.0.1,localhost"), ("PYTHONUNBUFFERED", "1"),
    ]
  }

  private func url(of instance: Int) throws -> String {
    if let url = urls[instance] { return url }
    let url = "http://127.0.0.1:\(try listener.open(client: instance))"
    urls[instance] = url
    return url
  }

  /// Whether all instances run and have asked for something since they were started.
  var isSteady: Bool {
    guard restarts.isEmpty, pausedAt.isEmpty else { return false }
    return processes.allSatisfy { instance, process in
      process.status == nil && door.hasHeard(from: instance)
    }
  }

  /// What the controller said last, as the end of a sentence.
  var lastWords: String {
    lines.isEmpty ? "" : "; its last lines:\n    " + lines.suffix(8).joined(separator: "\n    ")
  }

  /// Looks after the instances.
  ///
  /// - Returns: why the run cannot go on; nil where it can.
  func tend() throws -> String? {
    door.carryOutKills()
    for wish in door.takeWishes() {
      switch wish {
      case .startSecond: if processes[1] == nil { try start(instance: 1) }
      }
    }
    for (instance, process) in processes.sorted(by: { $0.key < $1.key }) {
      for line in process.takeLines() {
        lines.append(line)
        if lines.count > 200 { lines.removeFirst(100) }
        door.note(.output, ChaosDoor.actor(instance), line)
      }
      if process.isPaused { resumeWhenDue(process, instance) }
      if let failure = noteEnd(of: process, instance) { return failure }
    }
    for (instance, time) in restarts where clock.elapsed >= time {
      restarts[instance] = nil
      try start(instance: instance)
    }
    return nil
  }

  private func resumeWhenDue(_ process: ControllerProcess, _ instance: Int) {
    guard let since = pausedAt[instance] else {
      pausedAt[instance] = clock.elapsed
      return
    }
    guard clock.elapsed >= since + settings.pause else { return }
    pausedAt[instance] = nil
    process.resume()
    door.note(.process, ChaosDoor.actor(instance), "goes on after \(settings.pause)")
  }

  private func noteEnd(of process: ControllerProcess, _ instance: Int) -> String? {
    guard let status = process.status, restarts[instance] == nil else { return nil }
    processes[instance] = nil
    pausedAt[instance] = nil
    door.forget(instance: instance)
    door.note(.process, ChaosDoor.actor(instance), Self.account(status))
    // 137 is what a kill leaves behind.
    if status != 137 {
      endCount += 1
      if endCount > Self.endsMax {
        return "the controller has ended \(endCount) times (\(Self.account(status)))" + lastWords
      }
    }
    let delay = status == 137 ? settings.restartDelay : max(settings.restartDelay, .seconds(1))
    restarts[instance] = clock.elapsed + delay
    return nil
  }

  private static func account(_ status: Int32) -> String {
    switch status {
    case 137: "has been killed"
    case 127: "ends with status 127: there is no such command"
    default: "ends with status \(status)"
    }
  }

  /// Ends all instances.
  func end() {
    for process in processes.values { process.end() }
    processes = [:]
  }
}

/// A folder for the files of a run.
final class TemporaryFolder {
  let path: String

  /// A folder could not be made.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  init() throws(Failure) {
    let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/drydock-XXXXXX".utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { buffer -> String? in
      guard let base = buffer.baseAddress, let name = unsafe mkdtemp(base) else { return nil }
      return unsafe String(cString: name)
    }
    guard let made else { throw Failure(description: "no folder can be made in \(base)") }
    path = made
  }

  private var files: [String] = []

  func write(_ text: String, to file: String) throws(Failure) {
    let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure(description: "\(file) cannot be written") }
    defer { close(descriptor) }
    files.append(file)
    let bytes = Array(text.utf8)
    let count = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
    }
    guard count == bytes.count else { throw Failure(description: "\(file) cannot be written") }
  }

  func remove() {
    for file in files { unsafe unlink(file) }
    unsafe rmdir(path)
  }
}
