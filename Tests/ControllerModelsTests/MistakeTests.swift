import APIMachinery
import ControllerModels
import Foundation
import Testing
import YAMLCoding

/// What is wrong with a model is said with its place; `Golden/mistakes.txt` holds every message word for word.
@Suite("Mistakes: each is told with file, line, column and what was expected")
struct MistakeTests {
  private static let whole = """
    apiVersion: drydock.dev/v1alpha1
    kind: ControllerModel
    metadata:
      name: whole
    spec:
      for: {kind: DeviceBinding}
      finalizer: example.com/whole
      workers: 2
      variables:
        seen: {scope: object, initial: []}
      owns:
      - {kind: Pod, selector: app=web}
      watches:
      - {kind: ConfigMap, map: {label: owner}}
      leaderElection: {lease: whole}
      steps:
      - get: {}
      - if: object.metadata.deletionTimestamp != null
        then:
        - release: {pool: object.spec.pool}
        - removeFinalizer: {}
        - done:
      - ensureFinalizer: {}
        onError: {Conflict: retry, "*": fail}
      - allocate: {pool: object.spec.pool, count: 2, as: taken}
        onError: {Exhausted: {goto: none}}
      - updateStatus: {set: {phase: "'Bound'"}}
      - call: tell
      - done:
      - label: none
        requeue: {after: 30s}
      procedures:
        tell:
        - event: {reason: Done, message: "'took ' + string(size(taken))"}

    """

