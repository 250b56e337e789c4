import APIMachinery
import ControllerModels
import Testing
import ValueTree
import YAMLCoding

/// What `MistakeTests` refuses, and what must not be refused with it.
@Suite("Fields: what no object can have is refused, and nothing else")
struct FieldTests {
  private static let schema: Value = [
    "type": "object",
    "properties": [
      "spec": [
        "type": "object",
        "properties": [
          "count": ["type": "integer"], "port": ["x-kubernetes-int-or-string": true],
          "limits": ["type": "object", "additionalProperties": ["type": "string"]],
          "parts": [
            "type": "array",
            "items": ["type": "object", "properties": ["name": ["type": "string"]]],
          ],
          "byName": [
            "type": "object",
            "additionalProperties": [
              "type": "object", "properties": ["size": ["type": "integer"]],
            ],
          ],
          "extra": [
            "type": "object", "x-kubernetes-preserve-unknown-fields": true,
            "properties": [
              "known": ["type": "object", "properties": ["inner": ["type": "string"]]]
            ],
          ],
        ],
      ],
      "status": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
    ],
  ]

  private func registry() throws -> (registry: ResourceRegistry, type: ResourceType) {
    var registry = ResourceRegistry.builtIn
    let definition = ResourceType.Definition(
      group: "example.com", version: "v1", kind: "Crew", plural: "crews", singular: "crew",
      isNamespaced: true)
    let schema = try StructuralSchema(reading: Self.schema, at: .root)
    let type = registry.register(definition, schema: schema)
    return (registry, type)
  }

  /// A model of crews whose last step has this condition.
  private func text(_ condition: String, before: String = "") -> String {
    """
    apiVersion: drydock.dev/v1alpha1
    kind: ControllerModel
    metadata: {name: crews}
    spec:
      for: {kind: Crew}
      variables: {memory: {initial: {}}}
      steps:
      - get: {}
      - get: {kind: Pod, name: "'p'", as: pod, missing: continue}
      - list: {kind: Pod, as: pods}
      - allocate: {pool: "'a'"}
      - set: {own: "pods.filter(p, p.metadata.name != '')", either: "pods == [] ? object : pod"}
    \(before)
      - wait: 1s
        when: \(condition)
    """
  }

