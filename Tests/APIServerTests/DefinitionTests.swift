import APIMachinery
import APIServer
import APIStore
import Testing
import ValueTree

@Suite("CustomResourceDefinitions: versions, names, columns, fields")
struct DefinitionTests {
  /// A definition of `widgets.example.com`.
  static func definition(
    plural: String = "widgets", kind: String = "Widget", names: Value = [:],
    versions: Value? = nil, spec: Value = [:]
  ) -> Value {
    let names = (["plural": Value(plural), "kind": Value(kind)] as Value).merging(names)
    let own: Value = [
      "group": "example.com", "scope": "Namespaced", "names": names,
      "versions": versions ?? [version("v1", isStorage: true)],
    ]
    return ["spec": own.merging(spec)]
  }

  static func version(
    _ name: String, isStorage: Bool = false, isServed: Bool = true, fields: Value = [:],
    more: Value = [:]
  ) -> Value {
    let properties: Value = [
      "spec": ["type": "object", "properties": fields],
      "status": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
    ]
    let own: Value = [
      "name": Value(name), "served": Value(isServed), "storage": Value(isStorage),
      "schema": ["openAPIV3Schema": ["type": "object", "properties": properties]],
    ]
    return own.merging(more)
  }

  private func bench(_ definition: Value, named name: String = "widgets.example.com") throws
    -> Bench
  {
    var bench = Bench(registry: .builtIn)
    try bench.create("customresourcedefinitions", name, body: definition)
    return bench
  }

