import Glibc

/// What the file system says of a path.
enum Folders {
  /// Whether something is there.
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Whether what is there can be written.
  static func isWritable(_ path: String) -> Bool { unsafe access(path, W_OK) == 0 }

  /// Whether it is a folder.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The size of a file; nil where there is none.
  static func size(_ path: String) -> Int? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// The folder that a path is in.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes the folder that a file is to be in, and those above it.
  static func makeParent(of path: String) throws(StateFileError) {
    let parent = parent(of: path)
    if isFolder(parent) { return }
    if !exists(parent) { try makeParent(of: parent) }
    guard unsafe mkdir(parent, 0o777) == 0 || errno == EEXIST && isFolder(parent) else {
      let reason = unsafe String(cString: strerror(errno))
      throw .io(path: path, reason: "cannot make the folder \(parent): \(reason)")
    }
  }
}
