import Testing

/// Imports run downward only, and `Package.swift` says exactly what a room stands on.
enum RoomRule {
  /// Checks the dependencies of every target against what its files import.
  ///
  /// `sources` holds the files of each folder that a target names, as path and text.
  static func violations(
    manifest: Manifest, sources: (String) throws -> [(path: String, text: String)]
  ) rethrows -> [Violation] {
    var found = orderViolations(manifest)
    let modules = Set(manifest.targets.filter { $0.kind != .tests }.map(\.name))
    let products = Set(manifest.targets.flatMap(\.dependencies).filter(\.isProduct).map(\.name))
    let known = modules.union(products)
    for target in manifest.targets where target.kind != .systemLibrary {
      let declared = Set(target.dependencies.map(\.name))
      var imported: Set<String> = []
      for file in try sources(target.folder) {
        let source = SwiftSource(file.text)
        for item in source.imports {
          imported.insert(item.module)
          guard known.contains(item.module), !declared.contains(item.module),
            !source.isAllowed(line: item.line)
          else { continue }
          found.append(
            Violation(
              path: file.path, line: item.line,
              message:
                "imports \(item.module), which Package.swift does not list for \(target.name)"
            ))
        }
      }
      for dependency in target.dependencies
      where !imported.contains(dependency.name)
        && !manifest.source.isAllowed(line: dependency.line)
      {
        found.append(
          Violation(
            path: "Package.swift", line: dependency.line,
            message: "\(target.name) lists \(dependency.name) but no file of it imports that"))
      }
    }
    return found
  }

  /// Rooms that lean on something above them, and lists that cannot be read.
  private static func orderViolations(_ manifest: Manifest) -> [Violation] {
    var found: [Violation] = []
    var below: Set<String> = []
    let executables = Set(manifest.targets.filter { $0.kind == .executable }.map(\.name))
    for target in manifest.targets {
      func add(_ message: String, line: Int) {
        found.append(Violation(path: "Package.swift", line: line, message: message))
      }
      if !target.isReadable {
        add("the dependencies of \(target.name) are not string literals", line: target.line)
      }
      for dependency in target.dependencies where !dependency.isProduct && target.kind == .room {
        if executables.contains(dependency.name) {
          add("\(target.name) leans on the program \(dependency.name)", line: dependency.line)
        } else if !below.contains(dependency.name) {
          add(
            "\(target.name) leans on \(dependency.name), which is not declared below it",
            line: dependency.line)
        }
      }
      below.insert(target.name)
    }
    return found
  }
}

@Suite("Rooms: imports run downward, as Package.swift says")
struct RoomRuleTests {
  @Test("The house obeys")
  func repository() throws {
    let manifest = Manifest(try Repository.text("Package.swift"))
    #expect(manifest.targets.contains { $0.name == "TidyTests" && $0.kind == .tests })
    #expect(manifest.targets.contains { $0.name == "ValueTree" && $0.kind == .room })
    report(
      try RoomRule.violations(manifest: manifest) { folder in
        try Repository.swiftFiles(under: folder).map { ($0, try Repository.text($0)) }
      })
  }

  @Test("Every room in the sources is declared")
  func undeclaredFolders() throws {
    let manifest = Manifest(try Repository.text("Package.swift"))
    let folders = Set(manifest.targets.map(\.folder))
    let orphans = ["Sources", "Tests"].flatMap { Repository.swiftFiles(under: $0) }
      .filter { path in !folders.contains { path.hasPrefix($0 + "/") } }
    report(orphans.map { Violation(path: $0, line: 1, message: "belongs to no target") })
  }