  @Test(
    "What objects can have is accepted",
    arguments: [
      "object.spec.count > 1", "has(object.spec.port) && string(object.spec.port) != ''",
      "object.spec.limits.anything == 'a'", "object.spec.limits['any-thing'] == 'a'",
      "object.spec.parts.all(p, p.name != '')", "object.spec.parts[0].name == 'a'",
      "object.spec.byName.b.size > 1", "object.spec.byName.all(n, object.spec.byName[n].size > 1)",
      "object.spec.byName.exists(n, v, v.size > 1)", "object.spec.extra.what.ever == 1",
      "object.spec.extra.known.inner == 'a'", "object.status.what.ever[0].at == 'all'",
      "object.metadata.labels.app == 'web' && object.metadata.annotations['a/b'] == 'c'",
      "object.metadata.ownerReferences.exists(r, r.controller && r.uid == object.metadata.uid)",
      "object.metadata.managedFields == [] && object.metadata.generateName == ''",
      "object.kind == 'Crew' && object.apiVersion != '' && request.namespace == request.name",
      "pod != null && pod.spec.?nodeName.orValue('') == ''",
      "pods.exists(p, p.spec.containers.exists(c, c.resources.limits['cpu'] == '1'))",
      "own.map(p, p.status.?phase.orValue('none')).exists(s, s == 'Running')",
      "own.filter(p, p.spec.hostNetwork).map(p, p.metadata)[0].name == 'a'",
      "grants.all(g, g.item != '' && g.generation > 0 && g.state == 'Open' && g.key == g.owner)",
      "memory.any.thing == 1", "dyn(object).spec.nothing.of.this == 1",
      "either.spec.anything == 1", "cel.bind(s, object.spec, s.count > 1)",
      "{'a': object.spec}.a.anything == 1",
      "object.?spec.?parts.optMap(l, l[0].name).orValue('') == ''",
      "object.spec.?limits.?cpu.orValue('1') == '1'",
    ])
  func accepted(_ condition: String) throws {
    let registry = try registry().registry
    #expect(throws: Never.self) {
      try model(text("\"" + condition + "\""), registry: registry)
    }
  }

  @Test(
    "What no object can have is refused",
    arguments: [
      ("object.spec.cuont > 1", "spec.cuont"), ("has(object.spec.cuont)", "spec.cuont"),
      ("object.sepc.count > 1", "sepc"),
      ("object.spec.parts.all(p, p.nme == '')", "spec.parts.nme"),
      ("object.spec.byName.b.sise > 1", "spec.byName.sise"),
      ("object.spec.byName.exists(n, v, v.sise > 1)", "spec.byName.sise"),
      ("object.spec.extra.known.iner == 'a'", "spec.extra.known.iner"),
      ("object.spec.?cuont.orValue(1) > 1", "spec.cuont"),
      ("cel.bind(s, object.spec, s.cuont > 1)", "spec.cuont"),
      ("object.?spec.?parts.optMap(l, l[0].nme).orValue('') == ''", "spec.parts.nme"),
      (
        "object.metadata.ownerReferences.exists(r, r.controler)",
        "metadata.ownerReferences.controler"
      ),
      ("request.nmae == ''", "nmae"), ("grants.all(g, g.itm != '')", "itm"),
      ("pod.spec.nodName == ''", "spec.nodName"), ("own[0].spec.nodName == ''", "spec.nodName"),
      ("(own + pods)[0].spec.nodName == ''", "spec.nodName"),
      ("pods.filter(p, p.metadata.name == '')[0].metadata.nmae == ''", "metadata.nmae"),
    ])
  func refused(_ condition: String, _ path: String) throws {
    let registry = try registry().registry
    let error = try #require(throws: SourceDiagnostic.self) {
      try model(text("\"" + condition + "\""), registry: registry)
    }
    #expect(error.message.contains("has no field \"\(path)\""), "\(error)")
    #expect(error.suggestion != nil, "\(error)")
    // The mark points at the name itself.
    let name = try #require(path.split(separator: ".").last)
    let mark = try #require(error.mark)
    #expect(
      mark.lineText.unicodeScalars.dropFirst(mark.column - 1).starts(with: name.unicodeScalars))
  }

  @Test("A kind whose fields a scenario may still change is not asked, others are")
  func changing() throws {
    let (registry, _) = try registry()
    let conditions = ["object.spec.cuont > 1", "pod.spec.nodName == ''"]
    let results = try conditions.map { condition in
      let document = try #require(
        try YAMLParser.documents(in: YAMLSource(name: "m.yaml", text: text(condition))).first)
      return (try? ControllerModel(reading: document, registry: registry) { $0.kind == "Pod" })
        != nil
    }
    #expect(results == [true, false])
  }

  @Test(
    "A status that is open takes any field; one that is nearly the record's is refused, if nothing writes the record"
  )
  func records() throws {
    func text(_ step: String, _ more: String = "") -> String {
      """
      apiVersion: drydock.dev/v1alpha1
      kind: ControllerModel
      metadata: {name: claims}
      spec:
        for: {kind: PortClaim}
      \(more)
        steps:
        - get: {}
        - allocate: {pool: object.spec.pool}
        - updateStatus: {set: {\(step)}}
      """
    }
    #expect(throws: SourceDiagnostic.self) { try model(text("prots: \"[]\"")) }
    #expect(throws: SourceDiagnostic.self) { try model(text("prots.first: \"1\"")) }
    for fine in ["ports: \"[]\"", "phase: \"'a'\"", "prots: \"1\", ports: \"[]\""] {
      #expect(throws: Never.self) { try model(text(fine)) }
    }
    #expect(throws: Never.self) {
      try model(text("prots: \"[]\"", "  records: {pool: spec.pool, items: status.prots}"))
    }
  }
}