  /// A name, and what stands in the model instead of what.
  private static let mistakes: [(name: String, from: String, to: String)] = [
    ("another version", "v1alpha1", "v1"),
    ("no name", "  name: whole", "  labels: {}"),
    ("a name with a blank", "name: whole\n", "name: my model\n"),
    ("an unknown field", "workers: 2", "worker: 2"),
    ("too many workers", "workers: 2", "workers: 257"),
    ("an unknown kind", "for: {kind: DeviceBinding}", "for: {kind: DeviceBindng}"),
    ("no kind", "for: {kind: DeviceBinding}", "for: {}"),
    ("an unknown kind of children", "{kind: Pod,", "{kind: Pods2,"),
    ("a wrong selector", "selector: app=web", "selector: app in web"),
    ("a mapping that says nothing", "map: {label: owner}", "map: {}"),
    ("a mapping that says two things", "map: {label: owner}", "map: {label: owner, name: {}}"),
    ("an unknown scope", "scope: object", "scope: key"),
    ("a variable with a reserved name", "    seen:", "    object:"),
    ("times of a lease that do not fit", "{lease: whole}", "{lease: whole, renewDeadline: 20s}"),
    ("no steps", "  steps:\n", "  steps: {}\n  ignored:\n"),
    ("an unknown step", "- updateStatus:", "- updateStatu:"),
    ("a step that does two things", "- get: {}", "- get: {}\n    done:"),
    ("a step that is no map", "- get: {}", "- get"),
    ("an unknown field of a step", "count: 2, as: taken", "cuont: 2, as: taken"),
    (
      "a step without what it needs", "{pool: object.spec.pool, count: 2, as: taken}", "{as: taken}"
    ),
    ("an unknown choice", "count: 2, as: taken", "by: owners, as: taken"),
    ("a name that is none", "as: taken}", "as: 'it is'}"),
    ("an unknown reason", "Conflict: retry", "Conflct: retry"),
    ("an unknown reaction", "Conflict: retry", "Conflict: retri"),
    ("a reaction with a wrong duration", "{goto: none}", "{requeue: 30 seconds}"),
    ("a reaction with a misspelt target", "{goto: none}", "{requeu: 30s}"),
    (
      "a reaction to everything with a misspelt target", "{Exhausted: {goto: none}}",
      "{requeu: 30s}"
    ),
    ("a negative count", "count: 2, as: taken", "count: -1, as: taken"),
    ("a negative count as CEL", "count: 2, as: taken", "count: '-1', as: taken"),
    ("an unknown label", "{goto: none}", "{goto: nope}"),
    ("a label twice", "- updateStatus:", "- label: none\n  - updateStatus:"),
    ("an unknown procedure", "call: tell", "call: tel"),
    ("a procedure that calls itself", "- event:", "- call: tell\n    - event:"),
    ("a procedure that nobody calls", "- call: tell\n", "- wait: 1s\n"),
    ("a step that is never reached", "- updateStatus:", "- done:\n  - updateStatus:"),
    (
      "a name before it is set", "- get: {}\n", "- if: size(taken) > 0\n    then: []\n  - get: {}\n"
    ),
    (
      "a name that is set on one way only", "  - call: tell\n",
      "  - if: size(taken) > 1\n    then: [{set: {two: true}}]\n  - wait: 1s\n    when: two\n  - call: tell\n"
    ),
    (
      "an expression with a slip", "object.metadata.deletionTimestamp != null",
      "objct.metadata.name == ''"
    ),
    ("an expression that ends too early", "pool: object.spec.pool}", "pool: object.spec.}"),
    (
      "an expression in quotes", "\"'took ' + string(size(taken))\"",
      "\"'took ' + sting(size(taken))\""
    ),
    (
      "an expression over two lines", "\"'took ' + string(size(taken))\"",
      "|\n          'took ' +\n          string(size(tkn))"
    ),
    ("an unknown function", "string(size(taken))", "size(taken, 1)"),
    ("a finalizer that the model has not", "  finalizer: example.com/whole\n", ""),
    (
      "what the server owns", "set: {phase: \"'Bound'\"}",
      "set: {phase: \"'Bound'\"}}\n  - update: {set: {metadata.uid: \"''\"}"
    ),
    (
      "items that an owner gives back", "release: {pool: object.spec.pool}",
      "release: {pool: object.spec.pool, items: taken}"
    ),
    (
      "items that are missing", "release: {pool: object.spec.pool}",
      "release: {pool: object.spec.pool, by: name}"
    ),
    (
      "an effect in a handler", "{kind: DeviceBinding}",
      "{kind: DeviceBinding, handlers: {added: [{wait: 1s}]}}"
    ),
    ("a handler's step elsewhere", "- get: {}", "- drop:\n  - get: {}"),
    (
      "a variable to forget that is none", "{kind: DeviceBinding}",
      "{kind: DeviceBinding, handlers: {deleted: [{forget: [sen]}]}}"
    ),
    ("a variable when an event is mapped", "map: {label: owner}", "map: {cel: seen}"),
    (
      "a create with two names", "- call: tell\n",
      "- call: tell\n  - create: {kind: Pod, name: \"'a'\", generateName: \"'a-'\"}\n"
    ),
    (
      "a template that does not fit", "- call: tell\n",
      "- call: tell\n  - create: {kind: Pod, name: \"'a'\", template: {metadata: {labels: 5}}}\n"
    ),
    ("an object that nothing sets", "- updateStatus: {set", "- updateStatus: {of: objekt, set"),
    ("a text without quotes", "phase: \"'Bound'\"", "phase: Bound"),
    ("an if that leads nowhere", "- call: tell\n", "- call: tell\n  - if: size(taken) > 1\n"),
    ("a condition that is none", "- call: tell\n", "- call: tell\n    when: size(taken)\n"),
    ("a count that is a text", "count: 2,", "count: \"'two'\","),
    ("a step that is a word", "- done:\n", "- done\n"),
    ("a name that CEL has", "as: taken", "as: in"),
    (
      "a field that the kind has not", "- call: tell\n",
      "- call: tell\n  - update: {set: {spec.cuont: \"2\"}}\n"
    ),
    (
      "a template with a field that the kind has not", "- call: tell\n",
      "- call: tell\n  - create: {kind: Pod, name: \"'a'\", template: {spec: {nodName: n}}}\n"
    ),
    ("a duration without a unit", "- call: tell\n", "- call: tell\n  - wait: 5\n"),
    (
      "metadata with a slip in a guard", "object.metadata.deletionTimestamp",
      "object.metadata.deletionTimestmp"
    ),
    ("a field with a slip", "{pool: object.spec.pool}", "{pool: object.spec.pol}"),
    (
      "a field with a slip in has()", "- call: tell\n",
      "- call: tell\n    when: has(object.spec.cuont) && object.spec.count > 1\n"
    ),
    (
      "an optional field with a slip", "count: 2,", "count: object.?spec.?cuont.orValue(1),"
    ),
    (
      "a field by index with a slip", "count: 2,", "count: \"object.spec['cuont']\","
    ),
    (
      "a field with a slip in a list of objects", "- call: tell\n",
      "- call: tell\n  - list: {kind: Pod, as: pods, where: item.spec.nodName == 'a'}\n"
    ),
    (
      "a field with a slip in a macro", "- call: tell\n",
      "- call: tell\n  - list: {kind: Pod, as: pods}\n  - wait: 1s\n"
        + "    when: pods.exists(p, p.spec.containers.exists(c, c.imgae == 'a'))\n"
    ),
    (
      "a field with a slip in a loop over a name that a step sets", "- call: tell\n",
      "- call: tell\n  - list: {kind: Pod, as: pods}\n  - set: {own: \"pods.filter(p, true)\"}\n"
        + "  - forEach: own\n    as: pod\n    do:\n    - wait: 1s\n      when: pod.spec.nodName == ''\n"
    ),
    (
      "a grant's field with a slip", "{phase: \"'Bound'\"}", "{devices: \"taken.map(g, g.itm)\"}"
    ),
    (
      "an error's field with a slip", "label: none\n    requeue",
      "label: none\n    when: error.resaon == ''\n    requeue"
    ),
    (
      "an object spelt out with a slip", "- call: tell\n",
      "- call: tell\n  - create: {kind: Pod, name: \"'a'\", set: {spec: \"{'containers': [{'name': 'a', 'imgae': 'b'}]}\"}}\n"
    ),
    (
      "a field with a slip on a second line", "- call: tell\n",
      "- call: tell\n  - wait: 1s\n    when: |\n      true &&\n      object.spec.pol == ''\n"
    ),
    (
      "a field with a slip in what an event is asked", "{kind: DeviceBinding}",
      "{kind: DeviceBinding, when: old.spec.cuont != object.spec.count}"
    ),
    (
      "a field with a slip in a handler", "{kind: DeviceBinding}",
      "{kind: DeviceBinding, handlers: {added: [{set: {seen: object.spec.pol}}]}}"
    ),
    (
      "a field with a slip in a mapping", "map: {label: owner}",
      "map: {cel: \"object.dat['owner']\"}"
    ),
    (
      "metadata with a slip that is written", "- call: tell\n",
      "- call: tell\n  - update: {set: {metadata.lables.a: \"'b'\"}}\n"
    ),
    ("a record with a slip", "{phase: \"'Bound'\"}", "{devicez: \"taken.map(g, g.item)\"}"),
  ]

  @Test("every message is as recorded")
  func messages() throws {
    #expect(throws: Never.self) { try model(Self.whole) }
    var text = ""
    for (name, from, to) in Self.mistakes {
      try #require(Self.whole.contains(from), "\(name): there is no \"\(from)\"")
      let changed = Self.whole.replacingOccurrences(of: from, with: to)
      text += "== \(name)\n"
      do {
        _ = try model(changed)
        text += "nothing is wrong\n"
      } catch let error as SourceDiagnostic {
        text += "\(error)\n"
      } catch let error as YAMLError {
        text += "\(error.diagnostic)\n"
      }
      text += "\n"
    }
    #expect(!text.contains("nothing is wrong"))
    let golden = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Golden/mistakes.txt")
    if ProcessInfo.processInfo.environment["DRYDOCK_UPDATE_GOLDEN"] == "1" {
      try text.write(to: golden, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: golden, encoding: .utf8) == text)
  }
}
