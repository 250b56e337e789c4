import APIMachinery
import APIServer
import ControllerModels
import Simulation
import ValueTree
import YAMLCoding

/// Reads `spec.server`: what differs from cluster to cluster.
enum ServerDecoder {
  static func decode(
    _ spec: FieldReader, into plan: inout WorldPlan
  ) throws(SourceDiagnostic) {
    guard let server = spec.field("server") else { return }
    try server.allow(ScenarioDefinition.server.names)
    if let field = server.field("replicas") { plan.replicas = try field.integer(in: 1...9) }
    if let field = server.field("deleteFinalizerRace") {
      plan.settings.deleteFinalizerRace = try field.choice(
        ServerSettings.FinalizerRace.allCases.map { ($0.rawValue, $0) })
    }
    guard let bumps = server.field("deletionBumpsGeneration") else { return }
    for (kind, isBumped) in bumps.value.members {
      guard let field = bumps.field(kind.text) else { continue }
      guard let type = plan.registry.type(named: kind.text) else {
        throw field.mistake(
          "there is no kind \"\(kind.text)\"",
          expected: "a kind that the server knows, such as pods or deployments.apps")
      }
      guard let flag = isBumped.bool else {
        throw field.mistake("\"\(kind.text)\" is \(isBumped)", expected: "true or false")
      }
      if !flag { plan.settings.kindsWithSilentDeletion.insert(type.qualifiedPlural) }
    }
  }
}
