import APIMachinery
import CEL
import Testing
import ValueTree

@testable import ControllerModels

/// What is evaluated without the machine of the expression language gives what the machine gives.
@Suite("Native: simple expressions have the machine's answers")
struct NativeTests {
  private static let expressions = [
    "object == null", "object != null", "object.metadata.deletionTimestamp == null",
    "object.metadata.deletionTimestamp != null", "object.metadata.name == 'a'",
    "object.metadata.name != request.name", "request.namespace == \"default\"",
    "has(object.status.devices)", "!has(object.status.devices)", "has(object.spec.count)",
    "has(object.status.devices.name)", "has(object.metadata.labels.app)",
    "has(object.metadata.finalizers)", "has(object.metadata.name)", "has(object.metadata.nothing)",
    "object.spec.count > 1", "object.spec.count >= 2 && object.spec.count <= 3",
    "object.spec.count < size(grants)", "size(object.status.devices) == 0", "size(grants) == 0",
    "size(object.metadata.finalizers) > 0", "'x/y' in object.metadata.finalizers",
    "!('x/y' in object.metadata.finalizers)", "'app' in object.metadata.labels",
    "object.metadata.labels['app'] == 'web'",
    "object.spec.pool == 'gpus' || object.spec.count == 1",
    "object.spec.missing == 1 || true", "object.spec.missing == 1 && false",
    "object.spec.missing == 1", "object.spec.count == 1.5", "object.spec.ratio == 1.5",
    "has(object.spec.count) ? object.spec.count : 7", "object.spec.pool", "object.spec",
    "object.status", "object.metadata.uid == object.metadata.uid", "object.metadata.generation",
    "object.metadata.resourceVersion == '7'",
    "grants.map(g, {'name': g.item, 'gen': g.generation})",
    "grants == null", "x == 1", "x == 'a'", "x", "has(x.y)", "x.y == true",
    "object.spec.count == x",
    "(object.spec.count == 2)", "x in [1]", "'a' == 'a'", "null == null", "true && !false",
  ]

  private static let bodies: [Value] = [
    [:], ["spec": ["count": 2, "pool": "gpus"]], ["spec": ["count": 1, "ratio": 1.5]],
    [
      "metadata": ["finalizers": ["x/y"], "labels": ["app": "web"]],
      "status": ["devices": []], "spec": ["count": "2"],
    ],
    ["status": ["devices": [["name": "gpu-0"]]], "metadata": ["finalizers": ["a"]], "spec": 5],
  ]

  private static let others: [Register] = [
    .value(1), .value("a"), .value(.null), .value(["y": true]), .value([1, 2]), .unset,
  ]

  @Test("Every answer is the machine's, and simple ones come without it")
  func answers() throws {
    let scope = Scope(names: ["object", "request", "grants", "x"], constants: [])
    var nativeCount = 0
    for text in Self.expressions {
      let native = NativeParser.parse(text, registers: scope.registers, constants: [:])
      let program = try scope.environment.compileUnchecked(text)
      for (index, body) in (Self.bodies.map(Optional.some) + [nil]).enumerated() {
        let object = body.map {
          APIObject(
            type: ResourceRegistry.builtIn("drydock.dev/v1alpha1", "DeviceBinding"),
            header: ObjectHeader(
              namespace: "default", name: "a", uid: UID(high: 1, low: 2), resourceVersion: 7,
              generation: 3), body: $0)
        }
        for other in Self.others {
          let registers: ContiguousArray<Register> = [
            .object(object), .key(ObjectKey(namespace: "default", name: "a")), .grants([]), other,
          ]
          guard let found = native?.evaluate(registers).asValue else { continue }
          nativeCount += 1
          var bindings = Bindings(scope.environment)
          for (slot, register) in registers.enumerated() { bindings[slot] = register.celValue }
          var evaluator = Evaluator()
          let answer = try? evaluator.evaluate(program, bindings)
          #expect(answer?.tree() == found, "\(text) of body \(index), x \(other)")
        }
      }
    }
    #expect(nativeCount > 400)
  }

  @Test("What is not simple is left to the machine")
  func leaves() {
    for text in [
      "object.spec.count + 1 > 2", "object.?spec.count == 1", "grants.exists(g, g.item == 'a')",
      "object.spec.pool.startsWith('g')", "unknown == 1", "'a\\n' == 'b'", "r'a' == 'a'",
      "grants[0].item", "grants.map(g, g.item)", "1.5 == 1.5", "[1, 2] == [1]", "object.spec['a'",
    ] {
      #expect(
        NativeParser.parse(text, registers: ["object": 0, "grants": 1], constants: [:]) == nil,
        "\(text)")
    }
  }
}
