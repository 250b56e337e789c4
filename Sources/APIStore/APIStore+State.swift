public import APIMachinery
import PersistentCollections

/// Counts that outlive the objects they are about, for no identity may come twice.
public struct NameCounter: Sendable, Hashable {
  /// What is counted.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// How many objects of the name are gone.
    case incarnations
    /// How many names have been generated from the base.
    case generatedNames
  }

  /// The kind of the objects.
  public let type: ResourceType
  /// What is counted.
  public let kind: Kind
  /// Namespace and name, or namespace and base.
  public let key: ObjectKey
  /// The count.
  public let count: UInt32

  /// A count.
  public init(_ kind: Kind, _ type: ResourceType, _ key: ObjectKey, count: UInt32) {
    self.kind = kind
    self.type = type
    self.key = key
    self.count = count
  }
}

extension APIStore {
  /// A store with these objects and no history: watchers have to list before they can watch.
  ///
  /// - Precondition: no object comes twice, and none is of a later revision.
  /// - Complexity: O(objects), where those of a kind come in the order of their keys.
  public init(
    restoring objects: [APIObject], counters: [NameCounter], revision: UInt64,
    historyLimit: Int = 100_000
  ) {
    self.init(historyLimit: historyLimit)
    self.revision = revision
    compactedRevision = revision
    var byType: ContiguousArray<ContiguousArray<APIObject>> = []
    for object in objects {
      while byType.count <= object.type.index { byType.append([]) }
      byType[object.type.index].append(object)
    }
    for var group in byType {
      guard let type = group.first?.type else { continue }
      if !zip(group, group.dropFirst()).allSatisfy({ $0.key < $1.key }) {
        group.sort { $0.key < $1.key }
      }
      makeRoom(for: type)
      tables[type.index][0].restore(group)
    }
    for counter in counters {
      makeRoom(for: counter.type)
      switch counter.kind {
      case .incarnations:
        tables[counter.type.index][0].incarnations.updateValue(
          counter.count, forKey: counter.key)
      case .generatedNames:
        tables[counter.type.index][0].generatedNames.updateValue(
          counter.count, forKey: counter.key)
      }
    }
  }

  /// The counts of a kind, in the order of their keys.
  public func counters(_ type: ResourceType) -> [NameCounter] {
    guard let table = table(type) else { return [] }
    return table.incarnations.map { NameCounter(.incarnations, type, $0.key, count: $0.value) }
      + table.generatedNames.map { NameCounter(.generatedNames, type, $0.key, count: $0.value) }
  }
}

extension ResourceTable {
  /// Takes over objects that come in the order of their keys.
  fileprivate mutating func restore(_ sorted: ContiguousArray<APIObject>) {
    objects = PersistentMap(sortedElements: sorted.lazy.map { ($0.key, $0) })
    lastRevision = sorted.map(\.resourceVersion).max() ?? 0
    compactedRevision = lastRevision
  }
}
