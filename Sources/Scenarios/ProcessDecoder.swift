import ControllerModels
import ControllerRuntime
import Simulation
import SystemControllers
import ValueTree
import YAMLCoding

/// Reads `spec.processes`.
struct ProcessDecoder {
  private typealias MakeController = @Sendable (Int?) -> Controller

  let controllers: ControllerRegistry
  var models = ModelLibrary()

  /// The fields that name models' files.
  static func modelFields(in spec: FieldReader) throws(SourceDiagnostic) -> [FieldReader] {
    var fields: [FieldReader] = []
    for process in try spec.list("processes") {
      guard process.value.isMap else { continue }
      let upgraded = try process.field("upgrade").map { field throws(SourceDiagnostic) in
        try field.value.isMap ? field.list("controllers") : []
      }
      for entry in try process.list("controllers") + (upgraded ?? []) where entry.value.isMap {
        if let field = entry.field("model") { fields.append(field) }
      }
    }
    return fields
  }

  func processes(in spec: FieldReader) throws(SourceDiagnostic) -> [WorldPlan.Process] {
    var processes: [WorldPlan.Process] = []
    for entry in try spec.list("processes") {
      try entry.allow(ScenarioDefinition.process.names)
      let nameField = try entry.required("name", "the process's name")
      let name = try nameField.subdomain()
      var process = WorldPlan.Process(name: name, controllers: try controllers(in: entry))
      try decodeFaults(entry, into: &process)
      if let delay = entry.field("restartAfter") { process.restartDelay = try delay.duration() }
      var replicas = 1
      if let field = entry.field("replicas") { replicas = try field.integer(in: 1...64) }
      for index in 0..<replicas {
        process.name = "\(name)-\(index)"
        guard !processes.contains(where: { $0.name == process.name }) else {
          throw nameField.mistake("there are two processes \"\(process.name)\"")
        }
        processes.append(process)
      }
    }
    if let system = try systemProcess(in: spec) {
      guard !processes.contains(where: { $0.name == system.name }) else {
        throw spec.mistake("there are two processes \"\(system.name)\"")
      }
      processes.append(system)
    }
    return processes
  }

  /// The process of a control plane, which runs the system controllers that the scenario lists; nil without any.
  private func systemProcess(
    in spec: FieldReader
  ) throws(SourceDiagnostic) -> WorldPlan.Process? {
    let choices = ControlPlane.controllers.map { (name: $0.name, value: $0.make) }
    var result: [Controller] = []
    for entry in try spec.list("systemControllers") {
      let controller = try entry.choice(choices)(1)
      guard !result.contains(where: { $0.name == controller.name }) else {
        throw entry.mistake("\"\(controller.name)\" is listed twice")
      }
      result.append(controller)
    }
    return result.isEmpty ? nil : WorldPlan.Process(name: "system", controllers: result)
  }

  func controllers(in process: FieldReader) throws(SourceDiagnostic) -> [Controller] {
    var result: [Controller] = []
    for entry in try process.list("controllers") {
      try entry.allow(["use", "model", "workers", "variables"])
      var workers: Int?
      if let field = entry.field("workers") { workers = try field.integer(in: 1...256) }
      let named = entry.field("model") ?? entry
      let variables = entry.field("variables")
      let controller: Controller
      if let field = entry.field("model") {
        guard entry.field("use") == nil else {
          throw entry.mistake("a controller is one thing", expected: "either use or model")
        }
        guard let model = try models.model(at: field, variables) else {
          preconditionFailure("the models that processes name have been read")
        }
        controller = model.controller(workers: workers)
      } else {
        let useField = try entry.required("use", "a controller's name")
        let choices =
          models.names.map { (name: $0, value: MakeController?.none) }
          + controllers.choices.map { (name: $0.name, value: MakeController?.some($0.value)) }
        if let make = try useField.choice(choices) {
          guard variables == nil else {
            throw entry.mistake(
              "a controller in Swift has no variables", expected: "a controller model")
          }
          controller = make(workers)
        } else {
          guard let model = try models.model(named: useField.string(), variables) else {
            preconditionFailure("models that can be chosen are there")
          }
          controller = model.controller(workers: workers)
        }
      }
      guard !result.contains(where: { $0.name == controller.name }) else {
        throw (entry.field("use") ?? named).mistake(
          "the process runs \"\(controller.name)\" twice")
      }
      result.append(controller)
    }
    guard !result.isEmpty else {
      throw process.mistake(
        "a process runs at least one controller",
        expected: "controllers: [{use: \(controllers.names.joined(separator: " | "))}]")
    }
    return result
  }
}
