import Foundation
import Testing

/// The built command line, as a user runs it.
enum Program {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Beside the test bundle, whatever folder the build went to.
  static let path: String = {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") }
    let folder = bundle.map { URL(filePath: $0).deletingLastPathComponent() }
    let beside = folder?.appending(path: "drydock").path(percentEncoded: false) ?? ""
    if FileManager.default.isExecutableFile(atPath: beside) { return beside }
    return root.appending(path: ".build/debug/drydock").path(percentEncoded: false)
  }()

  /// What a run of the program left behind.
  struct Result {
    var code: Int32
    var output: String
    var error: String
  }

  /// Runs the program in the repository's root and waits for its end.
  static func run(
    _ arguments: String..., input: String? = nil, folder: URL = root,
    environment: [String: String] = [:]
  ) throws -> Result {
    try runAll(arguments, input: input, folder: folder, environment: environment)
  }

  /// The same with the arguments as a list.
  static func runAll(
    _ arguments: [String], input: String? = nil, folder: URL = root,
    environment: [String: String] = [:]
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    let error = Pipe()
    let stdin = Pipe()
    process.standardOutput = output
    process.standardError = error
    process.standardInput = stdin
    try process.run()
    if let input { try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8)) }
    try stdin.fileHandleForWriting.close()
    // What the program says on standard error fits a pipe's buffer.
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    let mistakes = try error.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Result(
      code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      error: String(decoding: mistakes, as: UTF8.self))
  }

  /// A folder of its own for what a test writes.
  static func withFolder<T>(_ body: (URL) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "drydock-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }
}

/// Compares with a file beside the tests; with `DRYDOCK_UPDATE_GOLDEN=1` the file is written instead.
func expectGolden(
  _ text: String, _ name: String, location: SourceLocation = #_sourceLocation
) throws {
  let plain = text.replacing(Program.path, with: "drydock")
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
  if ProcessInfo.processInfo.environment["DRYDOCK_UPDATE_GOLDEN"] == "1" {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(plain.utf8).write(to: file)
    return
  }
  let golden = String(decoding: try Data(contentsOf: file), as: UTF8.self)
  #expect(plain == golden, "\(name)", sourceLocation: location)
}
