public import ValueTree

/// Where a kind keeps the numbers that its scale subresource shows as an `autoscaling/v1` Scale.
public struct ScaleSubresource: Sendable, Hashable {
  /// How many replicas are wanted.
  public var specReplicas: FieldPath
  /// How many there are.
  public var statusReplicas: FieldPath
  /// The selector of their pods: a text, a `LabelSelector` or a map of labels; nil where there is none.
  public var selector: FieldPath?
  /// Whether an object that does not say how many replicas are wanted wants one.
  public var defaultsToOne = false

  /// The places of Kubernetes' own workloads.
  public static let builtIn = ScaleSubresource(
    specReplicas: FieldPath(Fields.spec, "replicas"),
    statusReplicas: FieldPath(Fields.status, "replicas"),
    selector: FieldPath(Fields.spec, "selector"), defaultsToOne: true)

  /// How many replicas an object wants; nil where it does not say.
  public func replicas(wantedBy body: Value) -> Int64? {
    body[specReplicas]?.int ?? (defaultsToOne ? 1 : nil)
  }

  /// The content of the Scale of an object with this content.
  public func body(wanted: Int64, of owner: Value) -> Value {
    var status = (["replicas": Value(owner[statusReplicas]?.int ?? 0)] as Value)
    let text = selector.flatMap { owner[$0] }.map(Self.selectorText) ?? ""
    if !text.isEmpty { status = status.setting("selector", to: Value(text)) }
    // A zero is left out, as Go leaves it out.
    return [
      Fields.spec: wanted == 0 ? .emptyMap : ["replicas": Value(wanted)], Fields.status: status,
    ]
  }

  private static func selectorText(_ value: Value) -> String {
    if let text = value.string { return text }
    return LabelSelector(reading: value).description
  }
}

extension LabelSelector {
  /// The selector that a field holds: a `LabelSelector` or a map of labels.
  ///
  /// Requirements are in the order of their keys, as Kubernetes prints them.
  public init(reading value: Value) {
    let isSelector =
      value["matchLabels"]?.isMap == true || value["matchExpressions"]?.isList == true
    let labels: Value = isSelector ? value["matchLabels"] ?? Value.emptyMap : value
    var found: [(key: String, requirement: Requirement)] = labels.members.compactMap { member in
      member.value.string.map { (member.key.text, .isIn(key: member.key.text, values: [$0])) }
    }
    let expressions: Value? = isSelector ? value["matchExpressions"] : nil
    for entry in (expressions ?? Value.emptyList).elements {
      guard let key = entry["key"]?.string else { continue }
      let values = (entry["values"]?.elements.compactMap(\.string) ?? []).sorted()
      switch entry["operator"]?.string {
      case "In": found.append((key, .isIn(key: key, values: values)))
      case "NotIn": found.append((key, .isNotIn(key: key, values: values)))
      case "Exists": found.append((key, .exists(key: key)))
      case "DoesNotExist": found.append((key, .doesNotExist(key: key)))
      default: continue
      }
    }
    self.init(
      found.enumerated().sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }
        .map(\.element.requirement))
  }
}

extension ResourceType {
  /// The kind of what the scale subresource shows: an `autoscaling/v1` Scale in the place of this kind's objects.
  ///
  /// Nil for a kind without one.
  public var scale: ResourceType? {
    guard definition.scale != nil else { return nil }
    return ResourceType(
      Definition(
        group: "autoscaling", version: "v1", kind: "Scale", plural: plural,
        singular: definition.singular, isNamespaced: definition.isNamespaced,
        usesGeneration: false, allowsUnconditionalUpdate: true, isCustom: false),
      index: index, isView: true)
  }
}
