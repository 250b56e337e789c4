import BenchmarkHarness

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// One line per suite; a suite is one declaration in a file of its own beside this one.
let suites: [Suite] = [
  valueSuite, yamlSuite, celSuite, serverSuite, queueSuite, worldSuite,
]

exit(runBenchmarks(suites, arguments: Array(CommandLine.arguments.dropFirst())))
