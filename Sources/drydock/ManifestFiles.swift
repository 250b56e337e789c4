import APIMachinery
import Glibc
import Scenarios
import ValueTree
import YAMLCoding

/// The manifests that `-f` names: files, directories, patterns and standard input.
struct ManifestFiles {
  let isRecursive: Bool
  let validation: ManifestReader.Validation

  private static let endings = [".yaml", ".yml", ".json"]

  /// What was read: objects, and what is wrong with those that are none.
  struct Content {
    var manifests: [Manifest] = []
    var mistakes: [SourceDiagnostic] = []

    /// Takes in what `work` gives, or the mistake that it finds.
    mutating func collect(_ work: () throws(SourceDiagnostic) -> Manifest) {
      do { manifests.append(try work()) } catch { mistakes.append(error) }
    }
  }

  /// Reads all manifests; nothing is applied before all of them have been read.
  ///
  /// A mistake in one does not hide those in others.
  func content(
    of names: [String], registry: ResourceRegistry
  ) throws(SourceDiagnostic) -> Content {
    var content = Content()
    var places: [(document: YAMLDocument, path: FieldPath)] = []
    for path in try paths(names) {
      do throws(SourceDiagnostic) {
        for document in try parsed(path) {
          let found = try ManifestReader.places(in: document)
          places += found.map { (document, $0) }
        }
      } catch {
        content.mistakes.append(error)
      }
    }
    var reader = ManifestReader(registry: registry, validation: validation)
    // Kinds that are defined among the manifests are known to all of them.
    for (document, path) in places
    where document.value[path.appending(Fields.kind)]?.string == Self.definitionKind {
      guard let manifest = try? reader.manifest(document, at: path),
        let resource = try? CustomResourceDefinition(manifest.object).resource()
      else { continue }
      reader.registry.register(resource)
    }
    for (document, path) in places {
      content.collect { () throws(SourceDiagnostic) in try reader.manifest(document, at: path) }
    }
    return content
  }

  private static let definitionKind = "CustomResourceDefinition"

  private func parsed(_ path: String) throws(SourceDiagnostic) -> [YAMLDocument] {
    let bytes = try Files.read(path)
    if path.hasSuffix(".json") { try JSONFile.check(bytes, path) }
    let source = YAMLSource(name: path, bytes: bytes)
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

/// Files whose names say that they are JSON.
private enum JSONFile {
  /// Refuses what would pass as YAML and is no JSON, such as a comma before a closing brace.
  ///
  /// Several values one after the other are left to the YAML parser, which reads such streams.
  static func check(_ bytes: [UInt8], _ path: String) throws(SourceDiagnostic) {
    var reader = JSONReader()
    do { _ = try reader.read(bytes) } catch {
      guard error.kind != .unexpected || !error.message.contains("the end of the text") else {
        return
      }
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      let line = lines.indices.contains(error.line - 1) ? Array(lines[error.line - 1]) : []
      let before = String(decoding: line.prefix(error.column - 1), as: UTF8.self)
      throw SourceDiagnostic(
        "not JSON: \(error.message)",
        at: SourceMark(
          file: path, line: error.line, column: before.unicodeScalars.count + 1,
          lineText: String(decoding: line, as: UTF8.self)))
    }
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
