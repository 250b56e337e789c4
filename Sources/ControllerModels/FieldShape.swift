/// What a field of a controller model may hold.
///
/// The reader checks documents by these, the JSON schema and the tables of the reference page are made from them.
package indirect enum FieldShape: Sendable {
  /// A text.
  case text
  /// A name that the model introduces: letters, digits and underscores.
  case name
  /// A CEL expression as a text, or a literal of another kind.
  case expression
  /// A duration as Go writes it, `5s`.
  case duration
  case integer(ClosedRange<Int>)
  case boolean
  case choice([String])
  /// A map with the fields of a definition.
  case object(ObjectDefinition)
  case list(FieldShape)
  /// A map with keys of the writer's choice.
  case map(FieldShape)
  /// Anything, taken as it stands.
  case literal
  /// Steps.
  case steps
  /// Nothing, or an empty map.
  case nothing
  /// The first that fits.
  case either([FieldShape])
}

/// One field: its name, what it may hold, and what it is for.
package struct FieldDefinition: Sendable {
  package let name: String
  package let shape: FieldShape
  package let isRequired: Bool
  /// What it does, for the schema and the page.
  package let summary: String
  /// What holds where it is left out.
  package let initial: String?

  /// A field.
  package init(
    _ name: String, _ shape: FieldShape, isRequired: Bool = false, initial: String? = nil,
    _ summary: String
  ) {
    self.name = name
    self.shape = shape
    self.isRequired = isRequired
    self.summary = summary
    self.initial = initial
  }
}

/// A map with known fields.
package struct ObjectDefinition: Sendable {
  package let name: String
  package let summary: String
  package let fields: [FieldDefinition]

  /// A map with these fields.
  package init(name: String, summary: String, fields: [FieldDefinition]) {
    self.name = name
    self.summary = summary
    self.fields = fields
  }

  /// The names of the fields.
  package var names: [String] { fields.map(\.name) }
}
