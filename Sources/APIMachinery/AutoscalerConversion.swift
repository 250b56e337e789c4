import ValueTree

/// `autoscaling/v2` autoscalers as `autoscaling/v1`, and back.
///
/// The older version has a field for the CPU utilization that is wanted, and one for that which is there. Other
/// metrics, conditions and the behaviour stand in annotations, each metric in the older version's form.
enum AutoscalerConversion {
  private static let metricsNote = Key("autoscaling.alpha.kubernetes.io/metrics")
  private static let currentMetricsNote = Key("autoscaling.alpha.kubernetes.io/current-metrics")
  private static let conditionsNote = Key("autoscaling.alpha.kubernetes.io/conditions")
  private static let behaviorNote = Key("autoscaling.alpha.kubernetes.io/behavior")
  private static let metrics = FieldPath(Fields.spec, "metrics")
  private static let behavior = FieldPath(Fields.spec, "behavior")
  private static let currentMetrics = FieldPath(Fields.status, "currentMetrics")
  private static let conditions = FieldPath(Fields.status, "conditions")
  private static let target = FieldPath(Fields.spec, "targetCPUUtilizationPercentage")
  private static let current = FieldPath(Fields.status, "currentCPUUtilizationPercentage")

  static func shown(_ body: Value) -> Value {
    var shown = body
    var notes: [(Key, Value)] = []
    func note(_ key: Key, _ content: Value) {
      if !content.isEmptyCollection { notes.append((key, Value(JSONWriter().string(content)))) }
    }
    if let metrics = body[metrics], metrics.isList {
      let wanted = metrics.elements.compactMap { utilization(of: $0, .target) }.first
      let others = metrics.elements.filter { utilization(of: $0, .target) == nil }
      note(metricsNote, Value(others.map { MetricForm.target.older($0) }))
      if let wanted { shown = shown.setting(target, to: wanted) ?? shown }
    }
    if let metrics = body[currentMetrics], metrics.isList {
      let found = metrics.elements.compactMap { utilization(of: $0, .current) }.first
      // The raw value beside the utilization has no field of its own, so all of them are noted.
      note(currentMetricsNote, Value(metrics.elements.map { MetricForm.current.older($0) }))
      if let found { shown = shown.setting(current, to: found) ?? shown }
    }
    if let conditions = body[conditions] { note(conditionsNote, conditions) }
    if let behavior = body[behavior] {
      note(behaviorNote, renamed(behavior) { $0.uppercased() })
    }
    for path in [metrics, behavior, currentMetrics, conditions] { shown = shown.removing(path) }
    guard !notes.isEmpty else { return shown }
    var annotations = body[Fields.annotationsPath] ?? .emptyMap
    for (key, text) in notes { annotations = annotations.setting(key, to: text) }
    return shown.setting(Fields.annotationsPath, to: annotations) ?? shown
  }

  static func stored(_ body: Value) -> Value {
    var stored = body
    var annotations = body[Fields.annotationsPath] ?? .emptyMap
    /// What an annotation says, which is taken off; nothing where it cannot be read.
    func take(_ key: Key) -> Value? {
      guard let text = annotations[key]?.string else { return nil }
      annotations = annotations.removing(key)
      var reader = JSONReader()
      return try? reader.read(text)
    }
    func set(_ path: FieldPath, _ value: Value) {
      if !value.isEmptyCollection { stored = stored.setting(path, to: value) ?? stored }
    }
    let before = annotations
    let noted = take(metricsNote)?.elements.map { MetricForm.target.newer($0) } ?? []
    let wanted = body[target].map { [MetricForm.target.cpu(utilization: $0)] } ?? []
    set(metrics, Value(noted + wanted))
    let found = body[current].map { [MetricForm.current.cpu(utilization: $0)] } ?? []
    set(
      currentMetrics,
      Value(take(currentMetricsNote)?.elements.map { MetricForm.current.newer($0) } ?? found))
    if let noted = take(conditionsNote) { set(conditions, noted) }
    if let noted = take(behaviorNote) { set(behavior, renamed(noted) { $0.lowercased() }) }
    stored = stored.removing(target).removing(current)
    guard annotations != before else { return stored }
    return annotations.isEmptyCollection
      ? stored.removing(Fields.annotationsPath)
      : stored.setting(Fields.annotationsPath, to: annotations) ?? stored
  }

