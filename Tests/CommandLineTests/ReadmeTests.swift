import Foundation
import Testing

@Suite("The README: what it shows is what is printed")
struct ReadmeTests {
  /// A command and what the README shows of its output.
  private struct Block {
    let command: [String]
    var shown: [String]
  }

  private func text() throws -> String {
    try String(contentsOf: Program.root.appending(path: "README.md"), encoding: .utf8)
  }

  private func blocks() throws -> [Block] {
    var blocks: [Block] = []
    var fence: Substring?
    // Blocks with a language, and those that begin with no command of ours, are no output.
    var isOutput = false
    for line in try text().split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        fence = fence == nil ? line : nil
        isOutput = false
      } else if fence == "```", line.hasPrefix("$ drydock ") {
        isOutput = true
        blocks.append(
          Block(command: line.dropFirst(10).split(separator: " ").map(String.init), shown: []))
      } else if isOutput {
        blocks[blocks.count - 1].shown.append(String(line))
      }
    }
    return blocks
  }

  /// Words with one space between: the README may break a line where a terminal does.
  private func words(_ text: some StringProtocol) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test("Each block after a command is that command's output; … stands for lines left out")
  func blocksAreTrue() throws {
    let blocks = try blocks()
    #expect(blocks.count >= 3)
    try Program.withFolder { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "manifests"),
        withDestinationURL: Program.root.appending(path: "manifests"))
      for block in blocks {
        let run = try Program.runAll(block.command, folder: folder)
        var printed = run.output.replacing(Program.path, with: "drydock")
        // Ages depend on when the test runs; a scenario's times do not.
        if block.command[0] != "run" { printed = printed.replacing(#/\b\ds\b/#, with: "0s") }
        var rest = Substring(words(printed))
        let parts = block.shown.split(separator: "…", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
          let expected = words(part.joined(separator: "\n"))
          guard let place = rest.firstRange(of: expected) else {
            Issue.record("\(block.command): not printed (any more): \(expected)")
            break
          }
          if index == 0 { #expect(place.lowerBound == rest.startIndex, "\(block.command)") }
          rest = rest[place.upperBound...]
        }
        if block.shown.last(where: { !$0.isEmpty }) != "…" {
          #expect(rest.isEmpty, "\(block.command): the README leaves out \(rest)")
        }
      }
    }
  }

  @Test("Each command that the README names is one")
  func commandsExist() throws {
    let help = try Program.run("--help").output
    let known = Set(
      help.split(separator: "\n").compactMap { line in
        line.firstMatch(of: #/^  ([a-z]+)  /#).map { String($0.output.1) }
      } + ["help"])
    let named = try text().matches(of: #/(?:`|\$ |    )drydock ([a-z]+)/#).map {
      String($0.output.1)
    }
    #expect(named.count > 8)
    for name in named { #expect(known.contains(name), "\(name)") }
  }
}
