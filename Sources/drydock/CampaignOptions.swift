import ArgumentParser
import Exploration
import Scalars

/// What the commands that run many schedules have in common.
struct CampaignOptions: ParsableArguments {
  static let seedDefault: UInt64 = 1

  @Option(help: "Draw schedules from this seed.")
  var seed = CampaignOptions.seedDefault

  @Option(help: "How many threads; as many as there are cores unless said otherwise.")
  var jobs: Int?

  /// The threads to use.
  func threads() throws -> Int {
    let jobs = jobs ?? CampaignThreads.coreCount
    guard (1...1_024).contains(jobs) else {
      throw ValidationError("--jobs is \(jobs); expected 1 to 1024")
    }
    return jobs
  }
}

/// A time such as `30s`.
struct TimeArgument: ExpressibleByArgument {
  let duration: GoDuration

  init(_ duration: GoDuration) { self.duration = duration }

  var defaultValueDescription: String { "\(duration)" }

  init?(argument: String) {
    if let seconds = Int64(argument), seconds >= 0 {
      duration = .seconds(seconds)
    } else if let duration = try? GoDuration(parsing: argument), duration >= .zero {
      self.duration = duration
    } else {
      return nil
    }
  }
}

/// The value of `--strategy`.
struct StrategyArgument: ExpressibleByArgument {
  let strategy: Strategy

  init(_ strategy: Strategy) { self.strategy = strategy }

  init?(argument: String) {
    guard let strategy = Strategy(argument) else { return nil }
    self.strategy = strategy
  }

  var defaultValueDescription: String { strategy.description }
}

/// `INDEX/COUNT`: the part of a campaign that one of several machines takes.
struct Shard: ExpressibleByArgument {
  let index: Int
  let count: Int

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), count >= 1,
      (0..<count).contains(index)
    else { return nil }
    self.index = index
    self.count = count
  }

  init(index: Int, count: Int) {
    self.index = index
    self.count = count
  }
}
