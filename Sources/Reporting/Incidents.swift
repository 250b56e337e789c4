import APIMachinery
public import Exploration
public import Simulation

/// A published bug of a real controller or allocator, and what cured it.
public struct Incident: Sendable, Hashable {
  /// What a failing run shows of its making.
  public enum Sign: String, Sendable, Hashable {
    /// A process stopped between an effect and its record.
    case crash
    /// A call was carried out and its reply lost, or it failed after its effect.
    case unknownOutcome
    /// A write was refused or met a conflict.
    case refusal
    /// Something was decided by a cache that was behind.
    case staleRead
    /// A watch brought nothing for some time.
    case slowWatch
    /// An object was deleted in the middle of something.
    case deletion
    /// A name was used again.
    case recreation
    /// Several processes at work.
    case severalProcesses
    /// No fault at all.
    case noFault
  }

  /// Where it is told.
  public let source: String
  /// The sort of bug.
  public let bugClass: Violation.BugClass
  /// What a run like it shows; all of these.
  public let signs: [Sign]
  /// What happened there, in a sentence.
  public let story: String
  /// What cures it.
  public let cure: String

  /// The published incident that a failing run resembles most; nil where none is of its sort.
  public static func resembling(
    _ violation: Violation, _ signs: Set<Sign>
  ) -> Incident? {
    var best: (score: Int, incident: Incident)?
    for incident in all where incident.bugClass == violation.bugClass {
      let met = incident.signs.count { signs.contains($0) }
      let score = 2 * met - (incident.signs.count - met)
      if best.map({ score > $0.score }) ?? true { best = (score, incident) }
    }
    guard let best, best.score > 0 || best.incident.signs.isEmpty else { return nil }
    return best.incident
  }

