public import APIMachinery
import Scalars
import ValueTree

extension APIServer {
  /// What is wrong with the metadata of an object that is to be created, as far as it can be said without a server.
  ///
  /// A name that the server has still to make up is not missed.
  public static func metadataProblems(ofNew object: APIObject) -> [FieldError] {
    var header = object.header
    let isGenerated = header.name.isEmpty && object.body[Fields.generateNamePath] != nil
    if isGenerated { header.name = "generated" }
    return MetadataValidation.problems(header, object.body, object.type)
  }
}

/// The rules for metadata that hold for objects of every kind, in the order in which Kubernetes checks them.
enum MetadataValidation {
  /// Keys and values of all annotations together.
  static let annotationBytesMax = 256 * 1024

  private static let metadata = FieldPath(Fields.metadata)

  /// What is wrong with the metadata of a new object.
  static func problems(
    _ header: ObjectHeader, _ body: Value, _ type: ResourceType
  ) -> [FieldError] {
    var errors = nameProblems(header, body, type)
    if type.definition.isNamespaced, let messages = DNSNames.dns1123Label(header.namespace) {
      let path = metadata.appending(Fields.namespace)
      errors += messages.map { .invalid(path, Value(header.namespace), $0) }
    }
    guard let metadata = body[Fields.metadata] else { return errors }
    let others = problems(in: metadata, type)
    return errors.isEmpty ? others : errors + others
  }

  /// What is wrong with labels, annotations, owners and finalizers.
  static func problems(in metadata: Value, _ type: ResourceType) -> [FieldError] {
    var errors: [FieldError] = []
    func note(_ problems: [FieldError]) { if !problems.isEmpty { errors += problems } }
    if let labels = metadata[Fields.labels] { note(labelProblems(labels)) }
    if let annotations = metadata[Fields.annotations] { note(annotationProblems(annotations)) }
    if let owners = metadata[Fields.ownerReferences] { note(ownerProblems(owners)) }
    if let finalizers = metadata[Fields.finalizers] { note(finalizerProblems(finalizers, type)) }
    return errors
  }

  private static func nameProblems(
    _ header: ObjectHeader, _ body: Value, _ type: ResourceType
  ) -> [FieldError] {
    var errors: [FieldError] = []
    let rule = type.definition.nameRule
    if let base = body[Fields.generateNamePath]?.string, !base.isEmpty {
      // What comes behind a last hyphen makes it a good name.
      let name = base.utf8.count > 1 && base.hasSuffix("-") ? base.dropLast(2) + "a" : base
      errors += (problems(ofName: name, rule) ?? []).map {
        .invalid(Fields.generateNamePath, Value(base), $0)
      }
    }
    // The path is made where it is told: names are hardly ever wrong.
    func path() -> FieldPath { metadata.appending(Fields.name) }
    if header.name.isEmpty {
      errors.append(.required(path(), "name or generateName is required"))
    } else if let messages = problems(ofName: header.name, rule) {
      errors += messages.map { .invalid(path(), Value(header.name), $0) }
    }
    return errors
  }

  private static func problems(
    ofName name: String, _ rule: ResourceType.NameRule
  ) -> [String]? {
    switch rule {
    case .subdomain: DNSNames.dns1123Subdomain(name)
    case .label: DNSNames.dns1123Label(name)
    case .label1035: DNSNames.dns1035Label(name)
    case .pathSegment: DNSNames.pathSegmentName(name)
    }
  }

  private static func labelProblems(_ labels: Value) -> [FieldError] {
    // Checked at every write and hardly ever wrong: no text is made of what is right.
    if labels.membersSatisfy({ DNSNames.isQualifiedName($0) && DNSNames.isLabelValue($1) }) {
      return []
    }
    let path = Fields.labelsPath
    var errors: [FieldError] = []
    for (key, value) in labels.members {
      let text = value.string ?? ""
      if let messages = DNSNames.qualifiedName(key.text) {
        errors += messages.map { .invalid(path, Value(key.text), $0) }
      }
      if let messages = DNSNames.labelValue(text) {
        errors += messages.map { .invalid(path, Value(text), $0) }
      }
    }
    return errors
  }

