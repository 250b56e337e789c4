import BenchmarkHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// One line per suite; a suite is one declaration in a file of its own beside this one. Room is kept for
// YAML, store verbs, the work queue, world forks and decisions.
let suites: [Suite] = [
  valueSuite, celSuite,
]

exit(runBenchmarks(suites, arguments: Array(CommandLine.arguments.dropFirst())))