  private func object(
    _ bench: Bench, _ version: String, _ name: String, _ body: Value
  ) throws -> APIObject {
    let type = try #require(
      bench.server.registry.type(apiVersion: "example.com/\(version)", kind: "Widget"))
    return try APIObject(
      decoding: body.setting("metadata", to: ["name": Value(name), "namespace": "default"]),
      as: type)
  }

  // MARK: Versions

  static let two: Value = definition(versions: [
    version(
      "v1beta1", isStorage: true,
      fields: ["size": ["type": "integer"], "old": ["type": "string", "default": "o"]]),
    version(
      "v1",
      fields: [
        "size": ["type": "integer", "minimum": 1], "new": ["type": "string", "default": "n"],
      ]),
  ])

  @Test("An object is one in all versions: each knows its own fields, and says its own apiVersion")
  func versions() throws {
    var bench = try bench(Self.two)
    let beta = try bench.create(object(bench, "v1beta1", "a", ["spec": ["size": 0, "old": "x"]]))
    #expect(beta.value["apiVersion"] == "example.com/v1beta1")
    let stable = try bench.server.get(object(bench, "v1", "a", [:]).type, beta.key)
    #expect(stable.value["apiVersion"] == "example.com/v1")
    #expect(stable.body["spec"] == ["size": 0])
    #expect(stable.uid == beta.uid && stable.resourceVersion == beta.resourceVersion)
    // Written through v1: its schema checks, completes and prunes; what it does not know is lost.
    let invalid = try bench.refusal { try $0.create(object($0, "v1", "b", ["spec": ["size": 0]])) }
    #expect(invalid.code == 422)
    let made = try bench.create(object(bench, "v1", "b", ["spec": ["size": 1, "old": "x"]]))
    #expect(made.body["spec"] == ["size": 1], "what the stored version does not know is lost")
    #expect(made.type.apiVersion == "example.com/v1")
    let seen = try bench.server.get(beta.type, made.key)
    #expect(seen.body["spec"] == ["size": 1, "old": "o"])
    // Whichever version asks, a list has both, in the version asked for.
    for version in ["v1", "v1beta1"] {
      let list = try bench.server.list(object(bench, version, "", [:]).type)
      #expect(list.objects.map(\.name) == ["a", "b"])
      #expect(list.objects.allSatisfy { $0.type.apiVersion == "example.com/\(version)" })
    }
  }

  @Test("Updates, patches and deletions through a version that is not stored")
  func otherVersion() throws {
    var bench = try bench(Self.two)
    let made = try bench.create(object(bench, "v1", "a", ["spec": ["size": 1]]))
    let patched = try bench.patch(made, ["spec": ["size": 2]])
    #expect(patched.type.apiVersion == "example.com/v1")
    #expect(patched.body["spec"]?["size"] == 2 && patched.header.generation == 2)
    let revision = bench.revision
    #expect(try bench.update(patched).resourceVersion == revision, "nothing has changed")
    #expect(bench.revision == revision)
    #expect(try bench.refusal { try $0.patch(made, ["spec": ["size": 0]]) }.code == 422)
    let response = try bench.server.handle(.delete(made.type, made.key), at: bench.now)
    #expect(response.object?.type.apiVersion == "example.com/v1")
    let stored = try object(bench, "v1beta1", "a", [:])
    #expect(try bench.refusal { try $0.get(stored) } == .notFound(stored.type, "a"))
    // What watchers of the table see is in the version that is stored.
    let events = bench.server.store.events(stored.type, after: 0)
    #expect(events.allSatisfy { $0.object.type.apiVersion == "example.com/v1beta1" })
  }

  @Test("A watch tells of objects in the version that is asked for")
  func watched() throws {
    var bench = try bench(Self.two)
    let type = try object(bench, "v1", "", [:]).type
    var stream = try bench.server.watch(type, at: bench.now)
    try bench.create(object(bench, "v1beta1", "a", ["spec": ["size": 1, "old": "x"]]))
    guard case .event(let event) = stream.next(in: bench.server, at: bench.now) else {
      Issue.record("no event")
      return
    }
    #expect(event.object.type.apiVersion == "example.com/v1")
    #expect(event.object.body["spec"] == ["size": 1])
  }

  @Test("A version that is not served has no objects; names lead to the preferred version")
  func served() throws {
    let bench = try bench(
      Self.definition(versions: [
        Self.version("v1alpha1", isStorage: true, isServed: false), Self.version("v1beta2"),
        Self.version("v1beta10"), Self.version("foo"), Self.version("v1"), Self.version("v2beta1"),
      ]))
    let registry = bench.server.registry
    #expect(registry.type(apiVersion: "example.com/v1alpha1", kind: "Widget") == nil)
    let preferred = try #require(registry.type(named: "widgets"))
    #expect(
      registry.versions(of: preferred).map(\.definition.version)
        == ["v1", "v2beta1", "v1beta10", "v1beta2", "foo"])
    #expect(preferred.definition.version == "v1")
    #expect(registry.type(named: "widgets.foo.example.com")?.definition.version == "foo")
  }

  @Test(
    "A change of the storage version: both are stored versions, and old objects are still there")
  func storageVersion() throws {
    var bench = try bench(Self.two)
    let old = try bench.create(object(bench, "v1beta1", "a", ["spec": ["size": 5]]))
    let definition = try bench.object("customresourcedefinitions", "widgets.example.com")
    let changed = try bench.patch(
      definition,
      [
        "spec": [
          "versions": [
            Self.version("v1beta1", fields: ["size": ["type": "integer"]]),
            Self.version(
              "v1", isStorage: true,
              fields: ["size": ["type": "integer"], "late": ["type": "integer", "default": 7]]),
          ]
        ]
      ])
    #expect(changed.body[FieldPath("status", "storedVersions")] == ["v1beta1", "v1"])
    let type = try object(bench, "v1", "a", [:]).type
    let read = try bench.server.get(type, old.key)
    #expect(read.value["apiVersion"] == "example.com/v1")
    #expect(
      read.body["spec"] == ["size": 5, "late": 7], "what is stored gets new defaults when read")
    #expect(read.resourceVersion == old.resourceVersion)
    let lost = try bench.refusal {
      try $0.patch(definition, ["spec": ["versions": [Self.version("v1", isStorage: true)]]])
    }
    #expect(lost.causes.map(\.field) == ["status.storedVersions[0]"])
    #expect(lost.causes[0].message == "Invalid value: \"v1beta1\": must appear in spec.versions")
  }

  // MARK: Names

  @Test("Names that are left out are made up, and told as accepted")
  func names() throws {
    let bench = try bench(Self.definition(names: ["shortNames": ["wd"], "categories": ["all"]]))
    let stored = try bench.get(bench.object("customresourcedefinitions", "widgets.example.com"))
    let names: Value = [
      "plural": "widgets", "kind": "Widget", "singular": "widget", "listKind": "WidgetList",
      "shortNames": ["wd"], "categories": ["all"],
    ]
    #expect(stored.body[FieldPath("status", "acceptedNames")] == names)
    #expect(stored.body[FieldPath("spec", "conversion")] == ["strategy": "None"])
    #expect(bench.server.registry.type(named: "wd")?.kind == "Widget")
    #expect(bench.server.registry.type(named: "wd")?.definition.categories == ["all"])
  }

  @Test("A name that is taken: not accepted, not established, until the other definition is gone")
  func conflicts() throws {
    let table: [(Value, String, String, String, String)] = [
      (["singular": "widget"], "gadgets", "Gadget", "SingularConflict", "widget"),
      (["shortNames": ["wd"]], "gadgets", "Gadget", "ShortNamesConflict", "wd"),
      ([:], "gadgets", "Widget", "KindConflict", "Widget"),
      (["listKind": "WidgetList"], "gadgets", "Gadget", "ListKindConflict", "WidgetList"),
      ([:], "wd", "Gadget", "PluralConflict", "wd"),
    ]
    for (names, plural, kind, reason, name) in table {
      var bench = try bench(Self.definition(names: ["shortNames": ["wd"]]))
      var other = names
      if kind == "Widget" { other = other.setting("listKind", to: "GadgetList") }
      if kind == "Widget" { other = other.setting("singular", to: "gadget") }
      let made = try bench.create(
        "customresourcedefinitions", "\(plural).example.com",
        body: Self.definition(plural: plural, kind: kind, names: other))
      func condition(_ type: String) throws -> Value? {
        try bench.get(made).body[FieldPath("status", "conditions")]?.elements.first {
          $0["type"] == Value(type)
        }
      }
      #expect(try condition("NamesAccepted")?["reason"] == Value(reason))
      #expect(try condition("NamesAccepted")?["message"] == Value("\"\(name)\" is already in use"))
      #expect(try condition("Established")?["status"] == "False")
      #expect(bench.server.registry.type(group: "example.com", plural: plural) == nil)
      #expect(bench.server.registry.type(named: "widgets")?.kind == "Widget", "the first goes on")
      // The other goes: its finalizer is taken off, as the controller would.
      let first = try bench.object("customresourcedefinitions", "widgets.example.com")
      try bench.delete(first)
      try bench.patch(first, ["metadata": ["finalizers": .null]])
      #expect(try condition("NamesAccepted")?["status"] == "True", "\(reason)")
      #expect(try condition("Established")?["status"] == "True")
      #expect(bench.server.registry.type(group: "example.com", plural: plural)?.kind == kind)
    }
  }

  @Test(
    "Names that change: short names are free again, plural, group, kind and scope cannot change")
  func changes() throws {
    var bench = try bench(Self.definition(names: ["shortNames": ["wd"]]))
    let definition = try bench.object("customresourcedefinitions", "widgets.example.com")
    try bench.patch(definition, ["spec": ["names": ["shortNames": ["wi"]]]])
    #expect(bench.server.registry.type(named: "wd") == nil)
    #expect(bench.server.registry.type(named: "wi")?.kind == "Widget")
    let table: [(Value, String)] = [
      (["scope": "Cluster"], "spec.scope"), (["names": ["kind": "Gadget"]], "spec.names.kind"),
    ]
    for (spec, field) in table {
      let error = try bench.refusal { try $0.patch(definition, ["spec": spec]) }
      #expect(error.causes.map(\.field) == [field])
      #expect(error.causes[0].message.hasSuffix("field is immutable"))
    }
    #expect(
      try bench.refusal { try $0.patch(definition, ["spec": ["names": ["plural": "x"]]]) }.code
        == 422)
  }

  // MARK: What is wrong with a definition

  @Test("One version is that of storage, and at most eight fields can be selected by")
  func versionRules() throws {
    var bench = Bench(registry: .builtIn)
    let fields = Value((0..<9).map { ["jsonPath": Value(".spec.f\($0)")] as Value })
    let table: [(Value, String, String)] = [
      (
        [Self.version("v1", isStorage: true), Self.version("v2", isStorage: true)],
        "spec.versions", "must have exactly one version marked as storage version"
      ),
      (
        [Self.version("v1")], "spec.versions",
        "must have exactly one version marked as storage version"
      ),
      (
        [Self.version("v1", isStorage: true, more: ["selectableFields": fields])],
        "spec.versions[0].selectableFields", "Too many: 9: must have at most 8 items"
      ),
    ]
    for (versions, field, text) in table {
      let error = try bench.refusal {
        try $0.create(
          "customresourcedefinitions", "widgets.example.com",
          body: Self.definition(versions: versions))
      }
      #expect(error.causes.map { $0.field ?? "" } == [field])
      #expect(error.message.hasSuffix(text), "\(error)")
    }
  }

  @Test("All that is wrong with a definition is told at once, in Kubernetes' words")
  func invalid() throws {
    var bench = Bench(registry: .builtIn)
    let body: Value = [
      "spec": [
        "group": "example", "scope": "Everywhere", "preserveUnknownFields": true,
        "conversion": ["strategy": "Webhook"],
        "names": [
          "plural": "Widgets", "kind": "Widget", "listKind": "Widget", "shortNames": ["_"],
        ],
        "versions": [
          Self.version(
            "V1",
            more: [
              "schema": .null,
              "additionalPrinterColumns": [["name": "A", "type": "list", "jsonPath": "spec.a"]],
              "subresources": [
                "scale": ["specReplicasPath": ".status.a", "labelSelectorPath": ".metadata.b"]
              ],
            ]),
          Self.version("v2"), Self.version("v2"),
        ],
      ]
    ]
    let error = try bench.refusal {
      try $0.create("customresourcedefinitions", "widgets.example.com", body: body)
    }
    #expect(error.code == 422)
    let fields = error.causes.map { $0.field ?? "" }
    for field in [
      "metadata.name", "spec.group", "spec.scope", "spec.preserveUnknownFields",
      "spec.conversion.strategy", "spec.names.plural", "spec.names.listKind",
      "spec.names.shortNames[0]", "spec.versions[0].name",
      "spec.versions[0].schema.openAPIV3Schema",
      "spec.versions[0].additionalPrinterColumns[0].type",
      "spec.versions[0].additionalPrinterColumns[0].jsonPath",
      "spec.versions[0].subresources.scale.specReplicasPath",
      "spec.versions[0].subresources.scale.statusReplicasPath",
      "spec.versions[0].subresources.scale.labelSelectorPath", "spec.versions",
    ] {
      #expect(fields.contains(field), "\(field) of \(fields)")
    }
    func message(_ field: String) -> [String] {
      error.causes.filter { $0.field == field }.map(\.message)
    }
    #expect(
      message("spec.group") == [
        "Invalid value: \"example\": should be a domain with at least one dot"
      ])
    #expect(
      message("spec.scope")
        == ["Unsupported value: \"Everywhere\": supported values: \"Cluster\", \"Namespaced\""])
    #expect(message("spec.versions").count == 2)
    #expect(
      message("spec.versions[0].subresources.scale.specReplicasPath")
        == ["Invalid value: \".status.a\": should be a json path under .spec"])
    #expect(
      message("metadata.name")
        == ["Invalid value: \"widgets.example.com\": must be spec.names.plural+\".\"+spec.group"])
  }

  // MARK: Scale and fields

  @Test("The scale subresource of a custom resource reads and writes where the definition says")
  func scale() throws {
    let scale: Value = [
      "specReplicasPath": ".spec.count", "statusReplicasPath": ".status.there",
      "labelSelectorPath": ".status.selector",
    ]
    var bench = try bench(
      Self.definition(versions: [
        Self.version(
          "v1", isStorage: true,
          fields: ["count": ["type": "integer"], "size": ["type": "integer"]],
          more: ["subresources": ["status": [:], "scale": scale]])
      ]))
    let made = try bench.create(object(bench, "v1", "a", ["spec": ["size": 1]]))
    func get() throws -> APIObject? {
      try bench.server.handle(
        .get(made.type, made.key, GetOptions(subresource: .scale)), at: bench.now
      ).object
    }
    let none = try bench.refusal { bench in
      try bench.server.handle(
        .get(made.type, made.key, GetOptions(subresource: .scale)), at: bench.now)
    }
    #expect(none.code == 500)
    #expect(none.message.contains("does not exist"))
    try bench.patch(made, ["spec": ["replicas": 3]], .scale)
    try bench.patch(made, ["status": ["there": 2, "selector": "a=b"]], .status)
    #expect(try bench.get(made).body["spec"] == ["count": 3, "size": 1])
    #expect(try bench.get(made).header.generation == 2)
    let shown = try #require(try get())
    #expect(shown.body["spec"] == ["replicas": 3])
    #expect(shown.body["status"] == ["replicas": 2, "selector": "a=b"])
  }

  @Test(
    "2.7: objects are chosen by the fields that their kind lets them be chosen by, and by no others"
  )
  func fieldLabels() throws {
    var bench = try bench(
      Self.definition(versions: [
        Self.version(
          "v1", isStorage: true,
          fields: ["color": ["type": "string"], "size": ["type": "integer"]],
          more: ["selectableFields": [["jsonPath": ".spec.color"]]])
      ]))
    for (name, color) in [("a", "red"), ("b", "blue"), ("c", "red")] {
      try bench.create(object(bench, "v1", name, ["spec": ["color": Value(color)]]))
    }
    func list(_ kind: String, _ selector: String) throws -> [String] {
      let fields = try FieldSelector(parsing: selector)
      return try bench.server.list(bench.kind(kind), ListOptions(fields: fields)).objects.map(
        \.name)
    }
    #expect(try list("widgets", "spec.color=red") == ["a", "c"])
    #expect(try list("widgets", "spec.color!=red,metadata.name=b") == ["b"])
    let table: [(String, String, String?)] = [
      ("widgets", "spec.size", "field label not supported: spec.size"),
      ("pods", "spec.nodeName", nil), ("pods", "status.podIP", nil),
      ("pods", "spec.containers", "field label not supported: spec.containers"),
      ("secrets", "type", nil), ("events", "involvedObject.uid", nil),
      ("nodes", "spec.unschedulable", nil), ("jobs", "status.successful", nil),
      ("services", "spec.type", nil),
      (
        "configmaps", "data.a",
        "\"data.a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
      ),
      ("configmaps", "metadata.namespace", nil),
    ]
    for (kind, field, message) in table {
      guard let message else {
        #expect(throws: Never.self) { try list(kind, "\(field)=x") }
        continue
      }
      let error = #expect(throws: StatusError.self) { try list(kind, "\(field)=x") }
      #expect(error?.code == 400)
      #expect(error?.message == message)
    }
  }

  @Test("2.7: fields that are not written down count as what they mean")
  func fieldDefaults() throws {
    var bench = Bench()
    try bench.create("nodes", "a")
    try bench.create("nodes", "b", body: ["spec": ["unschedulable": true]])
    try bench.create(
      "events", "e", body: ["source": ["component": "kubelet"], "reason": "Started"])
    func list(_ kind: String, _ selector: String) throws -> [String] {
      let fields = try FieldSelector(parsing: selector)
      return try bench.server.list(bench.kind(kind), ListOptions(fields: fields)).objects.map(
        \.name)
    }
    #expect(try list("nodes", "spec.unschedulable=false") == ["a"])
    #expect(try list("nodes", "spec.unschedulable=true") == ["b"])
    #expect(try list("events", "source=kubelet,reason=Started") == ["e"])
  }
}
