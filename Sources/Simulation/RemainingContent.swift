public import APIMachinery
import ValueTree

extension APIObject {
  /// What a namespace that is being deleted waits for, as its conditions say it; nil for anything else.
  public var remainingContent: String? {
    guard isDeleting, type.kind == "Namespace", type.definition.group.isEmpty else { return nil }
    let conditions = body[FieldPath(Fields.status, "conditions")]?.elements.map(\.self) ?? []
    let messages = conditions.filter { $0["status"] == "True" }.compactMap { $0["message"]?.string }
    return messages.isEmpty ? nil : messages.joined(separator: "; ")
  }
}