  private let house = """
    func room(_ name: String, over dependencies: [Target.Dependency] = []) -> Target {
      .target(name: name, dependencies: dependencies)
    }
    let package = Package(targets: [
      .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1"),
      // room("Ghost"),
      room("Ground"),
      room("Middle", over: ["Ground", .product(name: "DequeModule", package: "swift-collections")]),
      .executableTarget(
        name: "tool", dependencies: ["Middle"] + (coreOnly ? [] : ["Roof"]), path: "Sources/t"),
      room("Roof", over: [.target(name: "Middle"), "CYAML"]),
      tests("GroundTests", of: ["Ground"]),
    ])
    """

  private let tidyFiles = [
    "Sources/Ground": "import Foundation",
    "Sources/Middle": "public import Ground\ninternal import DequeModule",
    "Sources/Roof": "@preconcurrency import struct Middle.Beam\nprivate import CYAML",
    "Sources/t": "import Middle\nimport Roof",
    "Tests/GroundTests": "import Testing\n@testable import Ground",
  ]

  private func messages(house: String, files: [String: String]) -> [String] {
    RoomRule.violations(manifest: Manifest(house)) { folder in
      files[folder].map { [("\(folder)/A.swift", $0)] } ?? []
    }.map(\.description)
  }

  @Test("The manifest is read: names, folders, dependencies, products; comments are not")
  func parsing() {
    let targets = Manifest(house).targets
    #expect(
      targets.map(\.name) == ["CYAML", "Ground", "Middle", "tool", "Roof", "GroundTests"])
    #expect(targets[2].dependencies.map(\.name) == ["Ground", "DequeModule"])
    #expect(targets[2].dependencies.map(\.isProduct) == [false, true])
    #expect(targets[3].dependencies.map(\.name) == ["Middle", "Roof"])
    #expect(targets[3].folder == "Sources/t")
    #expect(targets[4].dependencies.map(\.name) == ["Middle", "CYAML"])
    #expect(targets[5].folder == "Tests/GroundTests")
  }

  @Test("A tidy house raises nothing")
  func tidy() {
    #expect(messages(house: house, files: tidyFiles) == [])
  }

  @Test("An import that is not declared is found, from other packages too")
  func undeclaredImport() {
    var files = tidyFiles
    files["Sources/Ground"] = "import Foundation\n\nimport Middle\nimport DequeModule"
    let rest = "which Package.swift does not list for Ground"
    #expect(
      messages(house: house, files: files) == [
        "Sources/Ground/A.swift:3: imports Middle, \(rest)",
        "Sources/Ground/A.swift:4: imports DequeModule, \(rest)",
      ])
    files["Sources/Ground"] = "import Middle  // tidy: shown to be allowed\n// import DequeModule"
    #expect(messages(house: house, files: files) == [])
  }

  @Test("A dependency that nothing imports is found")
  func unusedDependency() {
    var files = tidyFiles
    files["Sources/Roof"] = "import Middle"
    #expect(
      messages(house: house, files: files)
        == ["Package.swift:11: Roof lists CYAML but no file of it imports that"])
  }

  @Test("A dependency on a room above, or on a program, is found")
  func upward() {
    var files = tidyFiles
    files["Sources/Ground"] = "import Roof"
    let upward = house.replacing("room(\"Ground\")", with: "room(\"Ground\", over: [\"Roof\"])")
    #expect(
      messages(house: upward, files: files)
        == ["Package.swift:7: Ground leans on Roof, which is not declared below it"])
    files["Sources/Roof"] = "import Middle\nimport CYAML\nimport tool"
    files["Sources/Ground"] = ""
    let program = house.replacing("\"CYAML\"]", with: "\"CYAML\", \"tool\"]")
    #expect(
      messages(house: program, files: files)
        == ["Package.swift:11: Roof leans on the program tool"])
  }

  @Test("A list that hides behind a name is refused")
  func unreadable() {
    let hidden = house.replacing("room(\"Ground\")", with: "room(\"Ground\", over: common)")
    #expect(
      messages(house: hidden, files: tidyFiles)
        == ["Package.swift:7: the dependencies of Ground are not string literals"])
  }
}
