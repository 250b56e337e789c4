import APIMachinery
import ControllerModels
import ControllerRuntime
import Exploration
import Scalars
import Simulation
import ValueTree
import YAMLCoding

extension ProcessDecoder {
  /// Reads what makes a process worse than others: lags, clock, memory, and its other version.
  func decodeFaults(
    _ entry: FieldReader, into process: inout WorldPlan.Process
  ) throws(SourceDiagnostic) {
    if let lag = entry.field("informerLag") {
      if lag.value.isMap {
        try decodeLags(lag, into: &process)
      } else {
        process.informerLag = try lag.duration()
      }
    }
    if let field = entry.field("clockSkew") {
      guard let skew = GoDuration(try field.string()) else {
        throw field.mistake(
          "\"\(field.path)\" is \(field.value)", expected: "a duration such as 30s or -5m")
      }
      process.clockSkew = skew
    }
    if let field = entry.field("cacheObjects") {
      process.cacheMax = try field.integer(in: 1...10_000_000)
    }
    if let field = entry.field("upgrade") {
      try field.allow(ScenarioDefinition.upgrade.names)
      process.otherVersion = try controllers(in: field)
    }
  }

  private func decodeLags(
    _ lags: FieldReader, into process: inout WorldPlan.Process
  ) throws(SourceDiagnostic) {
    let watched = process.controllers.flatMap { $0.watches.map(\.type) }
    for (key, _) in lags.value.members {
      guard let field = lags.field(key.text) else { continue }
      if key.text == "all" {
        process.informerLag = try field.duration()
        continue
      }
      let name = key.text.lowercased()
      guard
        let type = watched.first(where: {
          [$0.kind.lowercased(), $0.plural, $0.qualifiedPlural].contains(name)
        })
      else {
        throw field.mistake(
          "no controller of the process watches \"\(key.text)\"",
          expected: "all, or one of " + watched.map(\.plural).joined(separator: ", "),
          suggestion: SourceDiagnostic.suggestion(for: name, among: watched.map(\.plural)))
      }
      process.informerLags.append(.init(type, try field.duration()))
    }
  }
}

extension WorldPlan {
  /// Lets worlds know what the faults need that may come.
  mutating func prepare(
    for script: FaultScript, _ budget: FaultBudget, _ settings: FaultSettings
  ) {
    faults = settings
    appointments = script.times
    keepsSnapshots =
      budget.rules.contains { $0.kind == .storeRestore }
      || script.faults.contains { $0.kind == .storeRestore }
  }
}
