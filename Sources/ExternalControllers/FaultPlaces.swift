import Scalars

/// Every single fault that can be tried on a controller, found in a run without any, with those first that find most.
public struct FaultPlaces: Sendable {
  /// The plans of one fault each, in the order in which they are worth trying.
  public private(set) var plans: [FaultPlan] = []
  /// How many were left out, and why.
  public private(set) var leftOut: [(reason: String, count: Int)] = []
  /// How many requests and events of the run without faults they are for.
  public private(set) var placeCount = 0

  /// The places of a run.
  ///
  /// - Parameters:
  ///   - result: A run without faults.
  ///   - kinds: The faults to try.
  public init(in result: ExternalResult, kinds: Set<DoorFault> = Set(DoorFault.allCases)) {
    let seen = result.seen
    let lastWrite = seen.last { $0.isWrite && !$0.isLease && !$0.isTelling }?.order ?? 0
    let lastRequest = seen.last { $0.name.verb != "sees" && !$0.isLease }?.order ?? 0
    let hasLeases = seen.contains { $0.isLease && $0.isWrite }
    var ranked: [(rank: Int, order: Int, plan: FaultPlan)] = []
    var counts: [Reason: Int] = [:]
    for place in seen where place.name.instance == 0 {
      var faults = place.faults.filter(kinds.contains)
      if place.isWrite { faults += [.overlap, .pause].filter(kinds.contains) }
      var isPlace = false
      for fault in faults {
        if let reason = Reason(
          against: fault, at: place, lastWrite: lastWrite, lastRequest: lastRequest,
          hasLeases: hasLeases)
        {
          counts[reason, default: 0] += 1
          continue
        }
        isPlace = true
        let rank = Self.rank(fault, place)
        ranked.append((rank, place.order, FaultPlan([FaultPlan.Fault(fault, at: place.name)])))
      }
      if isPlace { placeCount += 1 }
    }
    ranked.sort { ($0.rank, $0.order) < ($1.rank, $1.order) }
    plans = ranked.map(\.plan)
    leftOut = Reason.allCases.compactMap { reason in
      counts[reason].map { (reason.rawValue, $0) }
    }
  }

  /// Why a fault cannot matter.
  private enum Reason: String, CaseIterable {
    case noLaterWrite = "reads that no write came after"
    case noLaterRequest = "events that no request came after"
    case telling = "Events, which nobody acts on"
    case lease = "renewals of leases"
    case noElection = "pauses of a controller that holds no lease"

    init?(
      against fault: DoorFault, at place: ChaosDoor.Seen, lastWrite: Int, lastRequest: Int,
      hasLeases: Bool
    ) {
      if fault == .pause, !hasLeases {
        self = .noElection
      } else if place.isTelling {
        self = .telling
      } else if place.isLease {
        self = .lease
      } else if place.name.verb == "sees", place.order > lastRequest {
        self = .noLaterRequest
      } else if !place.isWrite, place.name.verb != "sees", place.order > lastWrite {
        self = .noLaterWrite
      } else {
        return nil
      }
    }
  }

  /// Low for what finds most: first what happens between a side effect and its record.
  private static func rank(_ fault: DoorFault, _ place: ChaosDoor.Seen) -> Int {
    let isPool = place.name.resource.hasPrefix("pool/")
    switch fault {
    case .killAfter: return isPool ? 0 : 2
    case .lostReply: return isPool ? 1 : 3
    case .killBefore: return isPool ? 4 : 2
    case .refused, .conflict: return place.isWrite ? 5 : 8
    case .late: return 6
    case .stale: return 6
    case .overlap: return 7
    case .delayed, .watchExpired: return 8
    case .killReplied: return 7
    case .slow, .throttled, .watchCut, .expired: return 9
    case .pause: return 10
    }
  }
}
