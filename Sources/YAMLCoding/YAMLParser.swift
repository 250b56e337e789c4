/// Reads YAML as kubectl reads it, with libyaml.
///
/// A stream may hold any number of documents. Scalars resolve as in kubectl (`yes` is true, `010`
/// is eight). Stricter on purpose, because what kubectl does passes over mistakes: a key may stand
/// only once in a map, unknown tags are errors, and a number that no 64-bit number holds is an
/// error rather than text.
///
/// A map's own keys win over those of `<<` wherever it stands, as YAML says.
public enum YAMLParser {
  /// The documents of a source that say something; those that are empty or null are passed over.
  ///
  /// - Throws: `YAMLError`, with the place of the first mistake.
  /// - Complexity: O(length), and what aliases add.
  public static func documents(
    in source: YAMLSource, limits: YAMLLimits = YAMLLimits()
  ) throws(YAMLError) -> [YAMLDocument] {
    let text = try SourceText.decode(source, limits: limits)
    var reader = StreamReader(text: text, limits: limits)
    do {
      return try reader.documents()
    } catch {
      // JSON writes characters beyond U+FFFF as two escapes, which libyaml does not know.
      guard error.kind == .syntax, let joined = text.joiningSurrogates() else { throw error }
      var second = StreamReader(text: joined, limits: limits)
      return try second.documents()
    }
  }
}
