/// Why a state file could not be read or written; it is as it was before.
public enum StateFileError: Error, Sendable, Hashable {
  /// There is no such file.
  case notFound(path: String)
  /// The file was never a state file.
  case notDrydock(path: String, found: String)
  /// A later version of Drydock wrote the file.
  case newer(path: String, format: Int, known: Int)
  /// It is a state file, but what it holds is not what was written.
  case damaged(path: String, detail: String)
  /// Another process has been writing for longer than was waited.
  case locked(path: String, holder: String?)
  /// The system refused.
  case io(path: String, reason: String)

  /// The file.
  public var path: String {
    switch self {
    case .notFound(let path), .notDrydock(let path, _), .newer(let path, _, _),
      .damaged(let path, _), .locked(let path, _), .io(let path, _):
      path
    }
  }
}

extension StateFileError: CustomStringConvertible {
  /// What is wrong, and what can be done about it.
  public var description: String {
    switch self {
    case .notFound(let path):
      "\(path): no such file"
    case .notDrydock(let path, let found):
      "\(path): not a Drydock state file but \(found); it is left alone. "
        + "Choose another file with --state"
    case .newer(let path, let format, let known):
      "\(path): written by a newer Drydock, in format \(format); this one knows formats up to "
        + "\(known). Use the newer Drydock, or choose another file with --state"
    case .damaged(let path, let detail):
      "\(path): damaged (\(detail)); it is left alone. "
        + "Move it and the files beside it whose names begin with its own away to begin anew"
    case .locked(let path, let holder):
      "\(path): in use by \(holder ?? "another process"); try again when it is done"
    case .io(let path, let reason):
      "\(path): \(reason)"
    }
  }
}
