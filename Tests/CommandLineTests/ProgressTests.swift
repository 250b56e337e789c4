import Foundation
import Testing

@Suite("Progress: told while it lasts, to people at a terminal only")
struct ProgressTests {
  /// Enough to take a while.
  private static let count = 6_000

  private func withMany<T>(_ body: (URL) throws -> T) throws -> T {
    try Program.withFolder { folder in
      let text = (0..<Self.count).map {
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m-\($0)}\n"
      }.joined(separator: "---\n")
      try Data(text.utf8).write(to: folder.appending(path: "many.yaml"))
      return try body(folder)
    }
  }

  @Test("On a terminal a line counts up, and is gone when the result comes")
  func terminal() throws {
    try withMany { folder in
      let (text, code) = try Terminal(["apply", "-f", "many.yaml"], folder: folder).finish()
      #expect(code == 0)
      let clear = "\r\u{1B}[K"
      let parts = text.components(separatedBy: clear)
      #expect(parts.count > 2)
      #expect(parts.contains { $0.contains(#/^\u{1B}\[2mapplied [\d,]+/6,000\u{1B}\[0m$/#) })
      #expect(parts.last?.hasPrefix("configmap/m-0 created\n") ?? false)
      let plain = try Terminal(
        ["apply", "-f", "many.yaml"], folder: folder, environment: ["NO_COLOR": "1"]
      ).finish().text
      #expect(plain.contains(#/\r\u{1B}\[Kapplied [\d,]+/6,000\r/#))
    }
  }

  @Test("On a terminal that only takes text, and in a pipe, there is none")
  func none() throws {
    try withMany { folder in
      let dumb = try Terminal(
        ["apply", "-f", "many.yaml"], folder: folder, environment: ["TERM": "dumb"]
      ).finish().text
      #expect(!dumb.contains("\u{1B}") && !dumb.contains("applied"))
      let pipe = try Program.run("apply", "-f", "many.yaml", folder: folder)
      #expect(pipe.error.isEmpty && !pipe.output.contains("applied"))
    }
  }

  @Test("Ctrl-C takes the line away, exits with 130, and leaves the cluster as it was")
  func interrupted() throws {
    try withMany { folder in
      _ = try Program.run(
        "apply", "-f", "-", input: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: old}\n",
        folder: folder)
      let terminal = try Terminal(["apply", "-f", "many.yaml"], folder: folder)
      let begun = terminal.read(until: "applied")
      #expect(begun.contains("applied"))
      terminal.interrupt()
      let (rest, code) = terminal.finish()
      #expect(code == 130)
      #expect(rest.hasSuffix("\r\u{1B}[K"))
      let left = try Program.run("get", "cm", "-o", "name", folder: folder)
      #expect(left.output == "configmap/old\n")
    }
  }
}
