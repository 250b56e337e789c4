import Scalars
import ValueTree

/// Reads the spec of a CustomResourceDefinition and notes all that is wrong with it, in Kubernetes' words.
struct DefinitionReader {
  private(set) var problems: [FieldError] = []
  private let name: String
  private let spec: Value
  private let specPath = FieldPath(Fields.spec)
  private let namesPath = FieldPath(Fields.spec, "names")

  init(_ definition: CustomResourceDefinition) {
    name = definition.name
    spec = definition.object.body[Fields.spec] ?? Value.emptyMap
  }

  /// The kind; of no use where there are problems.
  mutating func read() -> DefinedResource? {
    let group = text("group", of: spec, specPath)
    if !group.isEmpty {
      check(DNSNames.dns1123Subdomain(group), Value(group), specPath.appending("group"))
      if !group.contains(".") {
        problems.append(
          .invalid(
            specPath.appending("group"), Value(group), "should be a domain with at least one dot"))
      }
    }
    let scope = text("scope", of: spec, specPath)
    if !scope.isEmpty, scope != "Namespaced", scope != "Cluster" {
      problems.append(
        .notSupported(specPath.appending("scope"), Value(scope), ["Cluster", "Namespaced"]))
    }
    if spec["preserveUnknownFields"]?.bool == true {
      problems.append(
        .invalid(specPath.appending("preserveUnknownFields"), true, "must be false"))
    }
    readConversion()
    var definition = readNames()
    definition.group = group
    definition.isNamespaced = scope == "Namespaced"
    if !group.isEmpty, !definition.plural.isEmpty, name != "\(definition.plural).\(group)" {
      problems.append(
        .invalid(
          FieldPath(Fields.metadata, Fields.name), Value(name),
          "must be spec.names.plural+\".\"+spec.group"))
    }
    return readVersions(definition)
  }

  // MARK: Names

  private mutating func readNames() -> ResourceType.Definition {
    let names = spec["names"] ?? Value.emptyMap
    let plural = text("plural", of: names, namesPath)
    let kind = text("kind", of: names, namesPath)
    let singular = names["singular"]?.string ?? ""
    let listKind = names["listKind"]?.string ?? ""
    for (key, label) in [("plural" as Key, plural), ("singular", singular)] where !label.isEmpty {
      check(DNSNames.dns1035Label(label), Value(label), namesPath.appending(key))
    }
    for (key, label) in [("kind" as Key, kind), ("listKind", listKind)] where !label.isEmpty {
      let mixed = DNSNames.dns1035Label(label.lowercased())?.map {
        "may have mixed case, but should otherwise match: \($0)"
      }
      check(mixed, Value(label), namesPath.appending(key))
    }
    if !kind.isEmpty, kind == listKind {
      problems.append(
        .invalid(
          namesPath.appending("listKind"), Value(listKind), "kind and listKind may not be the same")
      )
    }
    func list(_ key: Key) -> [String] {
      var result: [String] = []
      for (index, value) in (names[key] ?? Value.emptyList).elements.enumerated() {
        let text = value.string ?? ""
        check(DNSNames.dns1035Label(text), value, namesPath.appending(key).appending(index))
        result.append(text)
      }
      return result
    }
    var definition = ResourceType.Definition(
      group: "", version: "", kind: kind, plural: plural, singular: singular,
      shortNames: list("shortNames"), categories: list("categories"), usesGeneration: true)
    if !listKind.isEmpty { definition.listKind = listKind }
    return definition
  }

  private mutating func readConversion() {
    guard let strategy = spec["conversion"]?["strategy"] else { return }
    let path = specPath.appending("conversion").appending("strategy")
    switch strategy.string {
    case "None": return
    case "Webhook":
      problems.append(
        .forbidden(path, "conversion webhooks are not called here, only None is carried out"))
    default: problems.append(.notSupported(path, strategy, ["None", "Webhook"]))
    }
  }

  // MARK: Versions

  private mutating func readVersions(_ definition: ResourceType.Definition) -> DefinedResource? {
    let path = specPath.appending("versions")
    guard let list = spec["versions"], list.isList, !list.isEmptyCollection else {
      problems.append(.required(path))
      return nil
    }
    var versions: [DefinedResource.Version] = []
    var storage: [Int] = []
    for (index, value) in list.elements.enumerated() {
      if value["storage"]?.bool == true { storage.append(index) }
      versions.append(version(value, definition, path.appending(index)))
    }
    let names = versions.map(\.definition.version)
    for (index, name) in names.enumerated() where names[..<index].contains(name) {
      problems.append(.invalid(path, list, "must contain unique version names"))
      break
    }
    guard storage.count == 1, let place = storage.first else {
      problems.append(
        .invalid(path, list, "must have exactly one version marked as storage version"))
      return nil
    }
    return DefinedResource(versions: versions, storage: place)
  }