  /// What a run shows.
  public static func signs(_ run: RunResult) -> Set<Sign> {
    var signs: Set<Sign> = []
    for fault in run.world.injectedFaults {
      switch fault.faultKind {
      case .crashBefore, .crashAfter, .kill, .upgrade: signs.insert(.crash)
      case .lostReply, .lateSuccess, .sentTwice, .webhookTimeout, .partitionReplies:
        signs.insert(.unknownOutcome)
      case .refused, .conflict, .throttled, .serverError, .rejected, .quota, .exhausted, .notFound,
        .partition, .partitionAllocator, .noSpace:
        signs.insert(.refusal)
      case .watchDelay: signs.formUnion([.staleRead, .slowWatch])
      case .coalesce, .relist, .timeTravel, .shuffle, .watchBreak, .compaction:
        signs.insert(.staleRead)
      case .delete, .forceDelete: signs.insert(.deletion)
      case .recreate: signs.formUnion([.deletion, .recreation])
      case .slowReply, .pause, .starve, .clockJump, .spurious, .storeRestore, .edit, .editStatus,
        .stripFinalizers, .releaseBehind, .steal, .corrupt:
        continue
      }
    }
    if run.world.faultCount == 0 { signs.insert(.noFault) }
    if run.world.beliefs.contains(where: \.isApplied) { signs.insert(.staleRead) }
    if run.world.plan.processes.count > 1 { signs.insert(.severalProcesses) }
    var applied: [String] = []
    for step in run.world.plan.workload {
      switch step.action {
      case .delete: signs.insert(.deletion)
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

  static let all: [Incident] = [
    Incident(
      source: "kubernetes-csi/external-provisioner#486", bugClass: .leak, signs: [.crash],
      story: "a process stopped after it had a volume made and before it wrote the volume down",
      cure:
        "write the intent down first (a finalizer on the claim), and ask the backend with a key "
        + "of the claim, so that asking again finds what is there"),
    Incident(
      source: "kubernetes-csi/external-provisioner#311", bugClass: .leak, signs: [.unknownOutcome],
      story:
        "a create call timed out and succeeded all the same; the caller had no name to delete by",
      cure:
        "make the call idempotent: repeat it with the same key until its outcome is known, also "
        + "when the owner is on its way out"),
    Incident(
      source: "k-orc/openstack-resource-controller#19", bugClass: .leak, signs: [.refusal],
      story: "the write of the status failed, and the next reconcile made another resource",
      cure: "adopt: look for what carries the owner's identity before making something new"),
    Incident(
      source: "submariner-io/submariner#4122", bugClass: .leak, signs: [.staleRead],
      story: "a reconcile read a status from before the allocation, and allocated once more",
      cure: "allocate by a key of the owner, so that a second request returns what the first got"),
    Incident(
      source: "outscale/cluster-api-provider-outscale#917", bugClass: .leak, signs: [.deletion],
      story: "the finalizer was written at the end of the first reconcile, and the object deleted "
        + "before",
      cure: "write the finalizer and return; begin with effects only when it is read back"),
    Incident(
      source: "kubernetes/kubernetes#77988", bugClass: .leak,
      signs: [.deletion, .noFault],
      story:
        "an update that adds a finalizer and a delete both succeeded; the object was gone with it",
      cure: "sweep what the allocator holds for owners that are gone"),
    Incident(
      source: "metallb/metallb#1774", bugClass: .doubleAllocation, signs: [.crash],
      story:
        "after a restart a waiting service was served before the assigned ones were known, and "
        + "got an address of theirs",
      cure: "hand nothing out before everything that objects record has been entered in the books"),
    Incident(
      source: "kubernetes/kubernetes#29058", bugClass: .doubleAllocation,
      signs: [.crash, .severalProcesses],
      story: "ranges were handed out before those of the nodes that were there had been occupied",
      cure: "wait for the first full list, occupy, and only then allocate"),
    Incident(
      source: "cilium/cilium#42920", bugClass: .doubleAllocation, signs: [.severalProcesses],
      story: "two operators were active at once and handed out the same ranges",
      cure: "let the allocator refuse whoever led before (fencing by the lease's transitions), or "
        + "keep its books where all see them"),
    Incident(
      source: "k8snetworkplumbingwg/whereabouts#207", bugClass: .doubleAllocation,
      signs: [.staleRead, .severalProcesses],
      story:
        "a sweeper listed owners first and reservations second, and took a new one for an orphan",
      cure: "list the ledger first and the owners second"),
    Incident(
      source: "submariner-io/submariner#4123", bugClass: .doubleAllocation, signs: [.staleRead],
      story: "an old status without the allocation was read, and the item handed out again",
      cure: "ask the allocator and not the cache what is held"),
    Incident(
      source: "kubernetes/kubernetes#64466", bugClass: .prematureRelease, signs: [.noFault],
      story: "a duplicate was repaired by a release that did not look whose the address was",
      cure: "release by owner and generation, never by name alone"),
    Incident(
      source: "projectcalico/calico#5044", bugClass: .prematureRelease, signs: [.staleRead],
      story: "a sweeper released addresses of live workloads by an old view of them",
      cure: "confirm with a live read that the owner is gone, and wait out a grace period"),
    Incident(
      source: "kubernetes/kubernetes#127792", bugClass: .prematureRelease, signs: [.deletion],
      story:
        "a range was freed when its node was marked for deletion, while finalizers kept the node",
      cure: "release when the owner is gone or says that it has stopped, not when it is asked to go"
    ),
    Incident(
      source: "cilium/cilium#32531", bugClass: .prematureRelease, signs: [.crash],
      story: "a restart in the middle of a release lost where it stood",
      cure: "keep the state of a release (closing) where it survives a restart"),
    Incident(
      source: "nolar/kopf#798", bugClass: .stuck, signs: [.staleRead],
      story: "a patch computed from an old copy put another controller's finalizer back",
      cure:
        "change finalizers under a resource version, or by a patch that tests the one it removes"),
    Incident(
      source: "cloudpilot-ai/karpenter-provider-gcp#334", bugClass: .stuck,
      signs: [.deletion, .refusal],
      story: "the delete path failed on an object that had never got an external name",
      cure: "treat \"nothing there\" as done"),
    Incident(
      source: "kubernetes-sigs/cluster-api#1643", bugClass: .stuck, signs: [.deletion],
      story: "the parent's finalizer went first, and the children needed the parent to clean up",
      cure: "keep the parent's finalizer until no child is left"),
    Incident(
      source: "kubernetes/kubernetes#108645", bugClass: .stuck, signs: [.deletion, .noFault],
      story:
        "an owner was deleted before its dependent had been counted, and nobody was woken for it",
      cure: "queue the dependents when the owner goes, and handle the dependent without an owner"),
    Incident(
      source: "kubernetes/kubernetes#135333", bugClass: .stuck, signs: [.refusal],
      story: "every error was read as \"taken\", and the whole range scanned again and again",
      cure: "tell errors apart: try another item only where this one is taken"),
    Incident(
      source: "kubernetes/kubernetes#65200", bugClass: .wrongDeletion, signs: [.noFault],
      story: "an owner in another namespace was taken for absent, and dependents deleted",
      cure:
        "look owners up by their full coordinates, and delete under preconditions of identity and "
        + "revision"),
    Incident(
      source: "kubernetes/kubernetes#80475", bugClass: .wrongDeletion, signs: [.recreation],
      story: "an object was deleted and made again under one name, and taken for the same",
      cure: "compare identities, not names, and put the identity into the delete's preconditions"),
    Incident(
      source: "kubernetes/kubernetes#76703", bugClass: .wrongDeletion, signs: [.staleRead],
      story: "a claim in use was let go by a cache that had not seen its user",
      cure: "confirm with a live list before what cannot be undone"),
    Incident(
      source: "kubernetes/kubernetes#129795", bugClass: .other, signs: [.slowWatch],
      story:
        "a watch was slower than the controller's patience, and what had been made was made again",
      cure: "look on the server for what was waited for in vain, before making it once more"),
    Incident(
      source: "kubernetes/kubernetes#130377", bugClass: .capacity, signs: [.refusal],
      story:
        "an item was taken before the object was admitted, and not given back when that failed",
      cure: "give back what a refused request has taken, and sweep for what that misses"),
    Incident(
      source: "aws/amazon-vpc-cni-k8s#2896", bugClass: .capacity, signs: [.deletion],
      story:
        "items that were cooling down counted neither as free nor as used, so nothing was refilled",
      cure: "count every state of an item, and let the sum be the total"),
    Incident(
      source: "kubernetes/kubernetes#85894", bugClass: .capacity, signs: [.staleRead],
      story: "one server's copy of the books lagged: free values were refused, stale ones offered",
      cure: "allocate by a conditional write to the one copy that counts"),
  ]
}
