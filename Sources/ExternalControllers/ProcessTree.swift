import Glibc

/// The processes that a process has started, and those that they have started.
enum ProcessTree {
  /// All descendants of a process, as the system lists them now.
  static func descendants(of root: pid_t) -> [pid_t] {
    let parents = parents()
    var found: [pid_t] = []
    var front: Set<pid_t> = [root]
    while !front.isEmpty {
      let children = parents.filter { front.contains($0.parent) }.map(\.process).sorted()
      found += children
      front = Set(children)
    }
    return found
  }

  /// Sends a signal to all descendants of a process.
  ///
  /// - Returns: how many there were.
  @discardableResult
  static func send(_ signal: Int32, toDescendantsOf root: pid_t) -> Int {
    let processes = descendants(of: root)
    for process in processes { kill(process, signal) }
    return processes.count
  }

  /// Ends all descendants of a process at once.
  static func killDescendants(of root: pid_t) {
    // Stopped first, so that none starts another one that is not seen.
    send(SIGSTOP, toDescendantsOf: root)
    for _ in 0..<100 {
      let isDone = descendants(of: root).allSatisfy { isZombie($0) }
      if isDone { return }
      send(SIGKILL, toDescendantsOf: root)
      usleep(1_000)
    }
  }

  private static func parents() -> [(process: pid_t, parent: pid_t)] {
    guard let folder = unsafe opendir("/proc") else { return [] }
    defer { unsafe closedir(folder) }
    var found: [(process: pid_t, parent: pid_t)] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      guard let process = pid_t(name), let status = status(of: process) else { continue }
      found.append((process, status.parent))
    }
    return found
  }

  private static func isZombie(_ process: pid_t) -> Bool {
    status(of: process).map { $0.state == "Z" || $0.state == "X" } ?? true
  }

  /// What `/proc/PID/stat` says; nil for a process that has gone.
  private static func status(of process: pid_t) -> (state: Character, parent: pid_t)? {
    let descriptor = unsafe open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1_024)
    let count = unsafe buffer.withUnsafeMutableBytes {
      unsafe read(descriptor, $0.baseAddress, $0.count)
    }
    // 4711 (a name (of sorts)) S 4700 …
    guard count > 0, let end = buffer[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = String(decoding: buffer[(end + 1)..<count], as: UTF8.self)
      .split(separator: " ", maxSplits: 3)
    guard fields.count >= 2, let state = fields[0].first, let parent = pid_t(fields[1]) else {
      return nil
    }
    return (state, parent)
  }
}
