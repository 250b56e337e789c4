import Foundation
import Scenarios
import Testing
import YAMLCoding

/// What is wrong is said with its place; `Golden/malformed.txt` holds every message word for word.
@Suite("Malformed: each mistake is told with file, line, column and what was expected")
struct MalformedTests {
  /// A name, and what stands in the scenario instead of what.
  private static let scenarios: [(name: String, from: String, to: String)] = [
    ("no such API version", "drydock.dev/v1alpha1\nkind: Scenario", "v1\nkind: Scenario"),
    ("no API version", "apiVersion: drydock.dev/v1alpha1\nkind: S", "kind: S"),
    ("no Scenario", "kind: Scenario", "kind: Scenery"),
    ("unknown field at the top", "spec:\n  desc", "specs:\n  desc"),
    ("no spec", "spec:\n  description: Everything that a scenario can say.", "metadata2:"),
    ("no name", "  name: whole", "  {}"),
    ("a name that is a path", "name: whole", "name: ../whole"),
    ("a name that is a number", "name: whole", "name: 7"),
    ("metadata that is no map", "metadata:\n  name: whole", "metadata: whole"),
    ("unknown field of spec", "workload:", "workloads:"),
    ("unknown field of a process", "informerLag", "informerLog"),
    ("a process without a name", "- name: binder\n", "- replicas: 1\n"),
    ("a process's name with a blank", "name: binder\n", "name: my binder\n"),
    (
      "a process without controllers", "controllers:\n    - use: naive-binding\n      workers: 3\n",
      ""
    ),
    ("controllers that are no list", "controllers:\n    - use:", "controllers:\n      use:"),
    ("an unknown controller", "use: naive-binding", "use: naive-bindng"),
    ("a controller twice", "      workers: 3\n", "    - use: naive-binding\n"),
    ("no workers", "workers: 3", "workers: 0"),
    ("too many workers", "workers: 3", "workers: 257"),
    ("workers in words", "workers: 3", "workers: three"),
    ("variables of a controller in Swift", "workers: 3", "variables: {patience: 3}"),
    ("a negative lag", "informerLag: 1s", "informerLag: -1s"),
    ("a lag without a unit", "informerLag: 1s", "informerLag: 5"),
    ("a delay that is no duration", "restartAfter: 2s", "restartAfter: soon"),
    ("too many replicas", "replicas: 2", "replicas: 65"),
    ("a step that does nothing", "- look:", "- when: settled"),
    ("a step that does two things", "- look:", "- look:\n    delete: {kind: Pool, name: gpus}"),
    ("an unknown action", "- look:", "- lock:"),
    ("an apply of nothing", "- look:", "- apply:"),
    ("a look at something", "- look:", "- look: gpus"),
    ("a look at once", "- look:", "- look:\n    when: immediately"),
    ("an unknown moment", "when: settled", "when: later"),
    ("a moment without a duration", "when: after 5s", "when: after"),
    ("a moment with a wrong duration", "when: after 5s", "when: after five"),
    ("a patch without a patch", ", merge: {spec: {count: 2}}", ""),
    ("a patch that is no map", "merge: {spec: {count: 2}}", "merge: 5"),
    (
      "an unknown kind to delete", "{kind: DeviceBinding, namespace",
      "{kind: DeviceBindingz, namespace"
    ),
    ("no name to delete", "namespace: default, name: train}", "namespace: default}"),
    (
      "an unknown kind to apply", "kind: DeviceBinding\n      metadata",
      "kind: DeviceBindin\n      metadata"
    ),
    ("an object without a name to apply", "metadata: {name: train}", "metadata: {}"),
    ("an unknown fault to allow", "[crash, lost-reply]", "[crash, lost-replies]"),
    ("a negative budget", "budget: 2", "budget: -1"),
    ("odds of nothing", "odds: 10", "odds: 0"),
    ("an unknown fault in the script", "fault: conflict", "fault: crash"),
    ("an unknown operation", "operation: update", "operation: updat"),
    ("a script without an operation", "operation: update, ", ""),
    ("an object with two slashes", "object: default/train", "object: a/b/c"),
    ("an object with an empty name", "object: default/train", "object: default/"),
    ("an unknown process", "process: binder-1", "process: binder"),
    ("the zeroth occurrence", "occurrence: 2", "occurrence: 0"),
    (
      "an unknown system controller", "  limits:",
      "  systemControllers: [garbage-colector]\n  limits:"
    ),
    (
      "a system controller twice", "  limits:",
      "  systemControllers: [crd-cleanup, crd-cleanup]\n  limits:"
    ),
    (
      "an unknown propagation", "namespace: default, name: train}",
      "namespace: default, name: train, propagationPolicy: foreground}"
    ),
    ("a limit that is no duration", "virtualTime: 1h", "virtualTime: 1 hour"),
    ("no decisions", "decisions: 1000", "decisions: 0"),
    ("an included file that is missing", "pools/gpus.yaml", "pools/gpu.yaml"),
    ("an include that is no list", "include: [pools/gpus.yaml]", "include: pools/gpus.yaml"),
    ("an object twice", "metadata: {name: first}", "metadata: {name: gpus}\nkind: Pool\n#"),
    ("an object that is there twice", "---\n", "---\n" + twin + "---\n"),
    ("an object with a name that is none", "{name: first}", "{name: First}"),
    ("a duplicate key", "  limits:", "  faults: {}\n  limits:"),
    ("a tab", "  limits:", "\tlimits:"),
    (
      "an unknown collector", "  limits:",
      "  oracles: {collectors: [naive-bindin]}\n  limits:"
    ),
    (
      "thresholds in the wrong order", "  limits:",
      "  thresholds: {orphanAge: {warning: 5m, critical: 10s}}\n  limits:"
    ),
    ("an unknown pool to take from", "- look:", "- take: {pool: gpu, item: gpu-0}"),
    (
      "an unknown pool in a step that is repeated", "- look:",
      "- repeat: {times: 2, every: 1s, steps: [{release: {pool: gpu, item: gpu-0}}]}"
    ),
    ("an unknown process to restart", "- look:", "- restart: {process: binder}"),
    ("a lag of an unknown kind", "informerLag: 1s", "informerLag: {devicebindins: 1s}"),
    property("an unknown process in a property", "processes['binder-2'].running"),
    property("an unknown field of a process in a property", "processes['binder-1'].runing"),
    property("an unknown pool in a property", "pools.gpu.free == 0"),
    property("an unknown pool by its name in a property", "has(pools['gpu'].free)"),
    property("an unknown field of a pool in a property", "pools.gpus.fre == 0"),
    property("an unknown field of a grant in a property", "grants.all(g, g.pol == 'gpus')"),
    property(
      "a field that the kind has not in a property",
      "objects.DeviceBinding.all(d, d.spec.cuont > 0)"),
    ("two Scenarios", "---\n", "---\napiVersion: drydock.dev/v1alpha1\nkind: Scenario\n---\n"),
  ]

