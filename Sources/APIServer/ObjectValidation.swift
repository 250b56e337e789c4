import APIMachinery
import Scalars
import ValueTree

/// The rules for metadata that hold for objects of every kind.
enum ObjectValidation {
  private static let metadata = FieldPath(Fields.metadata)

  /// What is wrong with an object's metadata.
  static func metadata(of object: APIObject) -> [FieldError] {
    var errors: [FieldError] = []
    let namePath = metadata.appending(Fields.name)
    if let messages = nameProblems(object.name, object.type.definition.nameRule) {
      errors += messages.map { .invalid(namePath, Value(object.name), $0) }
    }
    if !object.namespace.isEmpty, let messages = DNSNames.dns1123Label(object.namespace) {
      let path = metadata.appending(Fields.namespace)
      errors += messages.map { .invalid(path, Value(object.namespace), $0) }
    }
    errors += labels(of: object)
    errors += finalizers(of: object)
    errors += owners(of: object)
    return errors
  }

  private static func nameProblems(
    _ name: String, _ rule: ResourceType.NameRule
  ) -> [String]? {
    switch rule {
    case .subdomain: DNSNames.dns1123Subdomain(name)
    case .label: DNSNames.dns1123Label(name)
    case .label1035: DNSNames.dns1035Label(name)
    case .pathSegment: DNSNames.pathSegmentName(name)
    }
  }

  private static func labels(of object: APIObject) -> [FieldError] {
    let path = metadata.appending(Fields.labels)
    guard let labels = object.body[path] else { return [] }
    var errors: [FieldError] = []
    for (key, value) in labels.members {
      let text = value.string ?? ""
      errors += (DNSNames.qualifiedName(key.text) ?? []).map {
        .invalid(path, Value(key.text), $0)
      }
      errors += (DNSNames.labelValue(text) ?? []).map { .invalid(path, Value(text), $0) }
    }
    return errors
  }

  /// Names must be qualified, and only one of the garbage collector's two may stand (semantics 1.1).
  private static func finalizers(of object: APIObject) -> [FieldError] {
    let names = object.finalizers
    let path = Fields.finalizersPath
    var errors: [FieldError] = []
    for (index, name) in names.enumerated() {
      errors += (DNSNames.finalizerName(name) ?? []).map {
        .invalid(path.appending(index), Value(name), $0)
      }
    }
    if names.contains("orphan"), names.contains("foregroundDeletion") {
      errors.append(
        .invalid(
          path, Value(names.map { Value($0) }),
          "finalizer orphan and foregroundDeletion cannot be both set"))
    }
    return errors
  }

  private static func owners(of object: APIObject) -> [FieldError] {
    let path = Fields.ownerReferencesPath
    guard let references = object.body[path] else { return [] }
    var errors: [FieldError] = []
    var controllers = 0
    for (index, reference) in references.elements.enumerated() {
      let at = path.appending(index)
      for field in [Fields.apiVersion, Fields.kind, Fields.name, Fields.uid]
      where reference[field]?.string?.isEmpty ?? true {
        errors.append(.required(at.appending(field), "\(field) must not be empty"))
      }
      if reference[Fields.kind]?.string == "Event" {
        errors.append(
          .invalid(at, reference[Fields.kind] ?? .null, "is disallowed from being an owner"))
      }
      if reference[Fields.controller]?.bool == true { controllers += 1 }
    }
    if controllers > 1 {
      errors.append(
        .invalid(
          path, references, "Only one reference can have Controller set to true"))
    }
    return errors
  }

  /// What is wrong with a write to an object that exists.
  static func update(from old: APIObject, to new: APIObject) -> [FieldError] {
    var errors = metadata(of: new)
    if old.isDeleting {
      // The comparison is with what is stored: re-adding one that was just removed is refused as well.
      let known = old.finalizers
      let added = new.finalizers.filter { !known.contains($0) }
      if !added.isEmpty {
        let list = added.map { "\"\($0)\"" }.joined(separator: ", ")
        errors.append(
          .forbidden(
            Fields.finalizersPath,
            "no new finalizers can be added if the object is being deleted, found new finalizers "
              + "[]string{\(list)}"))
      }
    }
    return errors
  }
}
