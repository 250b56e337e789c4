import APIMachinery
import Scalars
import ValueTree

/// The rules for a write to an object that exists (semantics 1.4).
enum UpdateValidation {
  /// What is wrong with what an update says of the fields that only the server writes.
  ///
  /// Most are copied from the stored object before anybody looks; these are not.
  static func headerProblems(
    from old: ObjectHeader, to new: ObjectHeader
  ) -> [FieldError] {
    var errors: [FieldError] = []
    func immutable(_ key: Key, _ value: String) {
      errors.append(
        FieldError(
          .invalid, FieldPath(Fields.metadata, key), "Invalid value: \(value): field is immutable"))
    }
    if let uid = new.uid, uid != old.uid { immutable(Fields.uid, "\"\(uid)\"") }
    if old.deletionTimestamp == nil, let time = new.deletionTimestamp {
      immutable(Fields.deletionTimestamp, goTime(time))
    }
    if let grace = new.deletionGracePeriodSeconds, grace != old.deletionGracePeriodSeconds {
      immutable(Fields.deletionGracePeriodSeconds, "\(grace)")
    }
    return errors
  }

  /// What is wrong with the content that an update leads to.
  static func problems(from old: APIObject, to body: Value) -> [FieldError] {
    let metadata = body[Fields.metadata]
    // What is stored has been checked, and that is most of what updates bring.
    if metadata == old.body[Fields.metadata] { return [] }
    guard let metadata else { return [] }
    var errors = MetadataValidation.problems(in: metadata, old.type)
    if old.isDeleting, let finalizers = metadata[Fields.finalizers] {
      // The comparison is with what is stored: re-adding one that was just removed is refused as well.
      let added = Set(finalizers.elements.compactMap(\.string)).subtracting(old.finalizers).sorted()
      if !added.isEmpty {
        errors.append(
          .forbidden(
            Fields.finalizersPath,
            "no new finalizers can be added if the object is being deleted, found new finalizers "
              + MetadataValidation.goList(added)))
      }
    }
    return errors
  }

  /// A time as Go prints it.
  private static func goTime(_ time: Timestamp) -> String {
    let text = time.text(.seconds)
    return text.replacing("T", with: " ").replacing("Z", with: " +0000 UTC")
  }
}
