import BenchmarkHarness
import ValueTree
import YAMLCoding

/// YAML: what it costs to read a manifest, and to print an object.
let yamlSuite = Suite(
  "yaml",
  [
    .time("parse", bytes: deploymentYAML.count) {
      let source = YAMLSource(name: "deployment.yaml", bytes: deploymentYAML)
      return { for _ in 0..<$0 { use(documents(in: source)) } }
    },
    // JSON is YAML too: what kubectl sends may come this way.
    .time("parse-json", bytes: deploymentJSON.utf8.count) {
      let source = YAMLSource(name: "deployment.json", text: deploymentJSON)
      return { for _ in 0..<$0 { use(documents(in: source)) } }
    },
    // Marks are read when something is wrong, and then once.
    .time("parse-with-marks", bytes: deploymentYAML.count) {
      let source = YAMLSource(name: "deployment.yaml", bytes: deploymentYAML)
      return { for _ in 0..<$0 { use(documents(in: source)[0].marks()) } }
    },
    .time("emit", bytes: deploymentYAML.count) {
      let value = deployment()
      let emitter = YAMLEmitter()
      return { for _ in 0..<$0 { use(emitter.bytes(value)) } }
    },
  ])

private let deploymentYAML = YAMLEmitter().bytes(deployment())

private func documents(in source: YAMLSource) -> [YAMLDocument] {
  do { return try YAMLParser.documents(in: source) } catch { fatalError("\(error)") }
}
