import BindingControllers
public import ControllerRuntime
public import Simulation
import APIServer
import SystemControllers

/// The controllers that a scenario can name.
///
/// A Swift program with controllers of its own registers them here, and scenarios use them by name.
public struct ControllerRegistry: Sendable {
  /// Makes a controller with a number of workers.
  public typealias Factory = @Sendable (_ workers: Int) -> Controller

  private var factories: [(name: String, make: Factory)] = []

  /// No controllers.
  public init() {}

  /// The controllers that Drydock ships.
  public static let builtIn: ControllerRegistry = {
    var registry = ControllerRegistry()
    registry.register("reference-binding") {
      ReferenceBindingController.controller(workers: $0)
    }
    registry.register("naive-binding") { NaiveBindingController.controller(workers: $0) }
    registry.register("port-claims") { ClaimControllers.ports(workers: $0) }
    registry.register("ip-claims") { ClaimControllers.addresses(workers: $0) }
    registry.register("gpu-claims") { ClaimControllers.gpus(workers: $0) }
    for (name, make) in ControlPlane.controllers { registry.register(name, make) }
    return registry
  }()

  /// The names, in the order of registration.
  public var names: [String] { factories.map(\.name) }

  /// Adds a controller; one of the same name is replaced.
  public mutating func register(_ name: String, _ make: @escaping Factory) {
    factories.removeAll { $0.name == name }
    factories.append((name, make))
  }

  /// The controller of this name; nil where nothing is registered by it.
  public func make(_ name: String, workers: Int) -> Controller? {
    factories.first { $0.name == name }?.make(workers)
  }

  /// The controllers by name; nil workers are one.
  var choices: [(name: String, value: @Sendable (Int?) -> Controller)] {
    factories.map { factory in (factory.name, { factory.make($0 ?? 1) }) }
  }
}

extension WorldPlan {
  /// Lets the server do what the controllers that run take care of, and nothing else: a finalizer that nobody takes
  /// off would stay.
  public mutating func adaptSettings() {
    let running = processes.flatMap { $0.controllers.map(\.name) }
    settings.hasGarbageCollector = running.contains(ControlPlane.garbageCollector)
    settings.protectsStorage = ControlPlane.storageProtection.allSatisfy(running.contains)
  }
}
