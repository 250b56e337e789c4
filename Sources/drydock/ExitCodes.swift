import APIMachinery
import ArgumentParser
import LocalCluster
import YAMLCoding

extension ExitCode {
  /// A property was violated.
  static let violated = ExitCode(1)
  /// The input or the call is wrong.
  static let badInput = ExitCode(2)
  /// What must hold in some run of a campaign held in none.
  static let neverMet = ExitCode(3)
  /// The time was up before there was an answer.
  static let outOfTime = neverMet
  /// Somebody wanted the work to end.
  static let interrupted = ExitCode(130)
  /// Drydock itself is wrong.
  static let internalError = ExitCode(70)
}

/// Several mistakes in the input, each with its place.
struct Mistakes: Error {
  let all: [SourceDiagnostic]
}

/// Runs a command's work; mistakes in the input are shown with their place, and exit with 2.
///
/// Whatever else is thrown is nobody's mistake but Drydock's, and must not look like a violated property.
func reportingMistakes(_ work: () throws -> Void) throws {
  do {
    try work()
  } catch let diagnostic as SourceDiagnostic {
    Console.error("\(diagnostic)")
    throw ExitCode.badInput
  } catch let mistakes as Mistakes {
    for mistake in mistakes.all { Console.error("\(mistake)") }
    throw ExitCode.badInput
  } catch let error as LabelSelector.ParseError {
    Console.error("error: \(error)")
    throw ExitCode.badInput
  } catch let error as StateFileError {
    Console.error("error: \(error)")
    throw ExitCode.badInput
  } catch let code as ExitCode {
    throw code
  } catch let wrongCall as ValidationError {
    throw wrongCall
  } catch {
    Console.error("\(error)")
    throw ExitCode.internalError
  }
}

extension ParsableCommand {
  /// Parses and runs; a wrong call exits with 2 and not with the parser's own code.
  static func runAsProgram() {
    Signals.install()
    do {
      try reportingMistakes { try Verbs.check(CommandLine.arguments.dropFirst()) }
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      Console.error(fullMessage(for: error))
      exit(withError: ExitCode.badInput)
    }
  }
}
