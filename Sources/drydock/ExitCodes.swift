import ArgumentParser
import YAMLCoding

extension ExitCode {
  /// A property was violated.
  static let violated = ExitCode(1)
  /// The input or the call is wrong.
  static let badInput = ExitCode(2)
  /// Drydock itself is wrong.
  static let internalError = ExitCode(70)
}

/// Runs a command's work; mistakes in the input are shown with their place, and exit with 2.
func reportingMistakes(_ work: () throws -> Void) throws {
  do {
    try work()
  } catch let diagnostic as SourceDiagnostic {
    Console.error("\(diagnostic)")
    throw ExitCode.badInput
  }
}
