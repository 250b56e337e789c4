public import ValueTree

/// What a deletion must find for it to happen.
public struct Preconditions: Sendable, Hashable {
  /// The identity that the object must have.
  public var uid: UID?
  /// The revision that the object must have.
  public var resourceVersion: UInt64?

  /// Preconditions.
  public init(uid: UID? = nil, resourceVersion: UInt64? = nil) {
    self.uid = uid
    self.resourceVersion = resourceVersion
  }

  /// No precondition.
  public static let none = Preconditions()
}

/// What becomes of the objects that a deleted one owns.
public enum PropagationPolicy: String, Sendable, Hashable, CaseIterable {
  /// The owner goes at once, its dependents after it.
  case background = "Background"
  /// The owner waits for the dependents that block it.
  case foreground = "Foreground"
  /// The dependents stay and lose their reference.
  case orphan = "Orphan"
}

/// What a deletion asks for: Kubernetes' `DeleteOptions`.
public struct DeleteOptions: Sendable, Hashable {
  /// What the object must be.
  public var preconditions: Preconditions
  /// The grace that is left to the object; nil for the kind's own.
  public var gracePeriodSeconds: Int64?
  /// What becomes of dependents; nil for what the object's finalizers or its kind say.
  public var propagationPolicy: PropagationPolicy?
  /// The older form of the policy: true is `orphan`, false neither of the garbage collector's finalizers.
  public var orphanDependents: Bool?
  /// Whether everything is done but the write.
  public var isDryRun: Bool

  /// Options.
  public init(
    preconditions: Preconditions = .none, gracePeriodSeconds: Int64? = nil,
    propagationPolicy: PropagationPolicy? = nil, orphanDependents: Bool? = nil,
    isDryRun: Bool = false
  ) {
    self.preconditions = preconditions
    self.gracePeriodSeconds = gracePeriodSeconds
    self.propagationPolicy = propagationPolicy
    self.orphanDependents = orphanDependents
    self.isDryRun = isDryRun
  }

  /// The deletion of the object of this identity and revision, where they are given, and of no other.
  public init(uid: UID? = nil, resourceVersion: UInt64? = nil) {
    self.init(preconditions: Preconditions(uid: uid, resourceVersion: resourceVersion))
  }

  /// Nothing but the deletion.
  public static let none = DeleteOptions(preconditions: .none)

  func combine(into hash: inout StableHash) {
    hash.combine(preconditions.uid?.high ?? 0)
    hash.combine(preconditions.uid?.low ?? 0)
    hash.combine(preconditions.resourceVersion ?? 0)
    // Options that are seldom given count only where they are, so that the hash of a plain deletion is short.
    if let gracePeriodSeconds { hash.combine(UInt64(bitPattern: gracePeriodSeconds)) }
    if let propagationPolicy { hash.combine(propagationPolicy.rawValue) }
    if let orphanDependents { hash.combine(orphanDependents ? "orphan" : "collect") }
    if isDryRun { hash.combine("dryRun") }
  }
}

/// What holds for creates, updates and patches.
public struct WriteOptions: Sendable, Hashable {
  /// Whether everything is done but the write.
  public var isDryRun: Bool
  /// Who writes, as the client says it; empty for nothing said.
  public var fieldManager: String

  /// Options.
  public init(isDryRun: Bool = false, fieldManager: String = "") {
    self.isDryRun = isDryRun
    self.fieldManager = fieldManager
  }

  /// Nothing but the write.
  public static let none = WriteOptions()

  func combine(into hash: inout StableHash) {
    if isDryRun { hash.combine("dryRun") }
    if !fieldManager.isEmpty { hash.combine(fieldManager) }
  }
}

/// What a read of one object asks for: Kubernetes' `GetOptions`.
public struct GetOptions: Sendable, Hashable {
  /// The part of the object that is read; nil for all of it.
  public var subresource: Subresource?
  /// The resource version as the client gave it: the object must not be older; empty for the most recent state.
  public var resourceVersion: String

  /// Options.
  public init(subresource: Subresource? = nil, resourceVersion: String = "") {
    self.subresource = subresource
    self.resourceVersion = resourceVersion
  }

  /// The whole object.
  public static let none = GetOptions()
}

/// Which objects of a kind are meant, and as of when: Kubernetes' `ListOptions`.
public struct ListOptions: Sendable, Hashable {
  /// The namespace; nil for all.
  public var namespace: String?
  /// By labels.
  public var labels: LabelSelector
  /// By fields.
  public var fields: FieldSelector
  /// The most objects of a page; 0 for all.
  public var limit: Int
  /// Where the page begins, as the page before it said; empty for the first.
  public var continueToken: String
  /// The resource version as the client gave it; empty for the most recent state (semantics 2.5).
  public var resourceVersion: String
  /// How the resource version is meant, as the client said it; empty for nothing said.
  public var resourceVersionMatch: String

  /// Options.
  public init(
    namespace: String? = nil, labels: LabelSelector = LabelSelector(),
    fields: FieldSelector = FieldSelector(), limit: Int = 0, continueToken: String = "",
    resourceVersion: String = "", resourceVersionMatch: String = ""
  ) {
    self.namespace = namespace
    self.labels = labels
    self.fields = fields
    self.limit = limit
    self.continueToken = continueToken
    self.resourceVersion = resourceVersion
    self.resourceVersionMatch = resourceVersionMatch
  }

  /// Whether selectors choose among the objects.
  public var hasSelector: Bool { !labels.requirements.isEmpty || !fields.requirements.isEmpty }

  func combine(into hash: inout StableHash) {
    hash.combine(namespace ?? "*")
    if !labels.requirements.isEmpty { hash.combine("\(labels)") }
    if !fields.requirements.isEmpty { hash.combine("\(fields)") }
    if limit != 0 { hash.combine(UInt64(limit)) }
    for text in [continueToken, resourceVersion, resourceVersionMatch] where !text.isEmpty {
      hash.combine(text)
    }
  }
}

/// A change to an object, in one of the forms that a server takes.
public enum Patch: Sendable, Hashable {
  /// A JSON merge patch (RFC 7386).
  case merge(Value)
  /// A JSON patch (RFC 6902): a list of operations.
  case json(Value)
  /// A strategic merge patch, of built-in kinds.
  case strategic(Value)

  /// A JSON patch of these operations.
  public static func json(_ patch: JSONPatch) -> Patch { .json(patch.value) }

  /// A stable hash of what the patch says.
  public var stableHash: UInt64 {
    switch self {
    case .merge(let value): return value.contentHash
    case .json(let value):
      var hash = StableHash(seed: value.contentHash)
      hash.combine("json")
      return hash.value
    case .strategic(let value):
      var hash = StableHash(seed: value.contentHash)
      hash.combine("strategic")
      return hash.value
    }
  }
}