  private static func property(
    _ name: String, _ text: String
  ) -> (name: String, from: String, to: String) {
    (name, "  limits:", "  properties:\n  - {name: a, always: \"\(text)\"}\n  limits:")
  }

  private static let twin = """
    apiVersion: drydock.dev/v1alpha1
    kind: DeviceBinding
    metadata: {name: first}
    spec: {pool: gpus}

    """

  private static let pools: [(name: String, from: String, to: String)] = [
    ("a pool without a type", "type: gpu, ", ""),
    ("a pool of an unknown type", "type: gpu", "type: gpus"),
    ("a pool of nothing", "count: 4", "count: 0"),
    ("an unknown field of a pool", "count: 4", "counts: 4"),
    ("a pool's unknown backing", "count: 4", "count: 4, backing: disk"),
    ("a device twice", "count: 4", "devices: [{name: a}, {name: a}]"),
    ("an included Scenario", "kind: Pool", "kind: Scenario"),
    ("a pool in a namespace", "{name: gpus}", "{name: gpus, namespace: default}"),
  ]

  private static let traces: [(name: String, from: String, to: String)] = [
    ("a trace of another kind", "kind: Trace", "kind: Scenario"),
    ("a trace of another version", "drydock.dev/v1alpha1", "drydock.dev/v9"),
    ("a trace without a hash", "  hash: ffffffffffffffff\n", ""),
    ("a trace with an unknown field", "  verdict:", "  verdikt: a\n  verdict:"),
    ("a hash that is too long", "ffffffffffffffff", "fffffffffffffffff"),
    ("a digest that is a number", "00000000000000ff", "12"),
    ("a seed that is a number", "\"7\"", "7"),
    ("an unknown verdict", "verdict: leak", "verdict: leaky"),
    ("a deviation without a place", "at: 'p0/c", "ad: 'p0/c"),
    ("negative decisions", "decisions: 12", "decisions: -1"),
  ]