  /// The utilization in a metric that is about the CPU of all containers.
  private static func utilization(of metric: Value, _ form: MetricForm) -> Value? {
    guard metric["type"] == "Resource", metric[FieldPath("resource", "name")] == "cpu" else {
      return nil
    }
    return metric[FieldPath("resource", form.part, "averageUtilization")]
  }

  /// The value with another first letter in all its names, without nulls: the annotation has the names of Go.
  private static func renamed(_ value: Value, _ letter: (String) -> String) -> Value {
    if value.isList { return Value(value.elements.map { renamed($0, letter) }) }
    guard value.isMap else { return value }
    return Value(
      members: value.members.compactMap { key, member in
        let name = key.text
        return member.isNull
          ? nil
          : (Key(letter(String(name.prefix(1))) + name.dropFirst()), renamed(member, letter))
      })
  }
}

/// The two forms of a metric: the newer with nested fields, the older with flat ones.
private enum MetricForm {
  /// What is wanted.
  case target
  /// What is there.
  case current

  /// The field that holds the numbers in the newer form, and begins their names in the older.
  var part: Key { self == .target ? "target" : "current" }

  private func fields(of source: Key) -> [(newer: FieldPath, older: Key)] {
    let name: (FieldPath, Key) = (FieldPath("name"), "name")
    let metric: (FieldPath, Key) = (FieldPath("metric", "name"), "metricName")
    func selector(_ older: Key) -> (FieldPath, Key) { (FieldPath("metric", "selector"), older) }
    func number(_ field: String, _ older: String) -> (FieldPath, Key) {
      (FieldPath(part, Key(field)), Key(older))
    }
    let word = part.text
    let value = number("value", "\(word)Value")
    let average = number("averageValue", "\(word)AverageValue")
    let utilization = number("averageUtilization", "\(word)AverageUtilization")
    switch source {
    case "object":
      return [
        (FieldPath("describedObject"), "target"), metric, selector("selector"), value,
        number("averageValue", "averageValue"),
      ]
    case "pods": return [metric, selector("selector"), average]
    case "resource": return [name, utilization, average]
    case "containerResource":
      return [name, (FieldPath("container"), "container"), utilization, average]
    case "external": return [metric, selector("metricSelector"), value, average]
    default: return []
    }
  }

  private static let sources: [Key] = [
    "object", "pods", "resource", "containerResource", "external",
  ]

  func older(_ metric: Value) -> Value {
    var result = metric
    for source in Self.sources {
      guard let content = metric[source] else { continue }
      let members = fields(of: source).compactMap { names in
        content[names.newer].map { (names.older, $0) }
      }
      result = result.setting(source, to: Value(members: members))
    }
    return result
  }

  func newer(_ metric: Value) -> Value {
    var result = metric
    for source in Self.sources {
      guard let content = metric[source] else { continue }
      var converted = Value.emptyMap
      for names in fields(of: source) {
        guard let value = content[names.older] else { continue }
        converted = converted.setting(names.newer, to: value) ?? converted
      }
      if self == .target {
        let numbers = converted[part] ?? .emptyMap
        let type: Value =
          numbers["averageUtilization"] != nil
          ? "Utilization" : numbers["averageValue"] != nil ? "AverageValue" : "Value"
        converted = converted.setting(part, to: numbers.setting("type", to: type))
      }
      result = result.setting(source, to: converted)
    }
    return result
  }

  /// The metric that a field of the older version stands for.
  func cpu(utilization: Value) -> Value {
    var numbers: Value = ["averageUtilization": utilization]
    if self == .target { numbers = numbers.setting("type", to: "Utilization") }
    return ["type": "Resource", "resource": Value(members: [("name", "cpu"), (part, numbers)])]
  }
}
