import Foundation
import Glibc

/// A program on a terminal of its own, as a person has it before them.
final class Terminal {
  private let process = Process()
  private let master: Int32

  /// Starts the program on a terminal of so many columns.
  init(
    _ arguments: [String], columns: UInt16 = 80, folder: URL = Program.root,
    environment: [String: String] = [:]
  ) throws {
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    var master: Int32 = -1
    var slave: Int32 = -1
    guard unsafe openpty(&master, &slave, nil, nil, &size) == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
    }
    self.master = master
    process.executableURL = URL(filePath: Program.path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var whole = ProcessInfo.processInfo.environment
    for name in ["COLUMNS", "NO_COLOR"] { whole[name] = nil }
    whole["TERM"] = "xterm-256color"
    process.environment = whole.merging(environment) { $1 }
    let handle = FileHandle(fileDescriptor: slave, closeOnDealloc: false)
    process.standardInput = handle
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    close(slave)
  }

  deinit {
    if process.isRunning { process.terminate() }
    close(master)
  }

  /// Everything that the program writes to the end, and the code it exits with.
  func finish() -> (text: String, code: Int32) {
    var bytes: [UInt8] = []
    while let more = read() { bytes += more }
    process.waitUntilExit()
    return (Self.text(bytes), process.terminationStatus)
  }

  /// Reads until the text is there, or the program has ended.
  func read(until text: String) -> String {
    var bytes: [UInt8] = []
    while !Self.text(bytes).contains(text), let more = read() { bytes += more }
    return Self.text(bytes)
  }

  /// What Ctrl-C sends.
  func interrupt() { process.interrupt() }

  /// What is there next; nil once the program has closed the terminal.
  private func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 1 << 14)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(master, $0.baseAddress, $0.count)
      }
      if count > 0 { return Array(buffer[..<count]) }
      if count < 0, errno == EINTR { continue }
      return nil
    }
  }

  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n")
  }
}
