import Foundation
import Testing

/// A broken rule, and where.
struct Violation: Equatable, CustomStringConvertible {
  /// The path of the file below the repository root.
  let path: String
  /// Counted from one.
  let line: Int
  let message: String

  var description: String { "\(path):\(line): \(message)" }
}

/// Records one issue for each violation, so that a run names all of them.
func report(
  _ violations: [Violation], sourceLocation: SourceLocation = #_sourceLocation
) {
  for violation in violations {
    Issue.record(Comment(rawValue: violation.description), sourceLocation: sourceLocation)
  }
}

/// The files of the repository that this test was compiled from.
enum Repository {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
  }

  /// All files below a folder, as sorted paths from the root.
  ///
  /// Hidden ones, which hold what builds leave behind, are left out.
  static func files(under folder: String) -> [String] {
    let base = root.appending(path: folder)
    let paths = FileManager.default.subpaths(atPath: base.path(percentEncoded: false)) ?? []
    return
      paths
      .filter { !$0.split(separator: "/").contains { $0.hasPrefix(".") } }
      .map { "\(folder)/\($0)" }
      .filter { isFile($0) }
      .sorted()
  }

  static func swiftFiles(under folder: String) -> [String] {
    files(under: folder).filter { $0.hasSuffix(".swift") }
  }

  /// The files that lie in the root itself, sorted.
  static func topLevelFiles() -> [String] {
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: root.path(percentEncoded: false))) ?? []
    return names.filter { isFile($0) }.sorted()
  }

  private static func isFile(_ path: String) -> Bool {
    let values = try? root.appending(path: path).resourceValues(forKeys: [.isRegularFileKey])
    return values?.isRegularFile ?? false
  }
}
