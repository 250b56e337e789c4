import Testing
import ValueTree

@testable import YAMLCoding

/// The documents of a text.
func documents(_ text: String, limits: YAMLLimits = YAMLLimits()) throws -> [YAMLDocument] {
  try YAMLParser.documents(in: YAMLSource(name: "test.yaml", text: text), limits: limits)
}

/// The value of a text's only document.
func value(_ text: String) throws -> Value {
  let all = try documents(text)
  #expect(all.count == 1)
  return try #require(all.first).value
}

/// The error of a text that has one.
func failure(
  _ text: String, limits: YAMLLimits = YAMLLimits(), location: SourceLocation = #_sourceLocation
) throws -> YAMLError {
  try failure(Array(text.utf8), limits: limits, location: location)
}

/// The error of bytes that have one.
func failure(
  _ bytes: [UInt8], limits: YAMLLimits = YAMLLimits(), location: SourceLocation = #_sourceLocation
) throws -> YAMLError {
  let source = YAMLSource(name: "test.yaml", bytes: bytes)
  return try #require(
    throws: YAMLError.self, sourceLocation: location,
    performing: { try YAMLParser.documents(in: source, limits: limits) })
}

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// The path that a text spells.
func path(_ text: String) -> FieldPath {
  do { return try FieldPath(parsing: text) } catch { preconditionFailure("\(error)") }
}