  /// Keys are held to the rule of labels in lower case, so case is free in the prefix too.
  private static func annotationProblems(_ annotations: Value) -> [FieldError] {
    var bytes = 0
    let areGood = annotations.membersSatisfy { key, value in
      bytes += key.count + value.count
      return DNSNames.isQualifiedName(key)
    }
    if areGood, bytes <= annotationBytesMax { return [] }
    let path = Fields.annotationsPath
    var errors: [FieldError] = []
    bytes = 0
    for (key, value) in annotations.members {
      let text = key.text
      bytes += text.utf8.count + (value.string?.utf8.count ?? 0)
      if DNSNames.qualifiedName(text) == nil { continue }
      if let messages = DNSNames.qualifiedName(text.lowercased()) {
        errors += messages.map { .invalid(path, Value(text), $0) }
      }
    }
    if bytes > annotationBytesMax { errors.append(.tooLong(path, limit: annotationBytesMax)) }
    return errors
  }

  private static func ownerProblems(_ owners: Value) -> [FieldError] {
    let path = Fields.ownerReferencesPath
    var errors: [FieldError] = []
    var controller: Value?
    for value in owners.elements {
      if isPlainOwner(value) {
        // One of them controls at most.
        if value[Fields.controller]?.bool != true { continue }
        if controller == nil {
          controller = value
          continue
        }
      }
      func text(_ key: Key) -> String { value[key]?.string ?? "" }
      func name(_ owner: Value) -> String {
        "\(owner[Fields.kind]?.string ?? "")/\(owner[Fields.name]?.string ?? "")"
      }
      let version = text(Fields.apiVersion)
      // `group/` has a group and no version.
      if version.isEmpty || version.hasSuffix("/") {
        errors.append(
          .invalid(
            path.appending(Fields.apiVersion), Value(version), "version must not be empty"))
      }
      for key in ownerKeys where !hasText(value[key]) {
        errors.append(.invalid(path.appending(key), "", "must not be empty"))
      }
      if version == "v1", text(Fields.kind) == "Event" {
        errors.append(
          .invalid(path, value, "/v1, Kind=Event is disallowed from being an owner"))
      }
      guard value[Fields.controller]?.bool == true else { continue }
      if let controller {
        errors.append(
          .invalid(
            path, owners,
            "Only one reference can have Controller set to true. Found \"true\" in references for "
              + "\(name(controller)) and \(name(value))"))
      } else {
        controller = value
      }
    }
    return errors
  }

  /// Whether nothing is wrong with the owner by itself.
  private static func isPlainOwner(_ value: Value) -> Bool {
    guard let version = value[Fields.apiVersion], !version.isText("v1") else { return false }
    let hasVersion = version.withText { !$0.isEmpty && $0[$0.count - 1] != UInt8(ascii: "/") }
    return hasVersion ?? false && ownerKeys.allSatisfy { hasText(value[$0]) }
  }

  private static let ownerKeys = [Fields.kind, Fields.name, Fields.uid]

  /// Asked of every owner at every create, so without making the text.
  private static func hasText(_ value: Value?) -> Bool {
    value?.withText { !$0.isEmpty } ?? false
  }

  /// Names must be qualified, and only one of the garbage collector's two may stand (semantics 1.1).
  private static func finalizerProblems(
    _ finalizers: Value, _ type: ResourceType
  ) -> [FieldError] {
    // With a prefix a name is good everywhere, and of the garbage collector's two one is.
    let areGood = finalizers.elements.allSatisfy { name in
      name.withText { DNSNames.isQualifiedName($0) && hasSlash($0) } ?? false
        || name.isText("foregroundDeletion")
    }
    if areGood { return [] }
    let names = finalizers.elements.map { $0.string ?? "" }
    let path = Fields.finalizersPath
    var errors: [FieldError] = []
    for name in names {
      guard let messages = DNSNames.qualifiedName(name) else { continue }
      errors += messages.map { .invalid(path, Value(name), $0) }
    }
    if names.contains("orphan"), names.contains("foregroundDeletion") {
      errors.append(
        FieldError(
          .invalid, path,
          "Invalid value: \(goList(names)): finalizer orphan and foregroundDeletion cannot be both "
            + "set"))
    }
    if type.definition.isCustom { return errors }
    for (index, name) in names.enumerated() {
      // What built-in kinds ask for beyond the rule above stands last, and at the element.
      guard let all = DNSNames.finalizerName(name) else { continue }
      errors += all.dropFirst((DNSNames.qualifiedName(name) ?? []).count).map {
        .invalid(path.appending(index), Value(name), $0)
      }
    }
    return errors
  }

  private static func hasSlash(_ bytes: Span<UInt8>) -> Bool {
    for index in bytes.indices where bytes[index] == UInt8(ascii: "/") { return true }
    return false
  }

  /// A list of strings as Go prints it.
  static func goList(_ names: [String]) -> String {
    "[]string{\(names.map { "\"\($0)\"" }.joined(separator: ", "))}"
  }
}
