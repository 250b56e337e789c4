/// What `Package.swift` declares, read as text: the targets in the order in which they stand.
///
/// A room stands above all that are declared before it. Understood are `room("X", over: […])`,
/// `tests("X", of: […])` and the plain target calls with a literal name.
struct Manifest {
  struct Target: Equatable {
    enum Kind: Equatable {
      case room
      case executable
      case systemLibrary
      case tests
    }

    let kind: Kind
    let name: String
    let line: Int
    /// Where its files lie, below the root.
    let folder: String
    let dependencies: [Dependency]
    /// False when the dependencies are not written down as string literals.
    let isReadable: Bool
  }

  struct Dependency: Equatable {
    let name: String
    let line: Int
    /// Whether it comes from another package.
    let isProduct: Bool
  }

  let targets: [Target]
  let source: SwiftSource

  init(_ text: String) {
    source = SwiftSource(text)
    var found: [Target] = []
    var index = 0
    while index < source.tokens.count {
      if let (target, end) = Self.target(in: source, at: index) {
        found.append(target)
        index = end
      }
      index += 1
    }
    targets = found
  }

  private static let calls: [String: Target.Kind] = [
    "room": .room, "tests": .tests, "target": .room, "executableTarget": .executable,
    "systemLibrary": .systemLibrary, "testTarget": .tests,
  ]

  /// The target that is declared by the call at `index`, and where that call ends.
  private static func target(in source: SwiftSource, at index: Int) -> (Target, end: Int)? {
    guard let kind = calls[source.text(index)], source.text(index + 1) == "(",
      let end = source.closing(index + 1)
    else { return nil }
    var nameIndex = index + 2
    if source.matches(["name", ":"], at: nameIndex) { nameIndex += 2 }
    guard let name = source.token(nameIndex), name.kind == .string else { return nil }
    var folder = (kind == .tests ? "Tests/" : "Sources/") + name.text
    var dependencies: [Dependency] = []
    var isReadable = true
    for argument in arguments(of: source, from: index + 2, to: end) {
      guard source.text(argument.lowerBound + 1) == ":" else { continue }
      let value = (argument.lowerBound + 2)..<argument.upperBound
      switch source.text(argument.lowerBound) {
      case "over", "of", "dependencies":
        dependencies = Self.dependencies(in: source, value)
        isReadable = !dependencies.isEmpty || source.matches(["[", "]"], at: value.lowerBound)
      case "path":
        folder = source.token(value.lowerBound)?.text ?? folder
      default: break
      }
    }
    let target = Target(
      kind: kind, name: name.text, line: name.line, folder: folder, dependencies: dependencies,
      isReadable: isReadable)
    return (target, end)
  }

  /// The token ranges of a call's arguments.
  private static func arguments(
    of source: SwiftSource, from start: Int, to end: Int
  ) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var first = start
    var index = start
    while index < end {
      switch source.text(index) {
      case "(", "[", "{": index = source.closing(index) ?? end
      case ",":
        ranges.append(first..<index)
        first = index + 1
      default: break
      }
      index += 1
    }
    if first < end { ranges.append(first..<end) }
    return ranges
  }

  /// Every string literal in `range` but those that name a package.
  private static func dependencies(in source: SwiftSource, _ range: Range<Int>) -> [Dependency] {
    range.compactMap { index -> Dependency? in
      guard let token = source.token(index), token.kind == .string,
        !source.matches(["package", ":"], at: index - 2)
      else { return nil }
      let isProduct = source.matches(["product", "(", "name", ":"], at: index - 4)
      return Dependency(name: token.text, line: token.line, isProduct: isProduct)
    }
  }
}

/// An `import` declaration.
struct Import: Equatable {
  let module: String
  let line: Int
}

extension SwiftSource {
  /// The imports of a file, whatever their access level, attributes and kind.
  var imports: [Import] {
    let kinds: Set<String> = [
      "struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor",
    ]
    return tokens.indices.compactMap { index -> Import? in
      guard text(index) == "import", text(index - 1) != "." else { return nil }
      let isScoped = kinds.contains(text(index + 1)) && text(index + 3) == "."
      guard let module = token(isScoped ? index + 2 : index + 1), module.kind == .identifier
      else { return nil }
      return Import(module: module.text, line: module.line)
    }
  }
}
