import APIMachinery
import ArgumentParser
import LocalCluster
import Reporting
import Scenarios
import ValueTree
import YAMLCoding

/// `drydock apply`.
struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Apply manifests, run the controllers until settled, and show the result.",
    usage: "drydock apply -f <filename> ... [<options>]",
    discussion: """
      Applies as kubectl's client-side apply does: a three-way merge of the manifest, the object, and what \
      was applied last. Namespaces, definitions and pools come first. Where one manifest is malformed or \
      refused, nothing is applied; --partial applies what can be.

      EXAMPLES
        drydock apply -f manifests/quickstart
        drydock apply -f pool.yaml -f claims/ -R
        cat pod.yaml | drydock apply -f -
        drydock apply -f app/ --prune -l app=web
      """)

  @Option(name: .shortAndLong, help: "A file, a directory, a pattern, or - for standard input.")
  var filename: [String]

  @Flag(name: [.customShort("R"), .long], help: "Look into directories below, too.")
  var recursive = false

  @Flag(help: "Apply what can be applied, although some of it is refused.")
  var partial = false

  @Flag(help: "Only show what would be done.")
  var dryRun = false

  @Flag(help: "Delete what was applied once, has the labels of -l, and is not among the manifests.")
  var prune = false

  @Option(
    name: [.customShort("l"), .long], help: "With --prune: the labels of what may be deleted.")
  var selector: String?

  @Flag(name: .shortAndLong, help: "With --prune: do not ask.")
  var yes = false

  @Option(
    name: .customLong("validate"),
    help: "strict refuses fields that nobody reads; ignore lets them be dropped.")
  var validation = Validation.strict

  /// What of a manifest is checked.
  enum Validation: String, ExpressibleByArgument, CaseIterable {
    case strict, ignore
  }

  @OptionGroup var cluster: ClusterOptions

  func validate() throws {
    if prune, selector == nil {
      throw ValidationError("--prune needs -l, so that it is clear what may be deleted")
    }
    if !prune, selector != nil { throw ValidationError("-l goes with --prune") }
  }

  func run() throws {
    try reportingMistakes {
      let labels = try LabelSelector(parsing: selector ?? "")
      let files = ManifestFiles(
        isRecursive: recursive, validation: validation == .strict ? .strict : .ignore)
      var output: [String] = []
      var refusals = Refusals()
      let apply = { (session: inout ClusterSession) throws in
        let content = cluster.placed(try files.content(of: filename, registry: session.registry))
        let manifests = content.manifests
        guard content.mistakes.isEmpty || partial else { throw Mistakes(all: content.mistakes) }
        for mistake in content.mistakes { refusals.add(mistake) }
        guard !manifests.isEmpty || !refusals.isEmpty else {
          throw SourceDiagnostic("no objects passed to apply", at: nil)
        }
        let ordered = ClusterSession.ordered(manifests)
        var progress = Progress()
        var outcomes = session.apply(manifests) {
          progress.tell("applied", $0, of: manifests.count)
        }
        if prune { outcomes += try pruned(&session, labels, manifests) }
        for (index, outcome) in outcomes.enumerated() {
          switch outcome.result {
          case .success(let verb):
            output.append(
              "\(outcome.type.qualifiedSingular)/\(outcome.key.name) \(verb.rawValue)"
                + (dryRun ? " (dry run)" : ""))
          case .failure(let error):
            refusals.add(error, outcome, index < ordered.count ? ordered[index] : nil)
          }
        }
        if !refusals.isEmpty, !partial { throw refusals }
        guard !dryRun else { return }
        session.settle { progress.tell("controllers", $0, "decisions") }
        output += Aftermath.lines(session, outcomes.map { ($0.type, $0.key) })
      }
      do {
        if dryRun {
          var session = try cluster.read()
          try apply(&session)
        } else {
          try cluster.change(apply)
        }
      } catch let refusals as Refusals {
        for line in refusals.lines { Console.error(line) }
        Console.error("nothing was applied; --partial applies what can be")
        throw refusals.code
      }
      if !output.isEmpty { Console.print(output) }
      for line in refusals.lines { Console.error(line) }
      if !refusals.isEmpty { throw refusals.code }
    }
  }

  /// What was refused, a line each.
  private struct Refusals: Error {
    private(set) var lines: [String] = []
    /// 2 where a manifest is wrong in itself, 1 where it only does not fit the cluster.
    private(set) var code = ExitCode.violated

    var isEmpty: Bool { lines.isEmpty }

    mutating func add(_ mistake: SourceDiagnostic) {
      lines.append("\(mistake)")
      code = .badInput
    }

    mutating func add(
      _ error: StatusError, _ outcome: ClusterSession.Outcome, _ manifest: Manifest?
    ) {
      if error.reason == .invalid || error.reason == .badRequest, let manifest {
        add(manifest.mistake(error))
      } else {
        lines.append("error: \(outcome.type.qualifiedSingular)/\(outcome.key.name): \(error)")
      }
    }
  }

  private func pruned(
    _ session: inout ClusterSession, _ labels: LabelSelector, _ manifests: [Manifest]
  ) throws -> [ClusterSession.Outcome] {
    let found = session.prunable(labels, keeping: manifests)
    guard !found.isEmpty, !dryRun, !yes else { return session.prune(labels, keeping: manifests) }
    for object in found { Console.error("\(object.type.qualifiedSingular)/\(object.name)") }
    guard Console.isInteractive else {
      throw SourceDiagnostic(
        "--prune would delete the objects above and nobody can be asked", at: nil,
        expected: "--yes")
    }
    guard
      Console.confirms(
        "Delete \(found.count == 1 ? "this object" : "these \(found.count) objects")?")
    else { return [] }
    return session.prune(labels, keeping: manifests)
  }
}

/// What became of objects once the controllers had run.
enum Aftermath {
  private static let phase = FieldPath(Fields.status, "phase")
  private static let message = FieldPath(Fields.status, "message")

  /// A table a kind, of the objects whose status tells a phase.
  static func lines(
    _ session: ClusterSession, _ objects: [(ResourceType, ObjectKey)]
  ) -> [String] {
    var lines: [String] = []
    var types: [ResourceType] = []
    for (type, _) in objects where type.definition.hasStatus && !types.contains(type) {
      types.append(type)
    }
    for type in types {
      let keys = Set(objects.filter { $0.0 == type }.map(\.1))
      let found = session.objects(of: type).filter {
        keys.contains($0.key) && $0.body[phase] != nil
      }
      guard !found.isEmpty, found.count <= 50 else { continue }
      lines.append("")
      lines += ObjectTable.lines(
        found, of: type,
        ObjectTable.Options(
          showsNamespace: Set(found.map(\.namespace)).count > 1,
          isWide: found.contains { $0.body[message] != nil }, showsKind: true,
          now: session.now))
    }
    for warning in session.warnings { lines += ["", "warning: \(warning)"] }
    return lines
  }
}
