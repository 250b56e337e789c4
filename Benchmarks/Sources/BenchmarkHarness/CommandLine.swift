#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the command line asks for.
struct Options {
  var isQuick = false
  var filter: String?
  var jsonFile: String?
  /// Operations in a batch, of which there is one then: for counting instructions, where time is no guide.
  var iterations: Int?

  static let usage =
    "usage: drydock-bench [--quick] [--filter TEXT] [--json FILE] [--iterations COUNT]"

  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--quick": isQuick = true
      case "--filter":
        guard let text = rest.popFirst() else { return nil }
        filter = text
      case "--json":
        guard let file = rest.popFirst() else { return nil }
        jsonFile = file
      case "--iterations":
        guard let count = rest.popFirst().flatMap({ Int($0) }), count > 0 else { return nil }
        iterations = count
      default: return nil
      }
    }
  }
}

/// Runs the suites that the command line asks for: a table on standard output, JSON lines in a file.
///
/// - Returns: The exit code: 0, or 2 where the call is wrong. A missed target is shown, not judged: on a
///   shared machine a figure is a hint, and a gate would fail by accident.
public func runBenchmarks(_ suites: [Suite], arguments: [String]) -> Int32 {
  guard let options = Options(arguments) else {
    print(Options.usage)
    return 2
  }
  var runner = Runner(options: options)
  print(Table.header)
  for suite in suites {
    runner.run(suite) { row in
      print(Table.line(row))
      fflush(nil)
    }
  }
  let judged = runner.rows.compactMap(\.isMet)
  print("\n\(runner.rows.count) rows, \(judged.count { $0 }) of \(judged.count) targets met")
  if let name = options.jsonFile {
    guard write(runner.rows, to: name) else {
      print("cannot write \(name)")
      return 2
    }
  }
  return 0
}

private func write(_ rows: [Row], to name: String) -> Bool {
  guard let file = unsafe fopen(name, "w") else { return false }
  for row in rows { unsafe fputs(row.json + "\n", file) }
  return unsafe fclose(file) == 0
}

/// The table that people read.
enum Table {
  static let header =
    left("benchmark", 34) + right("best", 12) + right("median", 12) + right("rate", 16)
    + right("target", 16) + "\n" + String(repeating: "-", count: 96)

  static func line(_ row: Row) -> String {
    var best = ""
    var median = ""
    var rate = ""
    if let time = row.time {
      best = "\(figure(time.best)) ns"
      median = "\(figure(time.median)) ns"
      rate = "\(figure(1e9 / time.best)) /s"
    }
    if let megabytes = row.megabytesPerSecond { rate = "\(figure(megabytes)) MB/s" }
    if let memory = row.memory {
      best = memory.allocated.map { "\(figure($0)) B" } ?? ""
      median = memory.resident.map { "rss \(figure($0))" } ?? ""
    }
    if let ratio = row.ratio { best = "\(figure(ratio)) x" }
    let mark = row.isMet.map { $0 ? "  ok" : "  MISS" } ?? ""
    return left(row.name, 34) + right(best, 12) + right(median, 12) + right(rate, 16)
      + right(row.targetText, 16) + mark
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
