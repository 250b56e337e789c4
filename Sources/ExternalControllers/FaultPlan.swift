public import YAMLCoding
public import ValueTree

/// What is done to a controller in one run.
public struct FaultPlan: Sendable, Hashable {
  /// One fault and its place.
  public struct Fault: Sendable, Hashable, CustomStringConvertible {
    /// The request or the event.
    public let place: RequestName
    /// What becomes of it.
    public let fault: DoorFault

    /// A fault.
    public init(_ fault: DoorFault, at place: RequestName) {
      self.fault = fault
      self.place = place
    }

    public var description: String { "\(place) !\(fault.rawValue)" }
  }

  /// The faults.
  public var faults: [Fault]

  /// A plan.
  public init(_ faults: [Fault] = []) { self.faults = faults }
}

/// A plan as a file, with what came of it.
public struct PlanFile: Sendable {
  /// The file of the scenario, seen from where the plan lies.
  public var scenario: String
  /// The command that was run; it is written for people, and never run from here.
  public var command: String
  /// The plan.
  public var plan: FaultPlan
  /// The oracle that was broken, or `held`.
  public var verdict: String
  /// What the oracle said.
  public var sentence: String

  /// A file.
  public init(
    scenario: String, command: String, plan: FaultPlan, verdict: String, sentence: String
  ) {
    self.scenario = scenario
    self.command = command
    self.plan = plan
    self.verdict = verdict
    self.sentence = sentence
  }

  /// The name of the kind.
  public static let kind = "FaultPlan"

  /// The plan as a document.
  public var value: Value {
    let faults = plan.faults.map { fault -> Value in
      ["at": Value(fault.place.description), "fault": Value(fault.fault.rawValue)]
    }
    var spec: [(Key, Value)] = [
      ("scenario", Value(scenario)), ("command", Value(command)), ("faults", Value(faults)),
      ("verdict", Value(verdict)),
    ]
    if !sentence.isEmpty { spec.append(("sentence", Value(sentence))) }
    return [
      "apiVersion": "drydock.dev/v1alpha1", "kind": Value(Self.kind),
      "spec": Value(members: spec),
    ]
  }

  /// Reads a plan.
  ///
  /// - Throws: `SourceDiagnostic` with the place of the first mistake.
  public init(reading document: YAMLDocument) throws(SourceDiagnostic) {
    func text(_ name: String) throws(SourceDiagnostic) -> String {
      guard let text = document.value[FieldPath("spec", Key(name))]?.string else {
        throw document.diagnostic(
          "\"spec.\(name)\" is missing or no string", at: FieldPath("spec"))
      }
      return text
    }
    scenario = try text("scenario")
    command = try text("command")
    verdict = try text("verdict")
    sentence = document.value[FieldPath("spec", "sentence")]?.string ?? ""
    var faults: [FaultPlan.Fault] = []
    let path = FieldPath("spec", "faults")
    for (index, entry) in (document.value[path] ?? .emptyList).elements.enumerated() {
      let place = path.appending(index)
      guard let name = entry["at"]?.string.flatMap({ RequestName($0) }) else {
        throw document.diagnostic(
          "\"\(place).at\" names no request, such as patch configmaps default/a #1", at: place)
      }
      guard let fault = entry["fault"]?.string.flatMap({ DoorFault(rawValue: $0) }) else {
        throw document.diagnostic(
          "\"\(place).fault\" is none of "
            + DoorFault.allCases.map(\.rawValue).joined(separator: ", "), at: place)
      }
      faults.append(FaultPlan.Fault(fault, at: name))
    }
    plan = FaultPlan(faults)
  }
}
