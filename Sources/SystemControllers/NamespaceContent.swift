import APIMachinery
import Scalars
import ValueTree

/// What a try at emptying a namespace has found, and how that reads in the namespace's conditions (semantics 1.8).
struct NamespaceContent {
  /// Why the kinds are not known.
  private(set) var discoveryFailure: StatusError?
  /// Why some objects could not be deleted.
  private(set) var failures: [StatusError] = []
  private var remaining: [(resource: String, count: Int)] = []
  private var finalizers: [(name: String, count: Int)] = []
  /// How long what is left needs, by its own account.
  private(set) var estimateSeconds: Int64 = 0

  /// Objects that only finalizers hold are looked at again after this time.
  private static let finalizerSeconds: Int64 = 15

  /// Whether nothing is left and nothing went wrong.
  var isEmpty: Bool { remaining.isEmpty && error == nil }

  /// What went wrong first.
  var error: StatusError? { discoveryFailure ?? failures.first }

  mutating func noteDiscovery(_ error: StatusError) { discoveryFailure = error }

  mutating func note(_ error: StatusError) { failures.append(error) }

  /// Takes in what is left of a kind.
  mutating func note(_ objects: [APIObject], of type: ResourceType) {
    if objects.isEmpty { return }
    remaining.append(("\(type.plural).\(type.definition.group)", objects.count))
    for object in objects {
      estimateSeconds = max(estimateSeconds, object.graceSeconds)
      for name in object.finalizers {
        if let index = finalizers.firstIndex(where: { $0.name == name }) {
          finalizers[index].count += 1
        } else {
          finalizers.append((name, 1))
        }
      }
    }
    if estimateSeconds == 0 { estimateSeconds = Self.finalizerSeconds }
  }

  // MARK: Conditions

  /// The namespace's content with the conditions that tell of this try; unchanged where they say so already.
  func conditions(in body: Value, at now: Timestamp) -> Value {
    let path = FieldPath(Fields.status, "conditions")
    let old = body[path]?.elements.map(\.self) ?? []
    var new = old
    for condition in conditions(at: now) {
      let index = new.firstIndex { $0["type"] == condition["type"] }
      guard let index else {
        new.append(condition)
        continue
      }
      let isSame = ["status", "reason", "message"].allSatisfy {
        new[index][Key($0)] == condition[Key($0)]
      }
      if !isSame { new[index] = condition }
    }
    return new == old ? body : body.setting(path, to: Value(new)) ?? body
  }

  private func conditions(at now: Timestamp) -> [Value] {
    func condition(
      _ type: String, _ good: (reason: String, message: String),
      _ bad: (reason: String, message: String)?
    ) -> Value {
      [
        "type": Value(type), "status": bad == nil ? "False" : "True",
        "reason": Value(bad?.reason ?? good.reason),
        "message": Value(bad?.message ?? good.message),
        "lastTransitionTime": Value(now.text(.seconds)),
      ]
    }
    return [
      condition(
        "NamespaceDeletionDiscoveryFailure",
        ("ResourcesDiscovered", "All resources successfully discovered"),
        discoveryFailure.map {
          ("DiscoveryFailed", "Discovery failed for some groups, 1 failing: \($0)")
        }),
      condition(
        "NamespaceDeletionGroupVersionParsingFailure",
        ("ParsedGroupVersions", "All legacy kube types successfully parsed"), nil),
      condition(
        "NamespaceDeletionContentFailure",
        (
          "ContentDeleted", "All content successfully deleted, may be waiting on finalization"
        ), contentFailure),
      condition(
        "NamespaceContentRemaining",
        ("ContentRemoved", "All content successfully removed"),
        list(remaining.map { "\($0.resource) has \($0.count) resource instances" }).map {
          ("SomeResourcesRemain", "Some resources are remaining: \($0)")
        }),
      condition(
        "NamespaceFinalizersRemaining",
        ("ContentHasNoFinalizers", "All content-preserving finalizers finished"),
        list(finalizers.map { "\($0.name) in \($0.count) resource instances" }).map {
          (
            "SomeFinalizersRemain",
            "Some content in the namespace has finalizers remaining: \($0)"
          )
        }),
    ]
  }

  private var contentFailure: (reason: String, message: String)? {
    guard !failures.isEmpty else { return nil }
    let messages = failures.map(\.message).joined(separator: ", ")
    return (
      "ContentDeletionFailed",
      "Failed to delete all resource types, \(failures.count) remaining: \(messages)"
    )
  }

  /// The entries in the order of their text; nil without any.
  private func list(_ entries: [String]) -> String? {
    entries.isEmpty ? nil : entries.sorted().joined(separator: ", ")
  }
}

extension APIObject {
  /// The grace that the object takes until it may go; 0 for everything but pods that run.
  fileprivate var graceSeconds: Int64 {
    guard type.kind == "Pod", type.definition.group.isEmpty else { return 0 }
    let phase = body[FieldPath(Fields.status, "phase")]?.string
    return phase == "Succeeded" || phase == "Failed" ? 0 : header.deletionGracePeriodSeconds ?? 0
  }
}
