import APIMachinery
import APIServer
import APIStore
import Allocation
public import Simulation

/// Follows the beginning of another run, and draws from there on.
public struct GuidedSource: DecisionSource {
  private let beginning: [Decision]
  private var next = 0
  private var walk: RandomSource

  init(beginning: [Decision], walk: RandomSource) {
    self.beginning = beginning
    self.walk = walk
  }

  public var missed: [FaultScript.Fault] { walk.missed }

  public mutating func choose(in world: World) throws(Divergence) -> Decision? {
    guard next < beginning.count else { return try walk.choose(in: world) }
    defer { next += 1 }
    return beginning[next]
  }
}

/// Schedules that grow from others: a run that has come to something new is gone on from, at the places where it did.
///
/// New is a state of the store with what is handed out and the step that led there, so that a fault at a new place and a
/// known state in a new way count. What is learnt is kept for a batch of runs: a batch is a function of the seed and its
/// number, whoever runs it, and any run of it can be had again by running the batch up to it.
struct GuidedBatch {
  /// How many runs learn of each other.
  static let size = 64

  private let campaign: Campaign
  private var seen: Set<UInt64> = []
  private var corpus: [Parent] = []

  private struct Parent {
    let decisions: [Decision]
    /// After how many decisions something new was seen.
    let places: [Int]
  }

  init(_ campaign: Campaign) { self.campaign = campaign }

  /// The schedule of the next run of the batch.
  func source(ofRun number: Int) -> GuidedSource {
    let seed = campaign.seed(ofRun: number)
    var random = SplitMix64(state: seed ^ 0x4755_4944)
    var budget = campaign.budget
    var beginning: [Decision] = []
    // Faults at fixed places are counted from the start, which a beginning would pass by.
    if campaign.script.faults.isEmpty, !corpus.isEmpty, !random.once(in: 4) {
      let parent = corpus[random.next(below: corpus.count)]
      let place = parent.places[random.next(below: parent.places.count)]
      beginning = Array(parent.decisions[..<place])
      budget.count = max(0, budget.count - beginning.count(where: \.isFault))
      // What is tried behind a new place is tried more often there.
      budget.odds = max(2, budget.odds / 2)
    }
    let walk = RandomSource(
      seed: seed, budget: budget, script: campaign.script, detourOdds: random.once(in: 2) ? 4 : 16,
      userOdds: 16)
    return GuidedSource(beginning: beginning, walk: walk)
  }

  /// Takes a run through its schedule, and learns from it.
  mutating func run(_ number: Int, from start: World) throws -> World {
    var world = start
    var source = source(ofRun: number)
    var decisions: [Decision] = []
    var places: [Int] = []
    var state: UInt64 = 0
    var revision = UInt64.max
    while let decision = try source.choose(in: world) {
      world.take(decision)
      decisions.append(decision)
      if world.server.store.revision != revision {
        revision = world.server.store.revision
        state = world.server.store.contentHash
      }
      var hash = StableHash(seed: state)
      hash.combine(world.ledger.openCount)
      hash.combine(decision.isFault ? 1 : 0)
      hash.combine(decision.code)
      if seen.insert(hash.value).inserted { places.append(decisions.count) }
    }
    if !places.isEmpty { corpus.append(Parent(decisions: decisions, places: places)) }
    return world
  }
}

extension Campaign {
  /// Runs of these numbers, each of which may go on from what others of its batch have come to.
  func runGuided(
    _ numbers: Range<Int>, stopsAtViolation: Bool, isInterrupted: () -> Bool
  ) throws -> CampaignTally {
    let start = try World(plan)
    let end = try comparedEnd()
    var tally = CampaignTally()
    guard var number = numbers.first else { return tally }
    while number < numbers.upperBound {
      var batch = GuidedBatch(self)
      let first = number / GuidedBatch.size * GuidedBatch.size
      let last = min(first + GuidedBatch.size, numbers.upperBound)
      // What comes before is run for what is learnt from it.
      for other in first..<number { _ = try batch.run(other, from: start) }
      while number < last {
        if isInterrupted() { return tally }
        let world = try batch.run(number, from: start)
        guard let outcome = world.outcome else { throw Standstill(step: world.step) }
        tally.note(world, run: number)
        if let end { compare(world, with: end, run: number, &tally) }
        if stopsAtViolation, outcome == .violated { return tally }
        number += 1
      }
    }
    return tally
  }

  /// The schedule of one run, with what it had learnt by then.
  func guidedSource(ofRun number: Int) -> DrawnSource {
    var batch = GuidedBatch(self)
    let first = number / GuidedBatch.size * GuidedBatch.size
    if let start = try? World(plan) {
      for other in first..<number { _ = try? batch.run(other, from: start) }
    }
    return .guided(batch.source(ofRun: number))
  }
}
