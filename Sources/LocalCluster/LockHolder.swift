import Glibc

/// Finds out who keeps others from writing, for people.
///
/// The system's table of locks is read rather than the file asked: opening and closing a file drops all locks
/// that this process has on it.
enum LockHolder {
  /// The byte of the `-shm` file that a writer locks, as SQLite's format has it.
  private static let writeLockByte: UInt64 = 120

  /// Who is writing; nil where that cannot be found out.
  static func writer(of path: String) -> String? {
    var status = stat()
    guard unsafe stat("\(path)-shm", &status) == 0,
      let table = SystemFile.text("/proc/locks")
    else { return nil }
    let suffix = ":\(status.st_ino)"
    for line in table.split(separator: "\n") {
      // 1: POSIX  ADVISORY  WRITE 4711 08:01:1234 120 120
      let fields = line.split(separator: " ")
      guard fields.count >= 8, fields[3] == "WRITE", fields[5].hasSuffix(suffix),
        let first = UInt64(fields[6]), first <= writeLockByte,
        fields[7] == "EOF" || (UInt64(fields[7]) ?? 0) >= writeLockByte
      else { continue }
      let process = String(fields[4])
      guard let name = SystemFile.text("/proc/\(process)/comm")?.split(separator: "\n").first
      else { return "process \(process)" }
      return "process \(process) (\(name))"
    }
    return nil
  }
}

/// Small files that the system makes up.
private enum SystemFile {
  static func text(_ path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
