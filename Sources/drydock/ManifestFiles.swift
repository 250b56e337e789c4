import APIMachinery
import Glibc
import Scenarios
import ValueTree
import YAMLCoding

/// The manifests that `-f` names: files, directories, patterns and standard input.
struct ManifestFiles {
  let isRecursive: Bool

  private static let endings = [".yaml", ".yml", ".json"]

  /// Reads all manifests; nothing is applied before all of them have been read.
  func manifests(
    _ names: [String], registry: ResourceRegistry
  ) throws(SourceDiagnostic) -> [Manifest] {
    var documents: [YAMLDocument] = []
    for path in try paths(names) { documents += try parsed(path) }
    // Kinds that are defined among the manifests are known to all of them.
    var registry = registry
    for document in documents where document.value[Fields.kind]?.string == Self.definitionKind {
      for manifest in try ManifestReader(registry: registry).manifests(document) {
        do {
          let resource = try CustomResourceDefinition(manifest.object).resource()
          registry.register(resource.definition, schema: resource.schema)
        } catch {
          throw error.errors.first.map(manifest.mistake)
            ?? SourceDiagnostic("no definition of a kind", at: document.startMark)
        }
      }
    }
    var result: [Manifest] = []
    for document in documents {
      result += try ManifestReader(registry: registry).manifests(document)
    }
    return result
  }

  private static let definitionKind = "CustomResourceDefinition"

  private func parsed(_ path: String) throws(SourceDiagnostic) -> [YAMLDocument] {
    let source = YAMLSource(name: path, bytes: try Files.read(path))
    do { return try YAMLParser.documents(in: source) } catch { throw error.diagnostic }
  }

  /// The files that the names stand for, in order.
  func paths(_ names: [String]) throws(SourceDiagnostic) -> [String] {
    var paths: [String] = []
    for name in names {
      if name == "-" {
        paths.append(name)
      } else if name.hasPrefix("http://") || name.hasPrefix("https://") {
        throw SourceDiagnostic(
          "\(name) is a URL; drydock reads files only", at: nil,
          expected: "a file, a directory, or - for standard input: fetch it first")
      } else if Directory.isDirectory(name) {
        let found = try Directory.files(in: name, recursive: isRecursive).filter { path in
          Self.endings.contains { path.hasSuffix($0) }
        }
        guard !found.isEmpty else {
          throw SourceDiagnostic(
            "there are no manifests in \(name)", at: nil,
            expected: "files ending in .yaml, .yml or .json"
              + (isRecursive ? "" : "; -R looks into the directories below, too"))
        }
        paths += found
      } else if !Directory.exists(name), name.contains(where: { "*?[".contains($0) }) {
        let found = Directory.matches(name)
        guard !found.isEmpty else {
          throw SourceDiagnostic("no file matches \(name)", at: nil)
        }
        paths += found
      } else {
        paths.append(name)
      }
    }
    return paths
  }
}

/// Looking into directories.
enum Directory {
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  static func isDirectory(_ path: String) -> Bool {
    var info = stat()
    return unsafe stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }

  /// The files in a directory by name, those of its directories behind its own.
  static func files(in path: String, recursive: Bool) throws(SourceDiagnostic) -> [String] {
    guard let directory = unsafe opendir(path) else {
      throw SourceDiagnostic(
        "cannot read \(path): \(unsafe String(cString: strerror(errno)))", at: nil)
    }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    names.sort()
    let base = path.hasSuffix("/") ? path : path + "/"
    var files = names.map { base + $0 }.filter { !isDirectory($0) }
    if recursive {
      for name in names where isDirectory(base + name) {
        files += try Directory.files(in: base + name, recursive: true)
      }
    }
    return files
  }

  /// The paths that match a shell pattern, sorted.
  static func matches(_ pattern: String) -> [String] {
    var found = unsafe glob_t()
    defer { unsafe globfree(&found) }
    guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(unsafe found.gl_pathc)).compactMap { index in
      unsafe found.gl_pathv[index].map { unsafe String(cString: $0) }
    }
  }
}
