import APIAllocation
import APIMachinery
import ControllerRuntime

/// An object that held, or may have held, something.
struct SeenOwner: Hashable, Sendable {
  var key: ObjectKey
  var uid: UID
  var pool: String
}

/// Which object was seen by a name, so that its grants are found when it is gone.
///
/// Controllers of one process share its memory, and names repeat among kinds: each kind has its own list.
enum LastSeen<Claim: PoolClaim>: ProcessMemoryKey {
  static var name: String { String(joining: "last-seen/", Claim.type.kind) }
  static var initial: [SeenOwner] { [] }
}

/// The pools whose books this process has filled from records.
enum RebuiltPools<Claim: PoolClaim>: ProcessMemoryKey {
  static var name: String { String(joining: "rebuilt-pools/", Claim.type.kind) }
  static var initial: [String] { [] }
}
