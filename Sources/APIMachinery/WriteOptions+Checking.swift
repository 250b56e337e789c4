import ValueTree

extension APIRequest {
  /// Refuses the options of a write that Kubernetes would refuse (semantics 2.8).
  public func checkOptions() throws(StatusError) {
    switch self {
    case .create(_, let options): try options.check("CreateOptions")
    case .update(_, _, let options): try options.check("UpdateOptions")
    case .patch(_, _, _, _, let options): try options.check("PatchOptions")
    case .get, .list, .delete, .deleteCollection: return
    }
  }
}

extension WriteOptions {
  private static let fieldManagerBytesMax = 128

  fileprivate func check(_ kind: String) throws(StatusError) {
    guard !fieldManager.isEmpty else { return }
    let path = FieldPath("fieldManager")
    var problems: [FieldError] = []
    if fieldManager.utf8.count > Self.fieldManagerBytesMax {
      problems.append(.tooLong(path, limit: Self.fieldManagerBytesMax))
    }
    var offset = 0
    for scalar in fieldManager.unicodeScalars {
      if !scalar.isPrintable {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let number = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        problems.append(
          .invalid(
            path, Value(fieldManager), "invalid character U+\(number) (at position \(offset))"))
      }
      offset += UTF8.width(scalar)
    }
    try problems.refuse(kind)
  }
}

extension Unicode.Scalar {
  /// Whether Go prints it: letters, marks, numbers, punctuation, symbols and the space.
  fileprivate var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      false
    case .spaceSeparator: self == " "
    default: true
    }
  }
}
