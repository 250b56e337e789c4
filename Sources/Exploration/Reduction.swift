public import APIMachinery
public import Simulation

/// What has been taken out of a scenario to make a failure smaller.
public struct Reduction: Sendable, Hashable {
  /// Steps of the workload that are left out, by number from 1, in order.
  public var steps: [Int]
  /// Objects that are not there at the start: `Kind.group namespace/name`.
  public var objects: [String]

  /// Nothing taken out, or these.
  public init(steps: [Int] = [], objects: [String] = []) {
    self.steps = steps
    self.objects = objects
  }

  /// Whether nothing is taken out.
  public var isEmpty: Bool { steps.isEmpty && objects.isEmpty }

  /// The plan without what is taken out.
  public func applied(to plan: WorldPlan) -> WorldPlan {
    var plan = plan
    plan.objects.removeAll { objects.contains(Self.name(of: $0)) }
    // Those that stay keep their numbers, by which decisions call them.
    for index in plan.workload.indices where plan.workload[index].number == nil {
      plan.workload[index].number = index + 1
    }
    plan.workload.removeAll { step in steps.contains { $0 == step.number } }
    return plan
  }

  /// How an object is called.
  public static func name(of object: APIObject) -> String {
    "\(object.type.qualifiedKind) \(object.key)"
  }
}
