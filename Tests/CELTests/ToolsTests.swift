import CEL
import CELTools
import Testing
import ValueTree

@Suite("Tools: conformance lines and the command")
struct ToolsTests {
  @Test(
    "Conformance answers",
    arguments: [
      (#"{"expr": "1 + 1"}"#, #"{"value":{"int64Value":"2"}}"#),
      (
        #"{"expr": "[1u, 1.5]"}"#,
        #"{"value":{"listValue":{"values":[{"uint64Value":"1"},{"doubleValue":1.5}]}}}"#
      ),
      (
        #"{"expr": "{'a': b'x'}"}"#,
        #"{"value":{"mapValue":{"entries":[{"key":{"stringValue":"a"},"value":{"bytesValue":"eA=="}}]}}}"#
      ),
      (#"{"expr": "null"}"#, #"{"value":{"nullValue":null}}"#),
      (#"{"expr": "type(1)"}"#, #"{"value":{"typeValue":"int"}}"#),
      (#"{"expr": "1.0/0.0"}"#, #"{"value":{"doubleValue":"Infinity"}}"#),
      (
        #"{"expr": "[1]", "checkOnly": true}"#,
        #"{"type":{"listType":{"elemType":{"primitive":"INT64"}}}}"#
      ),
      (
        #"{"expr": "x", "typeEnv": [{"name": "x", "ident": {"type": {"primitive": "INT64"}}}]}"#,
        #"{"unknown":["x"]}"#
      ),
      (
        #"{"expr": "x + 1", "typeEnv": [{"name": "x", "ident": {"type": {"primitive": "INT64"}}}], "bindings": {"x": {"value": {"int64Value": "4"}}}}"#,
        #"{"value":{"int64Value":"5"}}"#
      ),
      (
        #"{"expr": "f(1)", "checkOnly": true, "typeEnv": [{"name": "f", "function": {"overloads": [{"overloadId": "f", "params": [{"primitive": "INT64"}], "resultType": {"wellKnown": "DURATION"}}]}}]}"#,
        #"{"type":{"wellKnown":"DURATION"}}"#
      ),
      (
        #"{"expr": "x == 1", "disableCheck": true, "bindings": {"x": {"value": {"doubleValue": 1}}}}"#,
        #"{"value":{"boolValue":true}}"#
      ),
    ])
  func answers(_ line: String, _ answer: String) {
    var conformance = Conformance()
    #expect(conformance.run([line, ""]) == [answer])
  }

  @Test(
    "Errors are answers too",
    arguments: [#"{"expr": "1 / 0"}"#, #"{"expr": "1 +"}"#, "{}", "not json"])
  func errors(_ line: String) {
    var conformance = Conformance()
    #expect(conformance.answer(line).hasPrefix(#"{"error":"#))
  }

  @Test("The command evaluates on a document")
  func command() throws {
    let document = try json(#"{"spec": {"replicas": 3, "names": ["a", "b"]}}"#)
    let result = try ExpressionCommand(
      expression: "{'twice': self.spec.replicas * 2, 'names': object.spec.names}", input: document
    ).run()
    #expect(result.value == (try json(#"{"twice": 6, "names": ["a", "b"]}"#)))
    #expect(result.cost > 0)
    #expect(try ExpressionCommand(expression: "1 + 1").run().value == 2)
    #expect(throws: ExpressionCommand.Mistake.self) {
      try ExpressionCommand(expression: "self.a").run()
    }
  }

  @Test("The command checks types against a resource's definition")
  func typeCheck() throws {
    let definition = try json(
      """
      {"kind": "CustomResourceDefinition", "spec": {"names": {"kind": "Widget"}, "versions": [
        {"name": "v1", "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object",
          "properties": {"replicas": {"type": "integer"}}}}}}},
        {"name": "v2", "storage": true, "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object",
          "properties": {"count": {"type": "integer"}}}}}}}]}}
      """)
    let stored = try ExpressionCommand(expression: "self.spec.count + 1", schema: definition).run()
    #expect(stored.type == .int && stored.value == nil)
    let document = try json(#"{"apiVersion": "example.com/v1", "spec": {"replicas": 1}}"#)
    let first = try ExpressionCommand(
      expression: "self.spec.replicas == 1", input: document, schema: definition
    ).run()
    #expect(first.value == true)
    #expect(throws: CompilationError.self) {
      try ExpressionCommand(expression: "self.spec.count", input: document, schema: definition)
        .run()
    }
    #expect(throws: ExpressionCommand.Mistake.self) {
      try ExpressionCommand(expression: "1", schema: try json("{}")).run()
    }
  }

  @Test("Values become data")
  func data() throws {
    let value = try evaluate(
      "{'a': 1u, 'b': timestamp(0), 'c': duration('1s'), 'd': b'x', 1: optional.none(), 'q': quantity('1Gi')}"
    )
    #expect(
      value.tree()
        == (try json(
          #"{"a": 1, "b": "1970-01-01T00:00:00Z", "c": "1s", "d": "eA==", "1": null, "q": "1Gi"}"#))
    )
    #expect(try evaluate("0.0 / 0.0").tree() == "NaN")
    #expect(try evaluate("[1, 2, 3]").tree(nodesMax: 3) == nil)
  }
}
