public import APIMachinery
import ControllerRuntime
public import Scalars

/// A fault that hits no effect but a process, an informer, the server, or what others can reach.
public struct WorldFault: Sendable, Hashable {
  /// What kind of fault it is; never one that hits an effect.
  public let kind: FaultKind
  /// The process that is hit.
  public var process: Int?
  /// The controller of that process that is hit.
  public var controller: Int?
  /// The kind of the informer or object that is hit.
  public var type: ResourceType?
  /// The object, or the key.
  public var key: ObjectKey?
  /// How long it lasts, or how far a clock jumps.
  public var duration: GoDuration?
  /// How far back, in which order, or which part.
  public var number: Int?
  /// The pool and its item.
  public var item: Item?

  /// An item of a pool.
  public struct Item: Sendable, Hashable {
    /// The pool.
    public let pool: String
    /// The item's name.
    public let name: String
  }

  init(
    _ kind: FaultKind, process: Int? = nil, controller: Int? = nil, type: ResourceType? = nil,
    key: ObjectKey? = nil, duration: GoDuration? = nil, number: Int? = nil, item: Item? = nil
  ) {
    self.kind = kind
    self.process = process
    self.controller = controller
    self.type = type
    self.key = key
    self.duration = duration
    self.number = number
    self.item = item
  }

  /// A stable hash of everything that the fault says.
  var stableHash: UInt64 {
    var hash = StableHash()
    hash.combine(kind.rawValue)
    hash.combine(process ?? -1)
    hash.combine(controller ?? -1)
    hash.combine(type?.stableHash ?? 0)
    hash.combine(key?.path ?? "")
    hash.combine(UInt64(bitPattern: duration?.nanoseconds ?? 0))
    hash.combine(number ?? -1)
    hash.combine(item?.pool ?? "")
    hash.combine(item?.name ?? "")
    return hash.value
  }
}

extension World {
  /// The symbolic name of a fault: whom it hits, what it is, and how.
  func name(of fault: WorldFault) -> String {
    var words: [String] = []
    switch fault.kind {
    case .compaction, .noSpace, .storeRestore: words = ["server"]
    case .releaseBehind, .steal, .edit, .delete, .recreate, .editStatus, .stripFinalizers,
      .forceDelete, .corrupt:
      words = ["operator"]
    default: words = [fault.process.map { processes[$0].plan.name } ?? "world"]
    }
    words.append("!\(fault.kind.rawValue)")
    if let process = fault.process, let controller = fault.controller {
      words.append(processes[process].plan.controllers[controller].name)
    }
    if let type = fault.type { words.append(type.qualifiedPlural) }
    if let key = fault.key { words.append(key.path) }
    if let item = fault.item { words.append("\(item.pool) \(item.name)") }
    if let number = fault.number { words.append("\(number)") }
    if let duration = fault.duration { words.append("\(duration)") }
    return words.joined(separator: " ")
  }

  /// The faults of these names' kind that can happen now, as decisions; none for a name of no fault.
  ///
  /// - Complexity: as `faultDecisions` of that kind.
  public func faultDecision(named name: String) -> Decision? {
    guard let kind = FaultKind(inName: name) else { return nil }
    var decisions: [Decision] = []
    faultDecisions(kind, into: &decisions)
    return decisions.first { self.name(of: $0) == name }
  }
}

extension FaultKind {
  /// The kind that stands in the name of a decision; nil where that names no fault of the world.
  fileprivate init?(inName name: String) {
    let words = name.split(separator: " ")
    guard words.count > 1, words[1].hasPrefix("!") else { return nil }
    self.init(rawValue: String(words[1].dropFirst()))
  }
}
