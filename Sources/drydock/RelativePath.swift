import Glibc

/// Paths as they are written in files: seen from where the file is.
enum RelativePath {
  /// What stands for standard input.
  static let standardInput = "-"

  /// The way from the file at `file` to the one at `target`.
  ///
  /// Two places that share no folder but the root are joined by the target's whole path.
  static func from(_ file: String, to target: String) -> String {
    if target == standardInput { return target }
    var folder = parts(of: file).dropLast()[...]
    let whole = parts(of: target)
    var rest = whole[...]
    while let first = folder.first, rest.count > 1, first == rest.first {
      folder = folder.dropFirst()
      rest = rest.dropFirst()
    }
    if rest.count == whole.count, !folder.isEmpty { return "/" + whole.joined(separator: "/") }
    return (folder.map { _ in ".." } + rest).joined(separator: "/")
  }

  /// What a path means that is written in the file at `file`.
  static func beside(_ file: String, _ path: String) -> String {
    guard path != standardInput, !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else {
      return path
    }
    return String(file[...slash]) + path
  }

  /// The folders and the name from the root on, without detours.
  private static func parts(of path: String) -> [String] {
    var parts: [String] = []
    let absolute = path.hasPrefix("/") ? path : "\(currentFolder)/\(path)"
    for part in absolute.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(String(part))
      }
    }
    return parts
  }

  private static var currentFolder: String {
    guard let path = unsafe getcwd(nil, 0) else { return "" }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }
}
