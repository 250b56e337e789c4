import APIMachinery

/// Plans of one to three faults, drawn from the places of a run without faults.
public enum RandomPlans {
  /// Draws plans.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - places: Where faults can happen.
  ///   - seed: The seed; the same makes the same of the same places.
  /// - Returns: the plans; none where there are no places.
  public static func draw(_ count: Int, from places: FaultPlaces, seed: UInt64) -> [FaultPlan] {
    let faults = places.plans.flatMap(\.faults)
    guard !faults.isEmpty else { return [] }
    return (0..<count).map { run in
      var hash = StableHash(seed: seed)
      hash.combine(UInt64(run))
      var draws = 0
      func next(_ bound: Int) -> Int {
        draws += 1
        var drawn = hash
        drawn.combine(UInt64(draws))
        return Int(drawn.value % UInt64(bound))
      }
      // Rare faults find more than many: half of the plans have one.
      let size = [1, 1, 2, 3][next(4)]
      var plan = FaultPlan()
      for _ in 0..<size {
        let fault = faults[next(faults.count)]
        if !plan.faults.contains(where: { $0.place == fault.place }) { plan.faults.append(fault) }
      }
      return plan
    }
  }
}
