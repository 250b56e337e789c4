public import Scalars
import Synchronization
public import ValueTree

/// What the server says of an object: identity, revision and times.
///
/// None of it is part of the object's content; clients cannot write it (only name and namespace at create).
public struct ObjectHeader: Sendable, Hashable {
  /// Namespace and name.
  public var key: ObjectKey
  /// The namespace, empty for cluster-scoped objects.
  public var namespace: String {
    get { key.namespace }
    set { key = ObjectKey(namespace: newValue, name: key.name) }
  }
  /// The name, empty while only `generateName` is known.
  public var name: String {
    get { key.name }
    set { key = ObjectKey(namespace: key.namespace, name: newValue) }
  }
  /// The identity; nil before the server has given one.
  public var uid: UID?
  /// The revision of the write that made this state; 0 before the first.
  public var resourceVersion: UInt64
  /// The number of the spec's states, from 1; 0 where the kind does not count.
  public var generation: Int64
  /// When the object was made.
  public var creationTimestamp: Timestamp?
  /// When the object's deletion was asked for, or is due where there is a grace period.
  public var deletionTimestamp: Timestamp?
  /// The grace that is left; 0 means that only finalizers keep the object.
  public var deletionGracePeriodSeconds: Int64?

  /// A header.
  public init(
    namespace: String = "", name: String = "", uid: UID? = nil, resourceVersion: UInt64 = 0,
    generation: Int64 = 0, creationTimestamp: Timestamp? = nil,
    deletionTimestamp: Timestamp? = nil, deletionGracePeriodSeconds: Int64? = nil
  ) {
    key = ObjectKey(namespace: namespace, name: name)
    self.uid = uid
    self.resourceVersion = resourceVersion
    self.generation = generation
    self.creationTimestamp = creationTimestamp
    self.deletionTimestamp = deletionTimestamp
    self.deletionGracePeriodSeconds = deletionGracePeriodSeconds
  }
}

/// An object of the API: its kind, a header, and its content as a value.
///
/// Immutable; a changed object is another one. `body` holds everything but `apiVersion`, `kind` and what the
/// header says: labels, annotations, finalizers and owner references under `metadata`, and spec, status or
/// whatever else the kind has.
public final class APIObject: Sendable {
  /// The kind.
  public let type: ResourceType
  /// What the server says of the object.
  public let header: ObjectHeader
  /// The content.
  public let body: Value
  /// The content hash, once somebody has asked for it; 0 before.
  ///
  /// Most objects are a step on the way to another one, and are never hashed.
  private let knownHash: Atomic<UInt64>
  /// The content hash of the body alone, likewise: a write that changes the header only need not hash it again.
  private let knownBodyHash: Atomic<UInt64>

  /// An object of these parts.
  public convenience init(type: ResourceType, header: ObjectHeader, body: Value) {
    self.init(type: type, header: header, body: body, knownHash: 0, knownBodyHash: 0)
  }

  /// An object of these parts, the body of which may be the very one of another object.
  public convenience init(
    type: ResourceType, header: ObjectHeader, body: Value, perhapsOf other: APIObject
  ) {
    let known =
      body.isIdentical(to: other.body) ? other.knownBodyHash.load(ordering: .relaxed) : 0
    self.init(type: type, header: header, body: body, knownHash: 0, knownBodyHash: known)
  }

  private init(
    type: ResourceType, header: ObjectHeader, body: Value, knownHash: UInt64,
    knownBodyHash: UInt64
  ) {
    self.type = type
    self.header = header
    self.body = body
    self.knownHash = Atomic(knownHash)
    self.knownBodyHash = Atomic(knownBodyHash)
  }

  /// A stable hash of kind, key, identity, generation, deletion and content; no revision and no time is part of it.
  ///
  /// - Complexity: O(size) for the first who asks.
  public var contentHash: UInt64 {
    let known = knownHash.load(ordering: .relaxed)
    if known != 0 { return known }
    let hash = computedHash
    // Two threads that meet here store the same number.
    knownHash.store(hash, ordering: .relaxed)
    return hash
  }

