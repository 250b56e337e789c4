import ControllerRuntime
import Simulation
import SystemControllers
import ValueTree
import YAMLCoding

/// Reads `spec.oracles` and `spec.thresholds`.
enum OraclesDecoder {
  /// Reads them.
  ///
  /// - Parameters:
  ///   - spec: The scenario's spec.
  ///   - processes: The processes whose controllers collectors are chosen among; the system's own always count.
  /// - Returns: what is judged.
  /// - Throws: the first mistake, with its place.
  static func settings(
    in spec: FieldReader, _ processes: [WorldPlan.Process]
  ) throws(SourceDiagnostic) -> OracleSettings {
    var settings = OracleSettings()
    if let oracles = spec.field("oracles") {
      try oracles.allow(["judge", "ignore", "collectors", "failures"])
      for entry in try oracles.list("judge") { settings.judged.insert(try oracle(entry)) }
      for entry in try oracles.list("ignore") { settings.judged.remove(try oracle(entry)) }
      var names: [String] = []
      let own = processes.flatMap { ($0.controllers + $0.otherVersion).map(\.name) }
      for name in own + ControlPlane.controllers.map(\.name) where !names.contains(name) {
        names.append(name)
      }
      for entry in try oracles.list("collectors") {
        // Controllers outside have names that nobody here knows.
        settings.collectors.append(
          own.isEmpty ? try entry.string() : try entry.choice(names.map { ($0, $0) }))
      }
      if let field = oracles.field("failures") {
        settings.failuresMax = try field.integer(in: 1...1_000_000)
        settings.judged.insert(.boundedError)
      }
    }
    guard let thresholds = spec.field("thresholds") else { return settings }
    let metrics = Threshold.Metric.allCases
    try thresholds.allow(metrics.map(\.rawValue))
    for metric in metrics {
      guard let field = thresholds.field(metric.rawValue) else { continue }
      try field.allow(["warning", "critical"])
      let warning = try field.field("warning").map { bound throws(SourceDiagnostic) in
        try bound.duration()
      }
      let critical = try field.field("critical").map { bound throws(SourceDiagnostic) in
        try bound.duration()
      }
      guard warning != nil || critical != nil else {
        throw field.mistake(
          "the threshold has no bound", expected: "warning and critical, or one of them")
      }
      if let warning, let critical, warning > critical, let bound = field.field("warning") {
        throw bound.mistake(
          "\"\(bound.path)\" is \(warning), and critical comes before it at \(critical)",
          expected: "a warning of at most \(critical)")
      }
      settings.thresholds.append(Threshold(metric, warning: warning, critical: critical))
      settings.judged.insert(.threshold)
    }
    return settings
  }

  private static func oracle(
    _ entry: FieldReader
  ) throws(SourceDiagnostic) -> Violation.Oracle {
    try entry.choice(Violation.Oracle.allCases.map { (name: $0.rawValue, value: $0) })
  }
}
