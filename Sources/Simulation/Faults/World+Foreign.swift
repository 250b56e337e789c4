import APIMachinery
import APIServer
import APIStore
import Allocation
import ControllerRuntime
import Scalars
import ValueTree

/// What people and other programs do behind the controllers' backs.
extension World {
  static let foreigner = "operator"

  mutating func actAsForeigner(_ fault: WorldFault) {
    guard let type = fault.type, let key = fault.key, let object = server.store.object(type, key)
    else { return }
    let what = "\(type.definition.singular) \(key)"
    switch fault.kind {
    case .edit:
      let patch: Value = [
        "metadata": ["annotations": ["drydock.dev/edited": Value("\(step)")]]
      ]
      foreign(.mergePatch(type, key, patch), "edits \(what)")
    case .delete: foreign(.delete(type, key), "deletes \(what)")
    case .recreate: recreate(object, by: Self.foreigner)
    case .editStatus:
      emptyStatus(of: object)
      noteOverride("somebody emptied the status of \(what)")
    case .stripFinalizers:
      foreign(.mergePatch(type, key, Self.withoutFinalizers), "takes the finalizers off \(what)")
      noteOverride("somebody took the finalizers off \(what)")
    case .forceDelete:
      forceDelete(object, by: Self.foreigner)
      noteOverride("somebody deleted \(what) by force")
    case .corrupt:
      guard let part = fault.number.flatMap(Corruption.init) else { return }
      foreign(
        .mergePatch(type, key, part.patch(of: object)), "damages \(part.name) of \(what)")
    default: break
    }
  }

  private static let withoutFinalizers: Value = ["metadata": ["finalizers": .null]]

  @discardableResult
  private mutating func foreign(
    _ request: APIRequest, by actor: String = World.foreigner, _ account: @autoclosure () -> String
  ) -> Bool {
    let result = send(request, by: actor)
    mixTrace(Reply.api(result).stableHash)
    guard timeline != nil else { return (try? result.get()) != nil }
    switch result {
    case .success: tell(.world, "\(actor) \(account())", isFault: actor != "user")
    case .failure(let error):
      tell(.world, "\(actor) \(account()): \(error)", isFault: actor != "user")
    }
    return (try? result.get()) != nil
  }

  private mutating func emptyStatus(of object: APIObject) {
    let patch: Value = ["status": .null]
    if !foreign(
      .mergePatch(object.type, object.key, patch, subresource: .status),
      "empties the status of \(object.type.definition.singular) \(object.key)")
    {
      foreign(
        .mergePatch(object.type, object.key, patch),
        "empties the status of \(object.type.definition.singular) \(object.key)")
    }
  }

  /// Deletes an object without its finalizers and its grace.
  mutating func forceDelete(_ object: APIObject, by actor: String) {
    let what = "\(object.type.definition.singular) \(object.key)"
    if object.hasFinalizers {
      foreign(
        .mergePatch(object.type, object.key, Self.withoutFinalizers), by: actor,
        "takes the finalizers off \(what)")
    }
    guard server.store.object(object.type, object.key) != nil else { return }
    foreign(
      .delete(object.type, object.key, DeleteOptions(gracePeriodSeconds: 0)), by: actor,
      "deletes \(what) by force")
  }

  /// Takes some or all finalizers off an object.
  mutating func stripFinalizers(
    of type: ResourceType, _ key: ObjectKey, _ names: [String], by actor: String
  ) {
    let what = "\(type.definition.singular) \(key)"
    guard let object = server.store.object(type, key) else { return }
    let left = names.isEmpty ? [] : object.finalizers.filter { !names.contains($0) }
    let patch: Value = [
      "metadata": ["finalizers": left.isEmpty ? .null : Value(left.map { Value($0) })]
    ]
    foreign(.mergePatch(type, key, patch), by: actor, "takes finalizers off \(what)")
  }

  /// How long somebody waits for an object to go whose name is to be used again.
  static let patience = GoDuration.minutes(10)

