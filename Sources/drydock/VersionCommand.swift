import ArgumentParser

/// `drydock version`.
struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Print the version.",
    discussion: """
      EXAMPLES
        drydock version
      """)

  /// The version of this build.
  static let version = "0.1.0-dev"

  func run() { Console.print(["drydock \(Self.version)"]) }
}
