import APIMachinery
import Allocation
public import Exploration
import Simulation

extension Incident {
  /// What a run shows of how it came about.
  ///
  /// - Parameter run: The run, best made as small as it gets: what is not needed for the failure is no sign of it.
  /// - Returns: the signs.
  public static func signs(_ run: RunResult) -> Set<Sign> {
    var signs = faultSigns(run).union(workloadSigns(run))
    guard let violation = run.violations.first else { return signs }
    if [.neverSettled, .boundedError].contains(violation.oracle) { signs.insert(.keepsFailing) }
    signs.formUnion(itemSigns(run, violation))
    let objects = run.world.allObjects
    let identities = Set(objects.map(\.uid))
    let isStranded = objects.contains { object in
      object.isDeleting && !object.ownerReferences.isEmpty
        && !object.ownerReferences.contains { $0.ownerUID.map(identities.contains) ?? false }
    }
    if isStranded { signs.insert(.strandedDependent) }
    if signs.contains(.slowWatch), hasSiblings(objects) { signs.insert(.madeAgain) }
    return signs
  }

  /// The kinds of the objects that a failure is about.
  ///
  /// - Parameter run: The run.
  /// - Returns: the kinds of those whom the item was handed out to, or who recorded it.
  public static func kinds(_ run: RunResult) -> Set<String> {
    guard let item = run.violations.first?.item else { return [] }
    let entries = run.world.ledger.biography(pool: item.pool, item: item.name)
    return Set(entries.compactMap { $0.holder.split(separator: " ").first.map(String.init) })
  }

  // MARK: Faults and workload

  private static func faultSigns(_ run: RunResult) -> Set<Sign> {
    var signs: Set<Sign> = []
    var creates = 0
    for fault in run.world.injectedFaults {
      switch fault.faultKind {
      case .crashBefore, .crashAfter, .kill, .upgrade: signs.insert(.crash)
      case .lostReply, .lateSuccess, .sentTwice, .webhookTimeout, .partitionReplies:
        signs.insert(.unknownOutcome)
      case .refused, .conflict, .throttled, .serverError, .rejected, .quota, .exhausted, .notFound,
        .partition, .partitionAllocator, .noSpace:
        signs.insert(.refusal)
        switch fault.operation {
        case "update-status", "patch-status": signs.insert(.statusRefused)
        case "release", "begin-release", "finish-release", "free": signs.insert(.releaseRefused)
        case "create": creates += 1
        default: break
        }
      case .watchDelay: signs.formUnion([.staleRead, .slowWatch])
      case .timeTravel: signs.formUnion([.staleRead, .timeTravel])
      case .coalesce, .relist, .shuffle, .watchBreak, .compaction: signs.insert(.staleRead)
      case .delete: signs.insert(.deletion)
      case .forceDelete: signs.formUnion([.deletion, .forceDeletion])
      case .recreate: signs.formUnion([.deletion, .recreation])
      case .slowReply, .pause, .starve, .clockJump, .spurious, .storeRestore, .edit, .editStatus,
        .stripFinalizers, .releaseBehind, .steal, .corrupt:
        continue
      }
    }
    if creates > 1 { signs.insert(.createsFailed) }
    if run.world.faultCount == 0 {
      signs.insert(.noFault)
      // On the default schedule everybody sees everything at once.
      if !run.deviations.isEmpty, run.world.beliefs.contains(where: \.isApplied) {
        signs.insert(.staleRead)
      }
    }
    return signs
  }

  private static func workloadSigns(_ run: RunResult) -> Set<Sign> {
    var signs: Set<Sign> = []
    let plan = run.world.plan
    var applied: [String] = []
    for step in plan.workload {
      switch step.action {
      case .delete: signs.insert(.deletion)
      case .forceDelete: signs.formUnion([.deletion, .forceDeletion])
      case .recreate: signs.formUnion([.deletion, .recreation])
      case .apply(let object):
        if signs.contains(.deletion), applied.contains(object.key.path) {
          signs.insert(.recreation)
        }
        applied.append(object.key.path)
      default: continue
      }
    }
    return signs
  }

  /// Whether one owner controls several objects of a kind.
  private static func hasSiblings(_ objects: [APIObject]) -> Bool {
    var seen: Set<[String]> = []
    for object in objects {
      guard let owner = object.ownerReferences.first(where: \.controller) else { continue }
      if !seen.insert([object.type.kind, owner.uid]).inserted { return true }
    }
    return false
  }

  // MARK: The life of the item

  private static func itemSigns(_ run: RunResult, _ violation: Violation) -> Set<Sign> {
    guard let item = violation.item else { return [] }
    var signs: Set<Sign> = []
    let entries = run.world.ledger.biography(pool: item.pool, item: item.name)
    if entries.contains(where: { $0.event == .forgotten }) { signs.insert(.forgotten) }
    if entries.contains(where: { $0.event == .recorded }) { signs.insert(.recorded) }
    if entries.last?.event == .freedBlindly { signs.insert(.blind) }
    let takers = entries.filter { $0.event == .opened || $0.event == .recorded }
    if Set(takers.map { $0.actor.prefix { $0 != "/" } }).count > 1 {
      signs.insert(.severalProcesses)
    }
    guard let opened = entries.last(where: { $0.event == .opened }) else {
      return signs.union([.noGrant])
    }
    if let last = entries.last {
      let isOther = controller(of: last.actor) != controller(of: opened.actor)
      let isController = last.actor.contains("/")
      switch last.event {
      case .unrecorded where isOther && isController: signs.insert(.removedByOther)
      case .closing, .closed:
        if isOther { signs.insert(.sweeper) }
        if run.world.object(withUID: opened.owner)?.isDeleting == true {
          signs.insert(.ownerTerminating)
        }
      default: break
      }
    }
    if run.world.object(withUID: opened.owner) == nil { signs.insert(.ownerGone) }
    if !run.world.finalizerPhases.contains(where: { $0.uid == opened.owner }) {
      signs.insert(.noFinalizer)
    }
    let hasAnother = run.world.ledger.openGrants.contains {
      $0.grant.owner == opened.owner && $0.grant.item != item.name
        && run.world.isRecorded($0.grant)
    }
    if hasAnother { signs.insert(.again) }
    return signs
  }

  /// The controller of an actor's name, such as `binder-0/binding/1`.
  private static func controller(of actor: String) -> Substring {
    let parts = actor.split(separator: "/", maxSplits: 2)
    return parts.count > 1 ? parts[1] : Substring(actor)
  }
}
