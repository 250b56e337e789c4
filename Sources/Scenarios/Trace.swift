import APIMachinery
public import Exploration
import Simulation
public import ValueTree
public import YAMLCoding

/// A run as a file: where it left the default schedule, and what came of it.
///
/// A trace stores deviations only, so it is short, can be read, and survives changes that do not concern it.
public struct Trace: Sendable, Hashable {
  /// The file of the scenario, seen from where the trace lies.
  public var scenario: String
  /// The digest of the scenario when the run was recorded.
  public var digest: UInt64
  /// The seed of the world.
  public var seed: UInt64
  /// Where the run left the default schedule, in order.
  public var deviations: [Deviation]
  /// What was taken out of the scenario to make the run smaller.
  public var reduction = Reduction()
  /// `held`, or the oracle that was broken.
  public var verdict: String
  /// What the oracle said.
  public var sentence: String
  /// How many decisions the run took.
  public var decisions: Int
  /// The hash of everything that happened.
  public var hash: UInt64

  /// The trace of a run.
  public init(
    of result: RunResult, scenario: String, digest: UInt64, seed: UInt64,
    reduction: Reduction = Reduction()
  ) {
    self.reduction = reduction
    self.scenario = scenario
    self.digest = digest
    self.seed = seed
    deviations = result.deviations
    verdict = result.violations.first?.oracle.rawValue ?? World.Outcome.held.rawValue
    sentence = result.violations.first?.sentence ?? ""
    decisions = result.world.step
    hash = result.world.traceHash
  }

  // MARK: YAML

  /// The trace as a document.
  public var value: Value {
    var spec: [(Key, Value)] = [
      ("scenario", Value(scenario)), ("digest", Value(Self.hex(digest))),
      ("seed", Value(String(seed))),
      (
        "deviations",
        Value(deviations.map { ["at": Value($0.at), "take": Value($0.take)] })
      ),
      ("verdict", Value(verdict)), ("decisions", Value(decisions)),
      ("hash", Value(Self.hex(hash))),
    ]
    if !sentence.isEmpty { spec.append(("sentence", Value(sentence))) }
    if !reduction.isEmpty { spec.insert(("without", without), at: 3) }
    return [
      "apiVersion": "drydock.dev/v1alpha1", "kind": "Trace", "spec": Value(members: spec),
    ]
  }

  private var without: Value {
    var parts: [(Key, Value)] = []
    if !reduction.steps.isEmpty {
      parts.append(("steps", Value(reduction.steps.map { Value($0) })))
    }
    if !reduction.objects.isEmpty {
      parts.append(("objects", Value(reduction.objects.map { Value($0) })))
    }
    return Value(members: parts)
  }

  private static func reduction(in spec: FieldReader) throws(SourceDiagnostic) -> Reduction {
    var reduction = Reduction()
    guard let field = spec.field("without") else { return reduction }
    try field.allow(["steps", "objects"])
    for step in try field.list("steps") {
      reduction.steps.append(try step.integer(in: 1...Int.max))
    }
    for object in try field.list("objects") { reduction.objects.append(try object.string()) }
    return reduction
  }

  /// Reads a trace.
  ///
  /// - Throws: `SourceDiagnostic` with the place of the first mistake.
  public init(reading source: YAMLSource) throws(SourceDiagnostic) {
    let documents: [YAMLDocument]
    do { documents = try YAMLParser.documents(in: source) } catch { throw error.diagnostic }
    guard let document = documents.first, documents.count == 1,
      document.value[Fields.kind]?.string == "Trace"
    else {
      throw SourceDiagnostic(
        "\(source.displayName) is no trace", at: documents.first?.startMark,
        expected: "one document with kind: Trace, as drydock run writes it")
    }
    let root = FieldReader(document)
    try root.allow(["apiVersion", "kind", "spec"])
    try root.requireAPIVersion()
    let spec = try root.required("spec", "the run")
    try spec.allow([
      "scenario", "digest", "seed", "without", "deviations", "verdict", "sentence", "decisions",
      "hash",
    ])
    scenario = try spec.required("scenario", "the scenario's file").string()
    digest = try Self.number(spec.required("digest", "the scenario's digest"), radix: 16)
    seed = try Self.number(spec.required("seed", "the world's seed"), radix: 10)
    hash = try Self.number(spec.required("hash", "the run's hash"), radix: 16)
    verdict = try spec.required("verdict", "how the run ended").choice(Self.verdicts)
    sentence =
      try spec.field("sentence").map { field throws(SourceDiagnostic) in
        try field.string()
      } ?? ""
    decisions = try spec.required("decisions", "how many there were").integer(in: 0...Int.max)
    reduction = try Self.reduction(in: spec)
    deviations = []
    for entry in try spec.list("deviations") {
      try entry.allow(["at", "take"])
      deviations.append(
        Deviation(
          at: try entry.required("at", "the turn that would have come").string(),
          take: try entry.required("take", "what was taken instead").string()))
    }
  }

  private static let verdicts: [(name: String, value: String)] =
    ([World.Outcome.held.rawValue] + Violation.Oracle.allCases.map(\.rawValue)).map { ($0, $0) }

  private static func number(
    _ field: FieldReader, radix: Int
  ) throws(SourceDiagnostic) -> UInt64 {
    let text = try field.string()
    guard let number = UInt64(text, radix: radix) else {
      throw field.mistake(
        "\"\(field.path)\" is \"\(text)\"",
        expected: radix == 16 ? "a hexadecimal number in quotes" : "a number in quotes")
    }
    return number
  }

  /// Sixteen hexadecimal digits.
  public static func hex(_ number: UInt64) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}
