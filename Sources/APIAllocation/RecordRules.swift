public import APIMachinery
public import Allocation

/// How objects of a kind tell what they hold; the ledger's oracles read objects by these rules.
///
/// A kind of yours that records grants in its own fields gets a rule here.
public struct RecordRules: Sendable {
  /// Reads the records of one object.
  public typealias Rule = @Sendable (APIObject) -> [AllocationRecord]

  private var rules: [(type: ResourceType, read: Rule)] = []

  /// No rules.
  public init() {}

  /// The rules for the kinds that Drydock ships.
  public static let builtIn: RecordRules = {
    var rules = RecordRules()
    rules.add(DeviceBinding.self)
    rules.add(GPUClaim.self)
    rules.add(IPClaim.self)
    rules.add(PortClaim.self)
    return rules
  }()

  /// Adds a rule for a kind.
  public mutating func add(_ type: ResourceType, _ read: @escaping Rule) {
    rules.append((type, read))
  }

  /// Adds the rule for a kind of claims.
  public mutating func add<Claim: PoolClaim>(_: Claim.Type) {
    add(Claim.type) { Claim($0).records }
  }

  /// The kinds that can hold something.
  public var types: [ResourceType] { rules.map(\.type) }

  /// What the object says it holds; nil for a kind that holds nothing.
  public func records(of object: APIObject) -> [AllocationRecord]? {
    // By place, for a copy of a rule counts references to its closure.
    for index in rules.indices
    where rules[index].type === object.type || rules[index].type == object.type {
      return rules[index].read(object)
    }
    return nil
  }
}
