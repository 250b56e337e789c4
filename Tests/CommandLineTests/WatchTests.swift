import Foundation
import Testing

@Suite("get --watch: a row for each change, until somebody has seen enough")
struct WatchTests {
  /// Map objects of these names and labels.
  private func maps(_ names: [String], app: String = "web", value: Int = 0) -> String {
    names.map {
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \($0), labels: {app: \(app)}}\n"
        + "data: {v: \"\(value)\"}\n"
    }.joined(separator: "---\n")
  }

  private func apply(_ text: String, _ folder: URL) throws {
    #expect(try Program.run("apply", "-f", "-", input: text, folder: folder).code == 0)
  }

  /// Starts a watch whose output goes to a file, and waits until it says what it says first.
  private func watching(
    _ arguments: [String], _ folder: URL, _ work: () throws -> Void
  ) throws -> String {
    let file = folder.appending(path: "out.txt")
    try Data().write(to: file)
    let process = Process()
    process.executableURL = URL(filePath: Program.path)
    process.arguments = ["get"] + arguments
    process.currentDirectoryURL = folder
    process.standardOutput = try FileHandle(forWritingTo: file)
    let error = Pipe()
    process.standardError = error
    try process.run()
    try work()
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130 && process.terminationReason == .exit)
    #expect(try error.fileHandleForReading.readToEnd() ?? Data() == Data())
    return String(decoding: try Data(contentsOf: file), as: UTF8.self)
  }

  /// Waits until a file holds a text.
  private func wait(for text: String, _ folder: URL) throws {
    for _ in 0..<3_000 {
      let data = try Data(contentsOf: folder.appending(path: "out.txt"))
      if String(decoding: data, as: UTF8.self).contains(text) { return }
      usleep(20_000)
    }
    Issue.record("\(text) never came")
  }

  private func withoutAges(_ text: String) -> String {
    text.replacing(#/\d+s$/#.anchorsMatchLineEndings(), with: "0s")
  }

  @Test("What another process adds, changes and deletes is shown as it comes, with one header")
  func changes() throws {
    try Program.withFolder { folder in
      try apply(maps(["a"]), folder)
      let output = try watching(["cm", "-w", "--output-watch-events"], folder) {
        try wait(for: "ADDED      a", folder)
        try apply(maps(["long-name"]), folder)
        try wait(for: "long-name", folder)
        try apply(maps(["a"], value: 1), folder)
        try wait(for: "MODIFIED", folder)
        _ = try Program.run("delete", "cm", "a", folder: folder)
        try wait(for: "DELETED", folder)
      }
      #expect(
        withoutAges(output)
          == """
          EVENT      NAME   DATA   AGE
          ADDED      a      1      0s
          ADDED      long-name   1      0s
          MODIFIED   a           1      0s
          DELETED    a           1      0s

          """)
    }
  }

  @Test("A selector makes an object come and go; each change is a document of its own")
  func documents() throws {
    try Program.withFolder { folder in
      try apply(maps(["a", "b"]), folder)
      let arguments = [
        "cm", "-l", "app=web", "--watch-only", "--output-watch-events", "-o",
        "jsonpath={.type} {.object.metadata.name}",
      ]
      let output = try watching(arguments, folder) {
        // Nothing is shown until something changes, so that is tried until it is seen.
        for value in 1...200 {
          try apply(maps(["a"], value: value), folder)
          let size = try Data(contentsOf: folder.appending(path: "out.txt")).count
          if size > 0 { break }
          usleep(20_000)
        }
        try apply(maps(["b"], app: "db"), folder)
        try wait(for: "DELETED b", folder)
        try apply(maps(["b"]), folder)
        try wait(for: "ADDED b", folder)
      }
      let lines = output.split(separator: "\n")
      #expect(lines.first == "MODIFIED a")
      #expect(lines.suffix(2) == ["DELETED b", "ADDED b"])
    }
  }

  @Test("A watch may begin before there is a cluster, and ends by itself when it is told to")
  func timeout() throws {
    try Program.withFolder { folder in
      let start = Date()
      let run = try Program.run("get", "cm", "-w", "--request-timeout", "300ms", folder: folder)
      #expect(run.code == 0 && run.output.isEmpty && run.error.isEmpty)
      #expect(Date().timeIntervalSince(start) >= 0.3)
      try apply(maps(["a", "b"]), folder)
      let yaml = try Program.run(
        "get", "cm", "-w", "--request-timeout", "200ms", "-o", "yaml", folder: folder)
      #expect(yaml.output.components(separatedBy: "\n---\n").count == 2)
      #expect(!yaml.output.contains("kind: List"))
      let wrong = try Program.run("get", "cm", "-w", "--request-timeout", "soon", folder: folder)
      #expect(wrong.code == 2 && wrong.error.contains("--request-timeout is soon"))
      let missing = try Program.run("get", "cm", "zz", "-w", folder: folder)
      #expect(missing.code == 1 && missing.error.contains("\"zz\" not found"))
      let several = try Program.run("get", "cm,pools", "-w", folder: folder)
      #expect(several.code == 1)
      #expect(several.error == "error: you may only specify a single resource type\n")
    }
  }

  @Test("A reader that goes away ends the watch, without a word")
  func closedPipe() throws {
    try Program.withFolder { folder in
      try apply(maps(["a"]), folder)
      let process = Process()
      process.executableURL = URL(filePath: Program.path)
      process.arguments = ["get", "cm", "-w"]
      process.currentDirectoryURL = folder
      let output = Pipe()
      let error = Pipe()
      process.standardOutput = output
      process.standardError = error
      try process.run()
      _ = output.fileHandleForReading.availableData
      try output.fileHandleForReading.close()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 0)
      #expect(try error.fileHandleForReading.readToEnd() ?? Data() == Data())
    }
  }

  @Test("A file that is not a state file is told as everywhere")
  func foreign() throws {
    try Program.withFolder { folder in
      try Data("hello\n".utf8).write(to: folder.appending(path: "x.db"))
      let run = try Program.run("get", "cm", "-w", "--state", "x.db", folder: folder)
      #expect(run.code == 2 && run.error.contains("not a Drydock state file"))
      let memory = try Program.run("get", "cm", "-w", "--state", "none", folder: folder)
      #expect(memory.code == 2 && memory.error.contains("nobody who could change it"))
    }
  }
}