  private mutating func version(
    _ value: Value, _ base: ResourceType.Definition, _ path: FieldPath
  ) -> DefinedResource.Version {
    var definition = base
    definition.version = text("name", of: value, path)
    if !definition.version.isEmpty {
      check(
        DNSNames.dns1035Label(definition.version), Value(definition.version),
        path.appending(Fields.name))
    }
    var schema: StructuralSchema?
    if let text = value["schema"]?["openAPIV3Schema"] {
      let path = path.appending("schema").appending("openAPIV3Schema")
      do { schema = try StructuralSchema(reading: text, at: path).ofContent } catch {
        problems.append(error)
      }
    } else {
      problems.append(
        .required(
          path.appending("schema").appending("openAPIV3Schema"), "schemas are required"))
    }
    let parts = path.appending("subresources")
    definition.hasStatus = value["subresources"]?["status"] != nil
    if let scale = value["subresources"]?["scale"] {
      definition.scale = readScale(scale, parts.appending("scale"))
    }
    let columns = value["additionalPrinterColumns"] ?? Value.emptyList
    for (index, column) in columns.elements.enumerated() {
      definition.printerColumns.append(
        readColumn(column, path.appending("additionalPrinterColumns").appending(index)))
    }
    let fields = path.appending("selectableFields")
    for (index, field) in (value["selectableFields"] ?? Value.emptyList).elements.enumerated() {
      if let place = readPath("jsonPath", of: field, fields.appending(index)) {
        definition.selectableFields.append(place)
      }
    }
    if definition.selectableFields.count > 8 {
      problems.append(
        FieldError(
          .tooMany, fields,
          "Too many: \(definition.selectableFields.count): must have at most 8 items"))
    }
    return DefinedResource.Version(
      definition: definition, schema: schema, isServed: value["served"]?.bool ?? false)
  }

  private mutating func readScale(_ value: Value, _ path: FieldPath) -> ScaleSubresource? {
    func place(_ key: Key, under roots: [Key], _ reason: String) -> FieldPath? {
      guard let place = readPath(key, of: value, path) else { return nil }
      guard let root = place.steps.first, roots.contains(where: { root == .key($0) }),
        place.steps.count > 1
      else {
        problems.append(.invalid(path.appending(key), value[key] ?? "", reason))
        return nil
      }
      return place
    }
    let wanted = place(
      "specReplicasPath", under: [Fields.spec], "should be a json path under .spec")
    let present = place(
      "statusReplicasPath", under: [Fields.status], "should be a json path under .status")
    var selector: FieldPath?
    if let text = value["labelSelectorPath"]?.string, !text.isEmpty {
      selector = place(
        "labelSelectorPath", under: [Fields.spec, Fields.status],
        "should be a json path under either .status or .spec")
    }
    guard let wanted, let present else { return nil }
    return ScaleSubresource(specReplicas: wanted, statusReplicas: present, selector: selector)
  }

  private mutating func readColumn(_ value: Value, _ path: FieldPath) -> PrinterColumn {
    let types = ["boolean", "date", "integer", "number", "string"]
    let formats = [
      "binary", "bool", "byte", "date", "date-time", "double", "float", "int32", "int64",
      "password",
    ]
    let type = value["type"]?.string ?? ""
    let expected = "must be one of \(types.joined(separator: ","))"
    if type.isEmpty {
      problems.append(.required(path.appending("type"), expected))
    } else if !types.contains(type) {
      problems.append(.invalid(path.appending("type"), Value(type), expected))
    }
    let format = value["format"]?.string ?? ""
    if !format.isEmpty, !formats.contains(format) {
      problems.append(
        .invalid(
          path.appending("format"), Value(format),
          "must be one of \(formats.joined(separator: ","))"))
    }
    let jsonPath = text("jsonPath", of: value, path)
    if !jsonPath.isEmpty, !jsonPath.hasPrefix(".") {
      problems.append(
        .invalid(path.appending("jsonPath"), Value(jsonPath), "does not start with ."))
    }
    return PrinterColumn(
      name: text("name", of: value, path), type: type, format: format,
      priority: Int(clamping: value["priority"]?.int ?? 0), jsonPath: jsonPath)
  }

  // MARK: Fields

  private mutating func text(_ key: Key, of value: Value, _ path: FieldPath) -> String {
    guard let text = value[key]?.string, !text.isEmpty else {
      problems.append(.required(path.appending(key)))
      return ""
    }
    return text
  }

  /// A path such as `.spec.replicas`, of names only.
  private mutating func readPath(
    _ key: Key, of value: Value, _ path: FieldPath
  ) -> FieldPath? {
    let written = text(key, of: value, path)
    if written.isEmpty { return nil }
    guard written.hasPrefix("."),
      let place = try? FieldPath(parsing: String(written.dropFirst())), !place.isRoot,
      place.steps.allSatisfy({ if case .key = $0 { true } else { false } })
    else {
      problems.append(.invalid(path.appending(key), Value(written), "is an invalid path"))
      return nil
    }
    return place
  }

  private mutating func check(_ reasons: [String]?, _ value: Value, _ path: FieldPath) {
    guard let reasons, !reasons.isEmpty else { return }
    problems.append(.invalid(path, value, reasons.joined(separator: ",")))
  }
}

extension StructuralSchema {
  /// The schema without what stands outside an object's content, which no schema rules.
  fileprivate var ofContent: StructuralSchema {
    guard case .object(let common, var rules) = self else { return self }
    let outside = [Fields.apiVersion, Fields.kind, Fields.metadata]
    rules.properties.removeAll { outside.contains($0.key) }
    rules.required.removeAll { outside.contains($0) }
    rules.properties.append(Property(key: Fields.metadata, schema: .anything(Common())))
    return .object(common, rules)
  }
}
