/// What an evaluation may cost, in Kubernetes' units, as far as it can be told beforehand.
public struct CostEstimate: Sendable, Hashable {
  /// The least.
  public var least: UInt64
  /// The most; the largest number where there is no bound.
  public var most: UInt64

  /// The most that Kubernetes accepts for one expression of a custom resource.
  public static let kubernetesExpressionMax: UInt64 = 10_000_000

  /// An estimate.
  ///
  /// - Parameters:
  ///   - least: The least.
  ///   - most: The most.
  public init(least: UInt64, most: UInt64) {
    self.least = least
    self.most = most
  }

  static let zero = CostEstimate(least: 0, most: 0)
  static let one = CostEstimate(least: 1, most: 1)

  static func + (left: CostEstimate, right: CostEstimate) -> CostEstimate {
    CostEstimate(least: sum(left.least, right.least), most: sum(left.most, right.most))
  }

  static func * (left: CostEstimate, right: CostEstimate) -> CostEstimate {
    CostEstimate(least: product(left.least, right.least), most: product(left.most, right.most))
  }

  static func += (left: inout CostEstimate, right: CostEstimate) { left = left + right }

  func union(_ other: CostEstimate) -> CostEstimate {
    CostEstimate(least: min(least, other.least), most: max(most, other.most))
  }

  /// A part of it, rounded up.
  func divided(by divisor: UInt64) -> CostEstimate {
    CostEstimate(
      least: least / divisor + (least % divisor == 0 ? 0 : 1),
      most: most / divisor + (most % divisor == 0 ? 0 : 1))
  }

  private static func sum(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (result, overflow) = a.addingReportingOverflow(b)
    return overflow ? .max : result
  }

  private static func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (result, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? .max : result
  }
}

/// How large values can be, by path: `self.spec.ports`, `self.spec.ports.@items.name`,
/// `self.metadata.labels.@values`.
public struct SizeHints: Sendable {
  private let sizes: [String: UInt64]

  /// Hints.
  ///
  /// - Parameter sizes: By path, the most bytes of a text or elements of a collection.
  public init(_ sizes: [String: UInt64] = [:]) { self.sizes = sizes }

  /// The most that stands at a path, or nil where nothing says so.
  ///
  /// - Parameter path: The path.
  /// - Returns: The size.
  public subscript(path: String) -> UInt64? { sizes[path] }
}

extension Program {
  /// What an evaluation may cost.
  ///
  /// - Parameter hints: How large values can be; what they do not say is bounded by the largest request
  ///   that Kubernetes takes.
  /// - Returns: The least and the most.
  public func estimatedCost(_ hints: SizeHints = SizeHints()) -> CostEstimate {
    var estimator = CostEstimator(checked: checked, variables: variables, hints: hints)
    return estimator.visit(checked.syntax.root).cost
  }
}
