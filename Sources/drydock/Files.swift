import Glibc
import YAMLCoding

/// Files by their paths.
enum Files {
  /// Reads a file whole; `-` is standard input.
  static func read(_ path: String) throws(SourceDiagnostic) -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("cannot read", path) }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure("cannot read", path)
      }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
    }
  }

  /// Writes a file whole: beside its place first, so that a reader finds the old one or the new one.
  static func write(_ text: String, to path: String) throws(SourceDiagnostic) {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("cannot write", path) }
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let error = failure("cannot write", path)
        close(descriptor)
        unsafe unlink(temporary)
        throw error
      }
      done += count
    }
    close(descriptor)
    guard unsafe rename(temporary, path) == 0 else {
      let error = failure("cannot write", path)
      unsafe unlink(temporary)
      throw error
    }
  }

  private static func failure(_ what: String, _ path: String) -> SourceDiagnostic {
    SourceDiagnostic("\(what) \(path): \(unsafe String(cString: strerror(errno)))", at: nil)
  }
}
