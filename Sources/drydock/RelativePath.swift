/// Paths as they are written in files: seen from where the file is.
enum RelativePath {
  /// The way from the file at `file` to the one at `target`.
  static func from(_ file: String, to target: String) -> String {
    if target.hasPrefix("/") || file.hasPrefix("/") { return target }
    var folder = file.split(separator: "/").dropLast().filter { $0 != "." }[...]
    var parts = target.split(separator: "/").filter { $0 != "." }[...]
    while let first = folder.first, parts.count > 1, first == parts.first, first != ".." {
      folder = folder.dropFirst()
      parts = parts.dropFirst()
    }
    // The way up from a folder that was itself reached by going up is not known from the path alone.
    if folder.contains("..") { return target }
    return (folder.map { _ in ".." } + parts.map(String.init)).joined(separator: "/")
  }

  /// What a path means that is written in the file at `file`.
  static func beside(_ file: String, _ path: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return String(file[...slash]) + path
  }
}
