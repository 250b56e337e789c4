import BenchmarkHarness
import ValueTree

/// The object form: what every read, write, comparison and hash of an object costs.
let valueSuite = Suite(
  "value",
  [
    .time("parse", bytes: deploymentJSON.utf8.count, target: .megabytesPerSecond(atLeast: 200)) {
      parsing(deploymentJSON)
    },
    .time("parse-sorted", bytes: deploymentJSON.utf8.count) {
      parsing(deployment().description)
    },
    .time("parse-escapes", bytes: escapedJSON.utf8.count) { parsing(escapedJSON) },
    .time("parse-numbers", bytes: numbersJSON.utf8.count) { parsing(numbersJSON) },
    .time("print", bytes: deploymentJSON.utf8.count, target: .megabytesPerSecond(atLeast: 200)) {
      let value = deployment()
      let writer = JSONWriter()
      return { for _ in 0..<$0 { use(writer.bytes(value)) } }
    },
    .time("copy") {
      let value = deployment()
      return { for _ in 0..<$0 { use(copied(value)) } }
    },
    .time("set-field", target: .nanoseconds(atMost: 150)) {
      let value = deployment()
      let path = FieldPath("spec", "replicas")
      let other = Value(4)
      return { for _ in 0..<$0 { use(value.setting(path, to: other)) } }
    },
    .time("set-longer") {
      let value = deployment()
      let path = FieldPath("status", "phase")
      let other = Value("a field that was not there before")
      return { for _ in 0..<$0 { use(value.setting(path, to: other)) } }
    },
    .time("remove-field") {
      let value = deployment()
      let path = FieldPath("metadata", "finalizers")
      return { for _ in 0..<$0 { use(value.removing(path)) } }
    },
    .time("read-field", target: .nanoseconds(atMost: 40)) {
      let value = deployment()
      let path = FieldPath("spec", "replicas")
      return { for _ in 0..<$0 { use(value[path]) } }
    },
    .time("read-int") {
      let value = deployment()
      let spec: Key = "spec"
      let replicas: Key = "replicas"
      return { for _ in 0..<$0 { use(value[spec]?[replicas]?.int) } }
    },
    .time("equal", target: .nanoseconds(atMost: 100)) {
      let left = deployment()
      let right = deployment()
      return { for _ in 0..<$0 { use(left == right) } }
    },
    .time("content-hash", target: .nanoseconds(atMost: 400)) {
      let value = deployment()
      return { for _ in 0..<$0 { use(value.contentHash) } }
    },
    .time("difference") {
      let left = deployment()
      let right = left.setting(FieldPath("spec", "replicas"), to: 4) ?? left
      return { for _ in 0..<$0 { use(left.differences(to: right)) } }
    },
    .time("map-of-inline-keys", sizes: [10, 100, 1_000]) { size in
      let text = "{" + (0..<size).map { "\"label-\($0)\":\($0)" }.joined(separator: ",") + "}"
      return parsing(text)
    },
    .memory("memory", count: 100_000, target: .bytes(atMost: 1_331)) { count in
      var reader = JSONReader()
      return (0..<count).map { _ in read(deploymentJSON, with: &reader) }
    },
  ])

/// A string-heavy text: every string has escapes and characters beyond ASCII.
private let escapedJSON =
  "["
  + Array(repeating: #""line\n\u00fc\"quoted\"\\ Grüße aus 東京 \ud83d\ude00""#, count: 20)
  .joined(separator: ",") + "]"

private let numbersJSON =
  "[" + (1...50).map { "\($0).\($0)25,-\($0)0000000" }.joined(separator: ",") + "]"

private func parsing(_ text: String) -> Benchmark.Batch {
  let bytes = Array(text.utf8)
  return { iterations in
    var reader = JSONReader()
    for _ in 0..<iterations {
      do { use(try reader.read(bytes)) } catch { fatalError("\(error)") }
    }
  }
}

@inline(never)
private func copied(_ value: Value) -> Value { value }
