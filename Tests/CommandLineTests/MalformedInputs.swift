/// An input that is wrong, and how it is handed in.
struct MalformedInput: Sendable {
  let name: String
  /// What the file `in.yaml` holds, or another file of this name.
  let bytes: [UInt8]
  let file: String
  let arguments: [String]
  /// Whether the mistake has no place in a file.
  let hasNoPlace: Bool

  init(
    _ name: String, _ text: String, file: String = "in.yaml", arguments: [String]? = nil,
    hasNoPlace: Bool = false
  ) {
    self.init(
      name, bytes: Array(text.utf8), file: file, arguments: arguments, hasNoPlace: hasNoPlace)
  }

  init(
    _ name: String, bytes: [UInt8], file: String = "in.yaml", arguments: [String]? = nil,
    hasNoPlace: Bool = false
  ) {
    self.name = name
    self.bytes = bytes
    self.file = file
    self.arguments = arguments ?? ["apply", "-f", file]
    self.hasNoPlace = hasNoPlace
  }
}

private func object(_ kind: String, _ rest: String, name: String = "x") -> String {
  "apiVersion: drydock.dev/v1alpha1\nkind: \(kind)\nmetadata:\n  name: \(name)\n\(rest)\n"
}

private func map(_ metadata: String) -> String {
  "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n\(metadata)\n"
}

private func pool(_ spec: String) -> String { object("Pool", "spec:\n\(spec)") }

private func binding(_ spec: String) -> String {
  object("DeviceBinding", "spec:\n  pool: gpus\n\(spec)")
}

extension MalformedInput {
  /// What is no YAML, or no text at all.
  static let syntax: [MalformedInput] = [
    MalformedInput("a list that is not closed", "apiVersion: v1\nkind: [ConfigMap\n"),
    MalformedInput("a text that is not closed", "apiVersion: v1\nkind: \"ConfigMap\n"),
    MalformedInput("cut in the middle of a key", map("  labels:\n    app: web\n  anno")),
    MalformedInput("a tab", map("\tlabels: {}")),
    MalformedInput("a field that is indented too far", map("    labels: {}")),
    MalformedInput("a field that is not indented far enough", map(" labels: {}")),
    MalformedInput("a key twice", map("  labels: {}\n  name: y")),
    MalformedInput("a key twice, in braces", map("  labels: {app: a, app: b}")),
    MalformedInput("a colon in a plain text", map("  labels: a: b")),
    MalformedInput("an alias of nothing", map("  labels: *common")),
    MalformedInput(
      "an alias bomb",
      "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
        + zip("bcdefgh", "abcdefg").map { name, last in
          "\(name): &\(name) [" + Array(repeating: "*\(last)", count: 10).joined(separator: ",")
            + "]\n"
        }.joined()),
    MalformedInput("an anchor that holds itself", "a: &a [*a]\n"),
    MalformedInput("an unknown tag", map("  labels: !labels {}")),
    MalformedInput("a tag that does not fit", map("  generation: !!int one")),
    MalformedInput("a key that is a list", map("  ? [a, b]\n  : c")),
    MalformedInput("a NUL byte", bytes: Array("kind: Config".utf8) + [0] + Array("Map\n".utf8)),
    MalformedInput("a control character", map("  labels: {a: \u{1}}")),
    MalformedInput("not UTF-8", bytes: Array("kind: ".utf8) + [0xC3, 0x28, 0x0A]),
    MalformedInput("UTF-8 that is cut", bytes: Array("kind: ".utf8) + [0xE2, 0x82]),
    MalformedInput(
      "a binary file", bytes: [0x7F, 0x45, 0x4C, 0x46, 0x02, 0x01, 0x01, 0x00, 0x00, 0x00]),
    MalformedInput(
      "nested too deeply", String(repeating: "[", count: 20_000), file: "deep.yaml"),
    MalformedInput(
      "JSON with a comma too many",
      "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"ConfigMap\",\n  "
        + "\"metadata\": {\"name\": \"x\",}\n}\n",
      file: "in.json"),
    MalformedInput(
      "JSON with a comment", "{\n  // a remark\n  \"apiVersion\": \"v1\"\n}\n", file: "in.json"),
    MalformedInput("JSON that is cut", "{\"apiVersion\": \"v1\",\n \"kind\":", file: "in.json"),
  ]