  /// Deletes an object, and makes one like it once it is gone.
  mutating func recreate(_ object: APIObject, by actor: String) {
    let what = "\(object.type.definition.singular) \(object.key)"
    let header = ObjectHeader(namespace: object.namespace, name: object.name)
    let body = object.body.removing("status").removing(Fields.finalizersPath)
    let fresh = APIObject(type: object.type, header: header, body: body)
    if !object.isDeleting {
      foreign(.delete(object.type, object.key), by: actor, "deletes \(what), to make it anew")
    }
    guard server.store.object(object.type, object.key) != nil else {
      foreign(.create(fresh), by: actor, "makes \(what) anew")
      return
    }
    let late = Impairments.LateEffect(
      effect: .api(.create(fresh)), actor: actor, process: nil, request: nil, token: nil,
      due: now + Self.patience, waitsForRemoval: true)
    impairments.send(late)
  }

  // MARK: Pools

  mutating func meddle(_ fault: WorldFault) {
    guard let item = fault.item else { return }
    if fault.kind == .steal {
      take(item: item.name, of: item.pool, by: Self.foreigner)
    } else {
      release(item: item.name, of: item.pool, by: Self.foreigner)
    }
  }

  /// Gives an item back behind its holder's back; what comes of it is judged once the world is at rest.
  mutating func release(item: String, of pool: String, by actor: String) {
    guard let index = books.index(ofPool: pool), let grant = books[index].grant(ofItem: item) else {
      tell(.world, "\(actor) finds that \(item) of pool \(pool) is nobody's")
      return
    }
    try? books[index].freeRaw(item: item)
    ledger.noteClosed(grant, .freedBlindly, by: actor, at: now)
    lastProgress = now
    tell(.world, "\(actor) gives \(item) of pool \(pool) back behind its holder", isFault: true)
    noteOverride("somebody gave \(item) of pool \(pool) back behind its holder")
  }

  /// Takes a free item for something that no controller knows.
  mutating func take(item: String, of pool: String, by actor: String) {
    guard let index = books.index(ofPool: pool), books[index].grant(ofItem: item) == nil else {
      tell(.world, "\(actor) finds \(item) of pool \(pool) taken")
      return
    }
    let owner = UID(high: 0, low: UInt64(step))
    let record = AllocationRecord(
      pool: pool, item: item, generation: nil, owner: owner, holder: actor)
    guard (try? books[index].adopt(record)) == true else { return }
    lastProgress = now
    tell(.world, "\(actor) takes \(item) of pool \(pool) for something else", isFault: true)
    noteOverride("somebody took \(item) of pool \(pool) for something else")
  }

  // MARK: Overrides

  /// Notes that a person has broken the contract, for whatever is found afterwards.
  mutating func noteOverride(_ text: String) { overrides.append(text) }

  /// Names the person's deed in what is found after it.
  mutating func explainViolations() {
    guard !overrides.isEmpty else { return }
    let remark = " (after an operator override: \(overrides.joined(separator: "; ")))"
    for index in violations.indices where !violations[index].sentence.hasSuffix(remark) {
      violations[index] = violations[index].adding(remark)
    }
  }
}

/// Which field of an object is damaged.
enum Corruption: Int, CaseIterable {
  case owner = 1
  case labels = 2
  case finalizer = 3

  var name: String {
    switch self {
    case .owner: "the owner's UID"
    case .labels: "the labels"
    case .finalizer: "a finalizer's name"
    }
  }

  /// What can be damaged.
  static func parts(of object: APIObject) -> [Corruption] {
    var parts: [Corruption] = []
    if !object.ownerReferences.isEmpty { parts.append(.owner) }
    if !object.labels.isEmpty { parts.append(.labels) }
    if object.hasFinalizers { parts.append(.finalizer) }
    return parts
  }

  /// The patch that damages it.
  func patch(of object: APIObject) -> Value {
    switch self {
    case .owner:
      let references = object.body[Fields.ownerReferencesPath]?.elements.map { reference in
        reference.setting(Fields.uid, to: "00000000-0000-0000-0000-000000000bad")
      }
      return ["metadata": ["ownerReferences": Value(references ?? [])]]
    case .labels: return ["metadata": ["labels": .null]]
    case .finalizer:
      let damaged = object.finalizers.map { Value($0 + "x") }
      return ["metadata": ["finalizers": Value(damaged)]]
    }
  }
}

extension Violation {
  /// The same finding, with a remark behind its sentence.
  func adding(_ remark: String) -> Violation {
    Violation(
      oracle: oracle, sentence: sentence + remark, step: step, time: time, pool: item?.pool ?? "",
      item: item?.name)
  }
}
