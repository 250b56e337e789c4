public import ValueTree

/// An object with a Swift type of its own: a view that knows its fields.
///
/// Conform with a struct that keeps the object and adds properties for the fields of its kind.
public protocol Resource: Sendable, Hashable {
  /// The kind.
  static var type: ResourceType { get }
  /// The object behind the view.
  var object: APIObject { get set }
  /// A view of an object of this kind.
  init(_ object: APIObject)
}

// Inlinable, so that each kind has its own compiled form where it is used.
extension Resource {
  /// The name.
  @inlinable public var name: String { object.name }
  /// The namespace, empty for cluster-scoped kinds.
  @inlinable public var namespace: String { object.namespace }
  /// Namespace and name.
  @inlinable public var key: ObjectKey { object.key }
  /// The identity.
  @inlinable public var uid: UID { object.uid }
  /// The revision of the write that made this state.
  @inlinable public var resourceVersion: UInt64 { object.resourceVersion }
  /// Whether deletion has been asked for.
  @inlinable public var isDeleting: Bool { object.isDeleting }

  /// The part of the content at `path`; setting nil removes it.
  @inlinable public subscript(path: FieldPath) -> Value? {
    get { object.body[path] }
    set {
      // What is there already makes no new object.
      guard object.body[path] != newValue else { return }
      let body = newValue.map { object.body.setting(path, to: $0) ?? object.body }
      object = object.with(body: body ?? object.body.removing(path))
    }
  }

  /// Writes a text at `path`, or removes it; what is there already makes no new object.
  @inlinable public mutating func setText(_ text: String?, at path: FieldPath) {
    if let text, object.body[path]?.isText(text) == true { return }
    self[path] = text.map { Value($0) }
  }

  /// The finalizers; an empty list is no list.
  @inlinable public var finalizers: [String] {
    get { object.finalizers }
    set {
      self[Fields.finalizersPath] = newValue.isEmpty ? nil : Value(newValue.map { Value($0) })
    }
  }

  /// Whether `finalizer` stands.
  @inlinable public func hasFinalizer(_ finalizer: String) -> Bool {
    object.body[Fields.finalizersPath]?.containsText(finalizer) ?? false
  }

  /// Adds a finalizer where it is missing.
  ///
  /// - Returns: whether the object has changed and must be written.
  @inlinable public mutating func addFinalizer(_ finalizer: String) -> Bool {
    let list = object.body[Fields.finalizersPath]
    if let list, list.containsText(finalizer) { return false }
    let longer = list.map { $0.appending(Value(finalizer)) } ?? Value([Value(finalizer)])
    // Where there was no list, or a shorter one, there is another one now.
    object = object.with(
      body: object.body.setting(Fields.finalizersPath, to: longer) ?? object.body)
    return true
  }

  /// Takes a finalizer off and leaves all others.
  ///
  /// - Returns: whether the object has changed and must be written.
  @inlinable public mutating func removeFinalizer(_ finalizer: String) -> Bool {
    guard let list = object.body[Fields.finalizersPath], list.containsText(finalizer) else {
      return false
    }
    let rest = list.elements.filter { !$0.isText(finalizer) }
    self[Fields.finalizersPath] = rest.isEmpty ? nil : Value(rest)
    return true
  }
}

extension ResourceRegistry {
  /// A kind that Drydock ships.
  ///
  /// - Precondition: there is such a kind.
  public static func builtIn(_ apiVersion: String, _ kind: String) -> ResourceType {
    guard let type = builtIn.type(apiVersion: apiVersion, kind: kind) else {
      preconditionFailure("\(apiVersion) \(kind) is no built-in kind")
    }
    return type
  }
}

/// What a watch tells of an object.
public struct WatchEvent: Sendable, Hashable {
  /// What became of the object.
  public enum Kind: String, Sendable, Hashable {
    case added = "ADDED"
    case modified = "MODIFIED"
    case deleted = "DELETED"
  }

  /// What became of the object.
  public let kind: Kind
  /// The state after the write; for a removal the last one.
  public let object: APIObject

  /// An event.
  public init(_ kind: Kind, _ object: APIObject) {
    self.kind = kind
    self.object = object
  }
}
