public import ValueTree

/// How content differs between two API versions in which Kubernetes serves the same objects.
///
/// - Guarantees: `stored(shown(body))` says all that `body` says. Metrics of an autoscaler may come back in another
///   order, as they do in Kubernetes: the target that the older version has a field for goes last.
public enum KindConversion: Sendable, Hashable, CaseIterable {
  /// `events.k8s.io/v1` shows the events of the core group in other words.
  case events
  /// `autoscaling/v1` knows one metric, and keeps the rest of `autoscaling/v2` in annotations.
  case autoscalers

  /// The version in which the objects are stored.
  public var storedAs: (apiVersion: String, kind: String) {
    switch self {
    case .events: ("v1", "Event")
    case .autoscalers: ("autoscaling/v2", "HorizontalPodAutoscaler")
    }
  }

  /// Group and version in which they are shown.
  var shownAs: (group: String, version: String) {
    switch self {
    case .events: ("events.k8s.io", "v1")
    case .autoscalers: ("autoscaling", "v1")
    }
  }

  /// Stored content in the words of the other version.
  public func shown(_ body: Value) -> Value {
    switch self {
    case .events: Self.renaming(body) { key in Self.names.first { $0.stored == key }?.shown }
    case .autoscalers: AutoscalerConversion.shown(body)
    }
  }

  /// Content of the other version as it is stored.
  public func stored(_ body: Value) -> Value {
    switch self {
    case .events: Self.renaming(body) { key in Self.names.first { $0.shown == key }?.stored }
    case .autoscalers: AutoscalerConversion.stored(body)
    }
  }

  /// A choice by fields of the other version as a choice among what is stored.
  public func stored(_ selector: FieldSelector) -> FieldSelector {
    guard self == .events else { return selector }
    return FieldSelector(
      selector.requirements.map { requirement in
        var requirement = requirement
        var steps = requirement.path.steps
        if case .key(let key)? = steps.first,
          let name = Self.names.first(where: { $0.shown == key })
        {
          steps[0] = .key(name.stored)
          requirement.path = FieldPath(Array(steps))
        }
        return requirement
      })
  }

  private static let names: [(stored: Key, shown: Key)] = [
    ("involvedObject", "regarding"), ("message", "note"),
    ("reportingComponent", "reportingController"), ("source", "deprecatedSource"),
    ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"),
    ("count", "deprecatedCount"),
  ]

  private static func renaming(_ body: Value, _ name: (Key) -> Key?) -> Value {
    Value(members: body.members.map { (name($0.key) ?? $0.key, $0.value) })
  }
}
