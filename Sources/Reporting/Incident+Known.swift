import Simulation

extension Incident {
  /// The incidents that are known, each with what a run like it shows.
  static let all: [Incident] = [
    Incident(
      source: "kubernetes-csi/external-provisioner#486", bugClass: .leak,
      signs: [.crash, .ownerGone],
      kinds: ["PersistentVolumeClaim"],
      story:
        "a process stopped after it had a volume made and before it wrote the "
        + "volume down, and the claim went",
      cure:
        "write the intent down first (a finalizer on the claim), and ask the "
        + "backend with a key of the claim, so that asking again finds what is there"),
    Incident(
      source: "kubernetes-csi/external-provisioner#311", bugClass: .leak,
      signs: [.unknownOutcome, .ownerGone],
      story:
        "a create call timed out and succeeded all the same; the caller had no name "
        + "to delete by",
      cure:
        "make the call idempotent: repeat it with the same key until its outcome is "
        + "known, also when the owner is on its way out"),
    Incident(
      source: "kubernetes-csi/external-provisioner#1469", bugClass: .leak,
      signs: [.staleRead, .again],
      kinds: ["PersistentVolumeClaim"],
      story:
        "a queue brought an old state of a claim once more, and a second volume was "
        + "made that nothing records",
      cure:
        "look on the server, or ask with a key of the claim, before making anything"),
    Incident(
      source: "aws-controllers-k8s/community#2062", bugClass: .leak, signs: [.crash, .again],
      without: [.ownerGone, .removedByOther],
      story:
        "the status was saved at the end of the reconcile only; after a restart "
        + "before that everything was made a second time",
      cure:
        "record each thing before the next is made, and ask with a key of the owner"),
    Incident(
      source: "k-orc/openstack-resource-controller#19", bugClass: .leak,
      signs: [.statusRefused, .again],
      story:
        "the write of the status failed, and the next reconcile made another "
        + "resource",
      cure:
        "adopt: look for what carries the owner's identity before making something "
        + "new"),
    Incident(
      source: "submariner-io/submariner#4122", bugClass: .leak, signs: [.staleRead, .again],
      story:
        "a reconcile read a status from before the allocation, and allocated once "
        + "more",
      cure:
        "allocate by a key of the owner, so that a second request returns what the "
        + "first got"),
    Incident(
      source: "outscale/cluster-api-provider-outscale#917", bugClass: .leak,
      signs: [.deletion, .ownerGone, .noFinalizer],
      without: [.refusal, .unknownOutcome, .noFault],
      story:
        "the finalizer was written at the end of the first reconcile, and the "
        + "object deleted before",
      cure:
        "write the finalizer and return; begin with effects only when it is read "
        + "back"),
    Incident(
      source: "kubernetes/kubernetes#87603", bugClass: .leak,
      signs: [.ownerGone, .removedByOther, .noFault],
      kinds: ["Service"],
      story:
        "the last finalizer was taken off by a path on which nobody gives back",
      cure:
        "give back wherever an object can go, and sweep for what that misses"),
    Incident(
      source: "cilium/cilium#32531", bugClass: .leak, signs: [.crash, .removedByOther],
      without: [.ownerGone],
      story:
        "a restart in the middle of a release lost where it stood",
      cure:
        "keep the state of a release (closing) where it survives a restart"),
    Incident(
      source: "kubernetes/kubernetes#130377", bugClass: .leak, signs: [.releaseRefused],
      without: [.recorded],
      story:
        "an item was taken before the object was admitted, and not given back when "
        + "that failed",
      cure:
        "repeat the release until it is done, and sweep for what that misses"),
    Incident(
      source: "metallb/metallb#1774", bugClass: .doubleAllocation, signs: [.crash, .forgotten],
      story:
        "after a restart a waiting service was served before the assigned ones were "
        + "known, and got an address of theirs",
      cure:
        "hand nothing out before everything that objects record has been entered in "
        + "the books"),
    Incident(
      source: "kubernetes/kubernetes#29058", bugClass: .doubleAllocation,
      signs: [.crash, .noGrant],
      kinds: ["Node"],
      story:
        "ranges were handed out before those of the nodes that were there had been "
        + "occupied",
      cure:
        "wait for the first full list, occupy, and only then allocate"),
    Incident(
      source: "cilium/cilium#42920", bugClass: .doubleAllocation,
      signs: [.severalProcesses, .noGrant],
      without: [.timeTravel],
      story:
        "two operators were active at once and handed out the same ranges",
      cure:
        "let the allocator refuse whoever led before (fencing by the lease's "
        + "transitions), or keep its books where all see them"),
    Incident(
      source: "kubernetes/kubernetes#85894", bugClass: .doubleAllocation,
      signs: [.severalProcesses, .noGrant],
      kinds: ["Service"],
      story:
        "one server's copy of the books lagged: free values were refused, stale "
        + "ones offered",
      cure:
        "allocate by a conditional write to the one copy that counts"),
    Incident(
      source: "kubernetes/kubernetes#59848", bugClass: .doubleAllocation,
      signs: [.timeTravel, .severalProcesses],
      story:
        "a process was connected to a server that was behind, saw the past, and "
        + "acted on an object that had gone",
      cure:
        "list from the latest revision after a reconnection, and confirm with a "
        + "live read before starting anything"),
    Incident(
      source: "kubernetes/kubernetes#141471", bugClass: .doubleAllocation, signs: [.forceDeletion],
      story:
        "an object was deleted by force, and what it had used handed on before the "
        + "node had let go of it",
      cure:
        "hand on only when whoever uses it has said that it has stopped"),
    Incident(
      source: "kubernetes/kubernetes#64466", bugClass: .prematureRelease, signs: [.blind],
      story:
        "a duplicate was repaired by a release that did not look whose the address "
        + "was",
      cure:
        "release by owner and generation, never by name alone"),
    Incident(
      source: "k8snetworkplumbingwg/whereabouts#207", bugClass: .prematureRelease,
      signs: [.sweeper, .noFault],
      story:
        "a sweeper listed owners first and reservations second, and took a new one "
        + "for an orphan",
      cure:
        "list the ledger first and the owners second"),
    Incident(
      source: "projectcalico/calico#5044", bugClass: .prematureRelease,
      signs: [.sweeper, .slowWatch],
      story:
        "a sweeper released addresses of live workloads by an old view of them",
      cure:
        "confirm with a live read that the owner is gone, and wait out a grace "
        + "period"),
    Incident(
      source: "kubernetes/kubernetes#127792", bugClass: .prematureRelease,
      signs: [.ownerTerminating, .noFault], kinds: ["Node"],
      story:
        "a range was freed when its node was marked for deletion, while finalizers "
        + "kept the node",
      cure:
        "release when the owner is gone or says that it has stopped, not when it is "
        + "asked to go"),
    Incident(
      source: "kubernetes/kubernetes#76703", bugClass: .prematureRelease,
      signs: [.ownerTerminating, .staleRead],
      kinds: ["PersistentVolumeClaim"],
      story:
        "a claim in use was let go by a cache that had not seen its user",
      cure:
        "confirm with a live list before what cannot be undone"),
    Incident(
      source: "kubernetes-sigs/cluster-api#1643", bugClass: .stuck,
      signs: [.strandedDependent, .keepsFailing],
      story:
        "the parent's finalizer went first, and the children needed the parent to "
        + "clean up",
      cure:
        "keep the parent's finalizer until no child is left"),
    Incident(
      source: "kubernetes/kubernetes#108645", bugClass: .stuck,
      signs: [.strandedDependent, .noFault],
      oracles: [.stuckDeletion],
      story:
        "an owner was deleted before its dependent had been counted, and nobody was "
        + "woken for it",
      cure:
        "queue the dependents when the owner goes, and handle the dependent without "
        + "an owner"),
    Incident(
      source: "kubernetes/kubernetes#80475", bugClass: .wrongDeletion, signs: [.recreation],
      oracles: [.wrongIncarnation],
      story:
        "an object was deleted and made again under one name, and taken for the "
        + "same",
      cure:
        "compare identities, not names, and put the identity into the delete's "
        + "preconditions"),
    Incident(
      source: "kubernetes/kubernetes#129795", bugClass: .other, signs: [.slowWatch, .madeAgain],
      oracles: [.property],
      story:
        "a watch was slower than the controller's patience, and what had been made "
        + "was made again",
      cure:
        "look on the server for what was waited for in vain, before making it once "
        + "more"),
    Incident(
      source: "kubernetes/kubernetes#135333", bugClass: .other, signs: [.createsFailed],
      oracles: [.property],
      story:
        "every error was read as \"taken\", and the whole range scanned again and "
        + "again",
      cure:
        "tell errors apart: try another item only where this one is taken"),
  ]
}