  /// What names no object.
  static let identity: [MalformedInput] = [
    MalformedInput("a text", "hello\n"),
    MalformedInput("a list", "- apiVersion: v1\n"),
    MalformedInput("no kind", "apiVersion: v1\nmetadata: {name: x}\n"),
    MalformedInput("no API version", "kind: ConfigMap\nmetadata: {name: x}\n"),
    MalformedInput("an API version that is a number", "apiVersion: 1\nkind: ConfigMap\n"),
    MalformedInput(
      "a kind that is misspelt", "apiVersion: v1\nkind: ConfgMap\nmetadata: {name: x}\n"),
    MalformedInput(
      "a kind of another version", "apiVersion: v2\nkind: ConfigMap\nmetadata: {name: x}\n"),
    MalformedInput("a kind of another group", "apiVersion: v1\nkind: Pool\nmetadata: {name: x}\n"),
    MalformedInput("a Scenario", object("Scenario", "spec: {}")),
    MalformedInput("no name", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels: {}\n"),
    MalformedInput("no metadata", "apiVersion: v1\nkind: ConfigMap\ndata: {}\n"),
    MalformedInput(
      "a name to be made up", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  generateName: x-\n"),
    MalformedInput(
      "a name in capitals", object("Pool", "spec: {type: gpu, count: 1}", name: "GPU")),
    MalformedInput("a name that is a number", object("Pool", "spec: {type: gpu}", name: "7")),
    MalformedInput(
      "a name that is too long",
      object(
        "Pool", "",
        name: String(
          "abcdefgh".flatMap {
            String(repeating: $0, count: 32)
          }))),
    MalformedInput(
      "a namespace with a dot", map("  namespace: a.b")),
    MalformedInput(
      "a Pool in a namespace",
      "apiVersion: drydock.dev/v1alpha1\nkind: Pool\nmetadata:\n  name: x\n  namespace: default\n"),
    MalformedInput(
      "another namespace than asked for", map("  namespace: a"),
      arguments: ["apply", "-n", "b", "-f", "in.yaml"]),
    MalformedInput(
      "another namespace than asked for, to delete", map("  namespace: a"),
      arguments: ["delete", "-n", "b", "-f", "in.yaml"]),
    MalformedInput(
      "an item of a list",
      """
      apiVersion: v1
      kind: List
      items:
      - apiVersion: v1
        kind: ConfigMap
        metadata: {name: a}
      - apiVersion: v1
        kind: ConfigMap
        metadata: {name: B}
      """),
    MalformedInput("items that are no list", "apiVersion: v1\nkind: List\nitems: {}\n"),
    MalformedInput(
      "the seventh document",
      (1...9).map {
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \($0 == 7 ? "-" : "d\($0)")}\n"
      }
      .joined(separator: "---\n")),
    MalformedInput(
      "two mistakes", map("  labels: []") + "---\n" + map("  finalizers: {}")),
    MalformedInput("nothing", "# only a remark\n---\n", hasNoPlace: true),
    MalformedInput("an empty file", "", hasNoPlace: true),
    MalformedInput(
      "a folder without manifests", "", file: "empty/notes.txt",
      arguments: ["apply", "-f", "empty"], hasNoPlace: true),
    MalformedInput(
      "a file that is not there", "", arguments: ["apply", "-f", "nowhere.yaml"], hasNoPlace: true),
    MalformedInput(
      "a pattern that nothing fits", "", arguments: ["apply", "-f", "*.yml"], hasNoPlace: true),
    MalformedInput(
      "a URL", "", arguments: ["apply", "-f", "https://example.com/a.yaml"], hasNoPlace: true),
  ]

  /// Metadata that has not its shape.
  static let metadata: [MalformedInput] = [
    MalformedInput("metadata that is a text", "apiVersion: v1\nkind: ConfigMap\nmetadata: x\n"),
    MalformedInput("an unknown field of metadata", map("  lables: {app: web}")),
    MalformedInput("labels that are a list", map("  labels: [a]")),
    MalformedInput("a label that is a number", map("  labels: {version: 1}")),
    MalformedInput("a label that is true", map("  labels: {on: yes}")),
    MalformedInput("a label's name with a blank", map("  labels: {\"a b\": c}")),
    MalformedInput("a label's value with a slash", map("  labels: {path: /var/run}")),
    MalformedInput("an annotation that is a map", map("  annotations: {a: {b: c}}")),
    MalformedInput("a finalizer without a domain", map("  finalizers: [hold]")),
    MalformedInput("finalizers that are a text", map("  finalizers: example.com/hold")),
    MalformedInput(
      "an owner without a UID",
      map("  ownerReferences:\n  - {apiVersion: v1, kind: Pod, name: a}")),
    MalformedInput("an owner that is a text", map("  ownerReferences: [a]")),
    MalformedInput(
      "two controllers",
      map(
        "  ownerReferences:\n  - {apiVersion: v1, kind: Pod, name: a, uid: a, controller: true}\n"
          + "  - {apiVersion: v1, kind: Pod, name: b, uid: b, controller: true}")),
    MalformedInput("a resource version that is a number", map("  resourceVersion: 5")),
    MalformedInput("a UID that is none", map("  uid: abc")),
    MalformedInput("a time that is none", map("  creationTimestamp: yesterday")),
  ]

  /// Content that does not fit its kind.
  static let content: [MalformedInput] = [
    MalformedInput("no spec", object("PortClaim", "")),
    MalformedInput("a spec that is a list", object("PortClaim", "spec: []")),
    MalformedInput("an unknown field at the top", object("PortClaim", "sepc: {pool: ports}")),
    MalformedInput("a claim on no pool", object("GPUClaim", "spec: {count: 1}")),
    MalformedInput("an unknown field of a claim", binding("  selectr: {product: H100}")),
    MalformedInput("a field of another claim", binding("  protocol: UDP")),
    MalformedInput("a count in quotes", binding("  count: \"2\"")),
    MalformedInput("a negative count", binding("  count: -5")),
    MalformedInput("a count that is no integer", binding("  count: 1.5")),
    MalformedInput("a port that is too large", object("PortClaim", "spec: {pool: p, port: 65536}")),
    MalformedInput("a port in words", object("PortClaim", "spec: {pool: p, port: http}")),
    MalformedInput(
      "an unknown protocol", object("PortClaim", "spec: {pool: p, protocol: TPC}")),
    MalformedInput("an unknown family", object("IPClaim", "spec: {pool: ips, family: ipv4}")),
    MalformedInput(
      "an address that is none", object("IPClaim", "spec: {pool: ips, ip: 10.0.0.300}")),
    MalformedInput(
      "a selector that wants a list", object("GPUClaim", "spec: {pool: gpus, selector: {a: [b]}}")),
    MalformedInput("a claim on a pool of another type", object("GPUClaim", "spec: {pool: ips}")),
    MalformedInput("a pool without a type", pool("  count: 1")),
    MalformedInput("a pool of an unknown type", pool("  type: gpus\n  count: 1")),
    MalformedInput("an unknown field of a pool", pool("  type: gpu\n  device: []")),
    MalformedInput("an unknown backing", pool("  type: gpu\n  count: 1\n  backing: memry")),
    MalformedInput(
      "an unknown policy", pool("  type: ip\n  cidrs: [10.0.0.0/24]\n  policy: nextfit")),
    MalformedInput("a pool of nothing", pool("  type: gpu\n  count: 0")),
    MalformedInput("a device twice", pool("  type: gpu\n  devices: [{name: a}, {name: a}]")),
    MalformedInput("a device without a name", pool("  type: gpu\n  devices:\n  - {node: a}")),
    MalformedInput(
      "a device with a list", pool("  type: gpu\n  devices:\n  - {name: a, node: []}")),
    MalformedInput("a network that is none", pool("  type: ip\n  cidrs: [10.0.0.0/33]")),
    MalformedInput("a network with bits behind", pool("  type: ip\n  cidrs: [10.0.0.1/24]")),
    MalformedInput("a network that is too large", pool("  type: ip\n  cidrs: [10.0.0.0/8]")),
    MalformedInput(
      "networks that overlap", pool("  type: ip\n  cidrs: [10.0.0.0/24, 10.0.0.128/25]")),
    MalformedInput(
      "an exclusion outside", pool("  type: ip\n  cidrs: [10.0.0.0/24]\n  exclude: [10.0.1.1]")),
    MalformedInput("a range that is turned round", pool("  type: port\n  ranges: [32767-30000]")),
    MalformedInput("a range out of bounds", pool("  type: port\n  ranges: [60000-70000]")),
    MalformedInput(
      "a range that is turned round, as a map",
      pool("  type: port\n  ranges:\n  - {from: 20, to: 10}")),
    MalformedInput(
      "an unknown field of a range", pool("  type: port\n  ranges:\n  - {from: 10, too: 20}")),
    MalformedInput("ranges that are a text", pool("  type: port\n  ranges: 80-90")),
  ]

  private static func definition(_ schema: String, name: String = "vlans.example.com") -> String {
    """
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata:
      name: \(name)
    spec:
      group: example.com
      scope: Namespaced
      names: {plural: vlans, kind: VLAN}
      versions:
      - name: v1
        served: true
        storage: true
        schema:
          openAPIV3Schema: \(schema)

    """
  }

  private static func vlan(_ spec: String) -> String {
    definition(
      "{type: object, properties: {spec: {type: object, required: [id], properties: "
        + "{id: {type: integer, minimum: 1, maximum: 4094}, "
        + "mode: {type: string, enum: [access, trunk]}, "
        + "tags: {type: array, maxItems: 2, items: {type: string, maxLength: 3}}}}}}")
      + "---\napiVersion: example.com/v1\nkind: VLAN\nmetadata:\n  name: x\nspec:\n\(spec)\n"
  }

  /// Definitions of kinds, and objects that do not fit them.
  static let definitions: [MalformedInput] = [
    MalformedInput("a schema of an unknown type", definition("{type: obejct}")),
    MalformedInput(
      "a list without items",
      definition("{type: object, properties: {spec: {type: array}}}")),
    MalformedInput(
      "a definition with another name", definition("{type: object}", name: "vlan.example.com")),
    MalformedInput(
      "a definition without a schema",
      definition("{type: object}").replacing(
        "    schema:\n      openAPIV3Schema: {type: object}\n", with: "")),
    MalformedInput(
      "an unknown scope", definition("{type: object}").replacing("Namespaced", with: "namespaced")),
    MalformedInput("an object without a required field", vlan("  mode: access")),
    MalformedInput("an object with an unknown field", vlan("  id: 5\n  mod: access")),
    MalformedInput("an object out of bounds", vlan("  id: 5000")),
    MalformedInput("an object of another type", vlan("  id: five")),
    MalformedInput("an object with an unknown value", vlan("  id: 5\n  mode: acess")),
    MalformedInput("an object with too long a list", vlan("  id: 5\n  tags: [a, b, c]")),
    MalformedInput("an object with too long a text", vlan("  id: 5\n  tags: [a, long]")),
    MalformedInput(
      "an object of a kind that is not there",
      "apiVersion: example.com/v2\nkind: VLAN\nmetadata: {name: x}\n"),
  ]

  private static func scenario(_ spec: String) -> String {
    object("Scenario", "spec:\n  processes:\n  - name: p\n    controllers:\n\(spec)")
  }

  private static func run(_ name: String, _ spec: String) -> MalformedInput {
    MalformedInput(name, scenario(spec), arguments: ["run", "in.yaml"])
  }

  /// Scenarios that cannot be run, and traces that cannot be replayed.
  static let runs: [MalformedInput] = [
    run("an unknown controller", "    - use: reference-bindng"),
    run("an unknown fault", "    - use: port-claims\n  faults:\n    allow: [crsh]"),
    run(
      "an unknown target of a fault",
      "    - use: port-claims\n  faults:\n    script:\n    - {fault: refused, operation: ensur}"),
    run(
      "an unknown process of a fault",
      "    - use: port-claims\n  faults:\n    script:\n"
        + "    - {fault: refused, operation: ensure, process: q-0}"),
    run("no workers", "    - {use: port-claims, workers: 0}"),
    run("an unknown field of a scenario", "    - use: port-claims\n  worklod: []"),
    run(
      "an object of the workload with an unknown field",
      "    - use: port-claims\n  workload:\n  - apply:\n"
        + "      apiVersion: drydock.dev/v1alpha1\n      kind: PortClaim\n"
        + "      metadata: {name: a}\n      spec: {pool: ports, prot: 80}"),
    run(
      "an object of the workload with a negative count",
      "    - use: port-claims\n  workload:\n  - apply:\n"
        + "      apiVersion: drydock.dev/v1alpha1\n      kind: PortClaim\n"
        + "      metadata: {name: a}\n      spec: {pool: ports, count: -1}"),
    run(
      "a kind that cannot be deleted",
      "    - use: port-claims\n  workload:\n  - delete: {kind: PortClam, name: a}"),
    run("a file that is not there", "    - use: port-claims\n  include: [pools.yaml]"),
    MalformedInput("an object to run", map(""), arguments: ["run", "in.yaml"]),
    MalformedInput(
      "a scenario that is no YAML", "kind: Scenario: x\n", arguments: ["run", "in.yaml"]),
    MalformedInput(
      "a trace of nothing", "", arguments: ["replay", "in.yaml"], hasNoPlace: true),
    MalformedInput(
      "a trace without a scenario",
      object("Trace", "spec: {}").replacing(
        "metadata:\n  name: x\n", with: ""),
      arguments: ["replay", "in.yaml"]),
    MalformedInput("a Scenario to replay", scenario(""), arguments: ["replay", "in.yaml"]),
    MalformedInput(
      "a trace with a wrong hash",
      "apiVersion: drydock.dev/v1alpha1\nkind: Trace\nspec:\n  scenario: s.yaml\n"
        + "  digest: '00000000000000ff'\n  seed: '7'\n  hash: xyz\n",
      arguments: ["replay", "in.yaml"]),
  ]

  /// What is asked for in a way that makes no sense.
  static let questions: [MalformedInput] = [
    MalformedInput(
      "a selector that is not closed", "", arguments: ["get", "cm", "-l", "app in (a, b"],
      hasNoPlace: true),
    MalformedInput(
      "a selector with a wrong key", "", arguments: ["delete", "cm", "-l", "a b=c"],
      hasNoPlace: true),
    MalformedInput(
      "a field selector without a value", "",
      arguments: ["get", "cm", "--field-selector", "metadata.name"], hasNoPlace: true),
    MalformedInput(
      "an unknown kind", "", arguments: ["get", "devicebindngs"], hasNoPlace: true),
    MalformedInput(
      "an unknown form of output", "", arguments: ["get", "cm", "-o", "jsn"], hasNoPlace: true),
    MalformedInput(
      "a path that is not closed", "", arguments: ["get", "cm", "-o", "jsonpath={.items[0"],
      hasNoPlace: true),
    MalformedInput(
      "an item that is not there", "", arguments: ["holders", "gpu-9"], hasNoPlace: true),
    MalformedInput(
      "pruning without labels", "", arguments: ["apply", "-f", "in.yaml", "--prune"],
      hasNoPlace: true),
  ]
}