  private var computedHash: UInt64 {
    var hash = StableHash(seed: type.stableHash)
    hash.combine(header.namespace)
    hash.combine(header.name)
    if let uid = header.uid {
      hash.combine(uid.high)
      hash.combine(uid.low)
    }
    hash.combine(UInt64(bitPattern: header.generation))
    hash.combine(header.deletionTimestamp == nil ? 0 : 1)
    hash.combine(UInt64(bitPattern: header.deletionGracePeriodSeconds ?? -1))
    hash.combine(bodyHash)
    return hash.value
  }

  private var bodyHash: UInt64 {
    let known = knownBodyHash.load(ordering: .relaxed)
    if known != 0 { return known }
    let hash = body.contentHash
    knownBodyHash.store(hash, ordering: .relaxed)
    return hash
  }

  /// Namespace and name.
  public var key: ObjectKey { header.key }

  /// The name.
  public var name: String { header.name }

  /// The namespace, empty for cluster-scoped objects.
  public var namespace: String { header.namespace }

  /// The identity; a zero one before the server has given one.
  public var uid: UID { header.uid ?? UID(high: 0, low: 0) }

  /// The revision of the write that made this state.
  public var resourceVersion: UInt64 { header.resourceVersion }

  /// The object as the holder of something, for people: kind, namespace and name.
  public var holderName: String {
    namespace.isEmpty
      ? String(joining: type.kind, " ", name)
      : String(joining: type.kind, " ", namespace, "/", name)
  }

  /// Adds the holder's name to a hash, as `combine(holderName)` would, and makes no text for it.
  public func combineHolderName(into hash: inout StableHash) {
    let isScoped = !namespace.isEmpty
    hash.combine(joining: type.kind, " ", namespace, isScoped ? "/" : "", name)
  }

  /// Whether deletion has been asked for.
  public var isDeleting: Bool { header.deletionTimestamp != nil }

  /// The finalizers, in the order in which they stand.
  public var finalizers: [String] {
    body[Fields.finalizersPath]?.elements.compactMap(\.string) ?? []
  }

  /// Whether any finalizer is left; cheaper than asking for the list.
  public var hasFinalizers: Bool {
    body[Fields.finalizersPath].map { !$0.isEmptyCollection } ?? false
  }

  /// The labels.
  public var labels: [(key: String, value: String)] {
    body[Fields.labelsPath]?.members.compactMap { member in
      member.value.string.map { (member.key.text, $0) }
    } ?? []
  }

  /// The objects that own this one.
  public var ownerReferences: [OwnerReference] {
    body[Fields.ownerReferencesPath]?.elements.compactMap(OwnerReference.init) ?? []
  }

  /// The same object with another content.
  public func with(body: Value) -> APIObject {
    APIObject(type: type, header: header, body: body)
  }

  /// The same object as another write made it; its content need not be hashed again.
  public func with(resourceVersion: UInt64) -> APIObject {
    var header = header
    header.resourceVersion = resourceVersion
    return APIObject(
      type: type, header: header, body: body, knownHash: knownHash.load(ordering: .relaxed),
      knownBodyHash: knownBodyHash.load(ordering: .relaxed))
  }

  /// The same object with another header.
  public func with(header: ObjectHeader) -> APIObject {
    APIObject(type: type, header: header, body: body, perhapsOf: self)
  }
}

extension APIObject: Hashable {
  /// Whether kind, header and content are equal.
  public static func == (left: APIObject, right: APIObject) -> Bool {
    left === right
      || left.header == right.header && left.type == right.type && left.body == right.body
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(contentHash)
    hasher.combine(header.resourceVersion)
  }
}

extension APIObject: CustomStringConvertible {
  /// What a sentence calls the object: `devicebindings.drydock.dev default/a, version 7`.
  public var description: String { "\(type) \(key), version \(resourceVersion)" }
}
