public import APIMachinery
public import Allocation
import ValueTree

/// `kind: Pool`: what can be handed out, by which allocator, and where its books are kept.
public struct Pool: Resource {
  public static let type = ResourceRegistry.builtIn("drydock.dev/v1alpha1", "Pool")
  public var object: APIObject
  public init(_ object: APIObject) { self.object = object }

  /// Where a pool's books are kept.
  public enum Backing: String, Sendable, Hashable, CaseIterable {
    /// Outside the controllers: the books outlive them.
    case ledger
    /// In the controller's process: a crash empties the books, and records fill them again.
    case memory
  }

  private static let spec = FieldPath(Fields.spec)
  /// The fields of every pool; its allocator may add others.
  private static let fields: [Key] = ["type", "backing"]

  /// Where the books are kept.
  public func backing() throws(FieldError) -> Backing {
    let path = Self.spec.appending("backing")
    guard let value = self[path] else { return .ledger }
    guard let backing = value.string.flatMap(Backing.init(rawValue:)) else {
      throw .notSupported(path, value, Backing.allCases.map(\.rawValue))
    }
    return backing
  }

  /// The books of this pool, with nothing handed out.
  ///
  /// - Throws: `FieldError` with the path from the object's root.
  public func book(_ allocators: AllocatorRegistry) throws(FieldError) -> PoolBook {
    guard let spec = self[Self.spec], spec.isMap else { throw .required(Self.spec) }
    let typePath = Self.spec.appending("type")
    guard let type = spec["type"]?.string else {
      throw .required(typePath, "one of " + allocators.names.joined(separator: ", "))
    }
    if let own = allocators.fields(of: type) {
      let known = Self.fields + own
      for (key, _) in spec.members where !known.contains(key) {
        throw .unknownField(Self.spec.appending(key), known: known.map(\.text))
      }
    }
    let allocator: (any Allocator)?
    do { allocator = try allocators.make(type, spec: spec) } catch {
      throw FieldError(
        error.kind, FieldPath(Self.spec.steps + error.path.steps), error.message,
        candidates: error.candidates)
    }
    guard let allocator else {
      throw .notSupported(typePath, Value(type), allocators.names)
    }
    return PoolBook(name: name, allocator: allocator)
  }
}
