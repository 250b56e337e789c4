import APIMachinery
import Testing
import ValueTree

@Suite("Structural schemas")
struct StructuralSchemaTests {
  private static let texts = [
    #"{"type": "object", "properties": {"a": {"type": "integer", "minimum": 0}, "b": {}}}"#,
    #"{"type": "object", "required": ["a"], "additionalProperties": {"type": "string"}}"#,
    #"""
    {"type": "object", "x-kubernetes-preserve-unknown-fields": true, "maxProperties": 2,
     "properties": {"a": {"type": "array", "items": {"type": "integer"}, "uniqueItems": true},
       "spec": {"type": "object", "properties": {"a": {"type": "boolean", "default": true}}}}}
    """#,
    #"""
    {"type": "object", "properties": {"items": {"type": "array", "maxItems": 2, "items": {}},
      "name": {"type": "string", "minLength": 1, "enum": ["a", "", "ü"]},
      "b": {"type": "number", "multipleOf": 0.5, "nullable": true},
      "a": {"x-kubernetes-int-or-string": true}, "spec": {"type": "object"}}}
    """#,
  ]

  private func schema(_ text: String) throws -> StructuralSchema {
    var reader = JSONReader()
    return try StructuralSchema(reading: reader.read(text), at: .root)
  }

  @Test("A value is accepted exactly when nothing would be changed in it and nothing is wrong")
  func accepts() throws {
    var random = SeededRandom(seed: 11)
    var accepted = 0
    for text in Self.texts {
      let schema = try schema(text)
      for _ in 0..<2_000 {
        var value = random.map(depth: 3)
        if random.below(4) == 0 { value = value.setting("b", to: .null) }
        if random.below(2) == 0 { value = schema.normalized(value) }
        let isFine =
          schema.normalized(value) == value && schema.problems(of: value, at: .root).isEmpty
        #expect(schema.accepts(value) == isFine, "\(value) and \(text)")
        if isFine { accepted += 1 }
      }
    }
    #expect(accepted > 500 && accepted < 7_500)
  }

  @Test("The fields that are unknown are those that pruning takes, each with what could be meant")
  func unknownFields() throws {
    var random = SeededRandom(seed: 12)
    for text in Self.texts {
      let schema = try schema(text)
      for _ in 0..<500 {
        let value = random.map(depth: 3)
        let unknown = schema.unknownFields(in: value)
        var rest = value
        for field in unknown.reversed() { rest = rest.removing(field.path) }
        #expect(schema.unknownFields(in: rest).isEmpty)
        // Defaults aside, the rest is what is left.
        #expect(schema.normalized(rest) == schema.normalized(value))
        #expect(unknown.allSatisfy { $0.isUnknownField })
      }
    }
    let first = try schema(Self.texts[0]).unknownFields(in: ["c": 1, "a": 2])
    #expect(first.map { "\($0)" } == ["c: unknown field"])
    #expect(first.first?.candidates == ["a", "b"])
  }

  @Test("Each of Drydock's kinds has a schema, and takes the objects that its documentation shows")
  func ownKinds() throws {
    let examples: [(String, Value)] = [
      ("Pool", ["spec": ["type": "ip", "cidrs": ["10.0.0.0/28"], "policy": "nextFit"]]),
      ("PortClaim", ["spec": ["pool": "p", "port": 30_080, "protocol": "TCP", "node": "a"]]),
      ("IPClaim", ["spec": ["pool": "p", "family": "IPv6", "ip": "fd00::7", "count": 0]]),
      ("GPUClaim", ["spec": ["pool": "p", "selector": ["ecc": true], "matchAttribute": "node"]]),
      (
        "DeviceBinding",
        ["metadata": ["labels": ["a": "b"]], "spec": ["pool": "p"], "status": ["phase": "Bound"]]
      ),
    ]
    for (kind, body) in examples {
      let type = ResourceRegistry.builtIn("drydock.dev/v1alpha1", kind)
      let schema = try #require(type.schema, "\(kind)")
      #expect(schema.accepts(body), "\(kind): \(schema.problems(of: body, at: .root))")
    }
    for type in ResourceRegistry.builtIn.types where type.definition.group == "drydock.dev" {
      #expect(examples.contains { $0.0 == type.kind }, "\(type.kind) has no example here")
    }
  }
}
