import APIMachinery
import APIServer
import APIStore
import Allocation
import ControllerRuntime
import PersistentCollections
import Scalars
import ValueTree

/// Which faults of a kind can happen now.
extension World {
  /// Adds the faults of a kind that can happen now, in a stable order; none for a kind that hits effects.
  ///
  /// - Complexity: O(what the kind can hit); nobody asks unless a fault is due.
  public func faultDecisions(_ kind: FaultKind, into decisions: inout [Decision]) {
    guard outcome == nil else { return }
    if kind == .kill {
      for process in processes.indices where processes[process].isRunning {
        decisions.append(.crash(process: process))
      }
      return
    }
    for fault in faults(kind) { decisions.append(.inject(fault)) }
  }

  /// Whether this fault can happen now.
  func canInject(_ fault: WorldFault) -> Bool { faults(fault.kind).contains(fault) }

  private func faults(_ kind: FaultKind) -> [WorldFault] {
    switch kind {
    case .pause, .clockJump, .partition, .partitionReplies, .partitionAllocator, .upgrade, .starve,
      .spurious:
      return processes.indices.filter { processes[$0].isRunning }.flatMap { faults(kind, of: $0) }
    case .watchBreak, .watchDelay, .relist, .coalesce, .timeTravel, .shuffle:
      return processes.indices.filter { processes[$0].isRunning }.flatMap { process in
        processes[process].informers.indices.flatMap { faults(kind, of: process, $0) }
      }
    case .compaction:
      return server.store.revision > server.store.compactedRevision ? [WorldFault(kind)] : []
    case .noSpace:
      guard !impairments.has(kind) else { return [] }
      return plan.faults.durations(of: kind).map { WorldFault(kind, duration: $0) }
    case .storeRestore: return snapshots.indices.map { WorldFault(kind, number: $0 + 1) }
    case .edit, .delete, .recreate, .editStatus, .stripFinalizers, .forceDelete, .corrupt:
      return foreignFaults(kind)
    case .releaseBehind, .steal: return books.flatMap { faults(kind, in: $0) }
    default: return []
    }
  }

  // MARK: Processes

  private func faults(_ kind: FaultKind, of process: Int) -> [WorldFault] {
    let isHit = impairments.lasting.contains { $0.kind == kind && $0.process == process }
    switch kind {
    case .upgrade:
      return processes[process].plan.otherVersion.isEmpty
        ? [] : [WorldFault(kind, process: process)]
    case .clockJump:
      return plan.faults.durations(of: kind).map {
        WorldFault(kind, process: process, duration: $0)
      }
    case .partitionAllocator where books.isEmpty: return []
    case .starve:
      return processes[process].controllers.indices.flatMap { controller in
        impairments.holdsController(controller, process)
          ? []
          : plan.faults.durations(of: kind).map {
            WorldFault(kind, process: process, controller: controller, duration: $0)
          }
      }
    case .spurious:
      return processes[process].controllers.indices.flatMap { controller in
        knownKeys(process, controller).map {
          WorldFault(kind, process: process, controller: controller, key: $0)
        }
      }
    default:
      if isHit { return [] }
      return plan.faults.durations(of: kind).map {
        WorldFault(kind, process: process, duration: $0)
      }
    }
  }

  /// Keys that a controller has met or may meet: those of its own kind in its cache, and those whose object is gone.
  private func knownKeys(_ process: Int, _ controller: Int) -> [ObjectKey] {
    guard let type = processes[process].controllers[controller].controller.type else { return [] }
    var keys: [ObjectKey] = []
    for informer in processes[process].informers where informer.type.index == type.index {
      keys = informer.cache.objects.prefix(Self.targetsMax).map(\.key)
    }
    for event in server.store.events(type, after: 0)
    where event.kind == .deleted && keys.count < 2 * Self.targetsMax {
      if !keys.contains(event.object.key) { keys.append(event.object.key) }
    }
    return keys
  }

  // MARK: Informers

  private func faults(_ kind: FaultKind, of process: Int, _ index: Int) -> [WorldFault] {
    let type = processes[process].informers[index].type
    let cache = processes[process].informers[index].cache
    if impairments.holdsInformer(of: type, process) { return [] }
    switch kind {
    case .shuffle:
      guard !cache.isSynced, server.store.count(type) > 1 else { return [] }
      return (1...Self.orders).map {
        WorldFault(kind, process: process, type: type, number: $0)
      }
    case .timeTravel:
      guard plan.replicas > 1 else { return [] }
      return pastRevisions(type, before: cache.isSynced ? cache.revision : server.store.revision)
        .map { WorldFault(kind, process: process, type: type, number: $0.back) }
    case .coalesce:
      guard cache.isSynced, server.store.lastRevision(type) > cache.revision,
        !server.store.hasForgotten(type, after: cache.revision),
        server.store.events(type, after: cache.revision).count > 1
      else { return [] }
      return [WorldFault(kind, process: process, type: type)]
    default:
      guard cache.isSynced else { return [] }
      return plan.faults.durations(of: kind).map {
        WorldFault(kind, process: process, type: type, duration: $0)
      }
    }
  }

  /// How many orders of a first list there are besides the usual one.
  static let orders = 4

  /// Earlier revisions of a kind at which a replica can be, by how many writes it is behind.
  func pastRevisions(
    _ type: ResourceType, before revision: UInt64
  ) -> [(back: Int, revision: UInt64)] {
    let known = server.store.events(type, after: server.store.compactedRevision(type))
      .filter { $0.revision <= revision }
    return [1, 2, 4, 8].compactMap { back in
      guard known.count >= back else { return nil }
      let past = known[known.count - back].revision - 1
      return past >= server.store.compactedRevision(type) ? (back, past) : nil
    }
  }

  // MARK: What others can reach

  /// How many objects of a kind others look at.
  static let targetsMax = 8

  /// The kinds that controllers watch and people change.
  private var foreignKinds: [ResourceType] {
    var types: [ResourceType] = []
    for process in plan.processes {
      for controller in process.controllers {
        for watch in controller.watches
        where !types.contains(where: { $0.index == watch.type.index }) {
          if !["Pool", "Lease", "Namespace", "CustomResourceDefinition"].contains(watch.type.kind) {
            types.append(watch.type)
          }
        }
      }
    }
    return types
  }

  private func foreignFaults(_ kind: FaultKind) -> [WorldFault] {
    var faults: [WorldFault] = []
    for type in foreignKinds {
      for (key, object) in server.store.objects(type).prefix(Self.targetsMax) {
        switch kind {
        case .delete, .recreate: if object.isDeleting { continue }
        case .stripFinalizers, .forceDelete: if !object.hasFinalizers { continue }
        case .editStatus:
          guard let status = object.body["status"], !status.isEmptyCollection else { continue }
        case .corrupt:
          for part in Corruption.parts(of: object) {
            faults.append(WorldFault(kind, type: type, key: key, number: part.rawValue))
          }
          continue
        default: break
        }
        faults.append(WorldFault(kind, type: type, key: key))
      }
    }
    return faults
  }

  private func faults(_ kind: FaultKind, in book: PoolBook) -> [WorldFault] {
    let names =
      kind == .steal
      ? book.items(freeMax: 1).map { book.allocator.name(of: $0) }.filter {
        book.grant(ofItem: $0) == nil
      }
      : book.allGrants.prefix(Self.targetsMax).map(\.item)
    return names.map {
      WorldFault(kind, item: WorldFault.Item(pool: book.name, name: $0))
    }
  }
}