  private func message(_ work: () throws -> Void) -> String {
    do {
      try work()
      return "no mistake was found"
    } catch {
      return "\(error)"
    }
  }

  @Test("Every message is the one that it was")
  func golden() throws {
    var text = ""
    for (name, from, to) in Self.scenarios {
      try #require(wholeScenario.contains(from), "\(name)")
      let changed = wholeScenario.replacing(from, with: to, maxReplacements: 1)
      text += "## \(name)\n" + message { _ = try read(changed) } + "\n\n"
    }
    for (name, from, to) in Self.pools {
      try #require(includedPool.contains(from), "\(name)")
      let changed = includedPool.replacing(from, with: to, maxReplacements: 1)
      let files = ["in/pools/gpus.yaml": changed]
      text += "## \(name)\n" + message { _ = try read(wholeScenario, files) } + "\n\n"
    }
    for (name, from, to) in Self.traces {
      try #require(wholeTrace.contains(from), "\(name)")
      let source = YAMLSource(
        name: "t.yaml", text: wholeTrace.replacing(from, with: to, maxReplacements: 1))
      text += "## \(name)\n" + message { _ = try Trace(reading: source) } + "\n\n"
    }
    #expect(!text.contains("no mistake was found"))
    try expectGolden(text, "malformed.txt")
  }

  @Test("Whatever single line is missing, a scenario is read or refused, and nothing traps")
  func missingLines() throws {
    let lines = wholeScenario.split(separator: "\n", omittingEmptySubsequences: false)
    for index in lines.indices {
      var rest = lines
      rest.remove(at: index)
      _ = message { _ = try read(rest.joined(separator: "\n")) }
    }
    for count in 0..<wholeScenario.count {
      _ = message { _ = try read(String(wholeScenario.prefix(count))) }
    }
  }
}

/// Compares with a file beside the tests; with `DRYDOCK_UPDATE_GOLDEN=1` the file is written instead.
func expectGolden(
  _ text: String, _ name: String, location: SourceLocation = #_sourceLocation
) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
  if ProcessInfo.processInfo.environment["DRYDOCK_UPDATE_GOLDEN"] == "1" {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return
  }
  let golden = String(decoding: try Data(contentsOf: file), as: UTF8.self)
  let found = text.split(separator: "\n", omittingEmptySubsequences: false)
  let wanted = golden.split(separator: "\n", omittingEmptySubsequences: false)
  #expect(found.count == wanted.count, sourceLocation: location)
  for (index, pair) in zip(found, wanted).enumerated() where pair.0 != pair.1 {
    Issue.record(
      "\(name):\(index + 1) is \"\(pair.0)\" and was \"\(pair.1)\"", sourceLocation: location)
    return
  }
}
