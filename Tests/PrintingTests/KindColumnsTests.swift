import APIMachinery
import Printing
import Scalars
import Testing
import ValueTree

@Suite("The columns of each kind, as kubectl shows them")
struct KindColumnsTests {
  static let now = Timestamp(seconds: 1_767_225_600)

  static func type(_ name: String) throws -> ResourceType {
    try #require(ResourceRegistry.builtIn.type(named: name), "\(name)")
  }

  /// What an object made two minutes ago shows in all columns but the name.
  static func cells(_ kind: String, _ body: Value, isDeleting: Bool = false) throws -> [String] {
    let type = try type(kind)
    var header = ObjectHeader(name: "a")
    header.creationTimestamp = Timestamp(seconds: now.seconds - 120)
    if isDeleting { header.deletionTimestamp = now }
    let object = APIObject(type: type, header: header, body: body)
    let columns = KindColumns.columns(of: type)
    #expect(columns.contains { $0.text(object, at: now) == "a" })
    return columns.filter { $0.name != "Name" }.map { $0.text(object, at: now) }
  }

  /// Headings, `*` behind those of wide tables.
  static let headings: [(String, String)] = [
    ("configmaps", "Name Data Age"), ("secrets", "Name Type Data Age"),
    ("pods", "Name Ready Status Restarts Age IP* Node* Nominated_Node* Readiness_Gates*"),
    ("deployments", "Name Ready Up-to-date Available Age Containers* Images* Selector*"),
    ("services", "Name Type Cluster-IP External-IP Port(s) Age Selector*"),
    ("customresourcedefinitions", "Name Created_At"), ("deviceclasses", "Name Age"),
    ("jobs", "Name Status Completions Duration Age Containers* Images* Selector*"),
    ("csidrivers", "Name Age"),
  ]

  @Test("Headings", arguments: headings.indices)
  func heading(_ index: Int) throws {
    let (kind, expected) = Self.headings[index]
    let text = KindColumns.columns(of: try Self.type(kind)).map {
      $0.name.replacing(" ", with: "_") + ($0.priority > 0 ? "*" : "")
    }
    #expect(text.joined(separator: " ") == expected)
  }

  static func container(_ state: Value, _ more: Value = [:]) -> Value {
    (["name": "c", "ready": false, "state": state] as Value).merging(more)
  }

  /// The status of a pod, and what its `Status` column says.
  static let pods: [(Value, Bool, String)] = [
    (["phase": "Pending"], false, "Pending"),
    (["phase": "Failed", "reason": "Evicted"], false, "Evicted"),
    (["phase": "Running"], true, "Terminating"), (["phase": "Succeeded"], true, "Succeeded"),
    (["phase": "Running", "reason": "NodeLost"], true, "Unknown"),
    (
      [
        "phase": "Pending",
        "conditions": [["type": "PodScheduled", "status": "False", "reason": "SchedulingGated"]],
      ], false, "SchedulingGated"
    ),
    (
      [
        "phase": "Running",
        "containerStatuses": [container(["waiting": ["reason": "CrashLoopBackOff"]])],
      ],
      false, "CrashLoopBackOff"
    ),
    (
      ["phase": "Running", "containerStatuses": [container(["terminated": ["exitCode": 3]])]],
      false,
      "ExitCode:3"
    ),
    (
      ["phase": "Running", "containerStatuses": [container(["terminated": ["signal": 9]])]], false,
      "Signal:9"
    ),
    (
      [
        "phase": "Pending",
        "initContainerStatuses": [container(["waiting": ["reason": "PodInitializing"]])],
      ],
      false, "Init:0/1"
    ),
    (
      [
        "phase": "Pending",
        "initContainerStatuses": [container(["terminated": ["exitCode": 1, "reason": "Error"]])],
      ],
      false, "Init:Error"
    ),
    (
      [
        "phase": "Running",
        "containerStatuses": [
          container(["running": [:]], ["ready": true]),
          container(["terminated": ["reason": "Completed", "exitCode": 0]]),
        ],
      ], false, "NotReady"
    ),
  ]

  @Test("Pods: status", arguments: pods.indices)
  func pod(_ index: Int) throws {
    let (status, isDeleting, expected) = Self.pods[index]
    let body: Value = [
      "spec": ["containers": [["name": "c"]], "initContainers": [["name": "c"]]], "status": status,
    ]
    #expect(try Self.cells("pods", body, isDeleting: isDeleting)[1] == expected)
  }

  static let rows: [(String, Value, [String])] = [
    ("configmaps", ["data": ["a": "b", "c": "d"]], ["2", "2m"]),
    ("secrets", ["type": "Opaque"], ["Opaque", "0", "2m"]),
    ("namespaces", ["status": ["phase": "Active"]], ["Active", "2m"]),
    (
      "pods",
      [
        "spec": ["containers": [["name": "c"], ["name": "d"]], "nodeName": "n"],
        "status": [
          "phase": "Running", "podIP": "10.0.0.1",
          "containerStatuses": [
            container(
              ["running": [:]],
              [
                "ready": true, "restartCount": 2,
                "lastState": ["terminated": ["finishedAt": "2025-12-31T23:59:00Z"]],
              ])
          ],
        ],
      ], ["1/2", "Running", "2 (60s ago)", "2m", "10.0.0.1", "n", "<none>", "<none>"]
    ),
    (
      "deployments",
      [
        "spec": [
          "replicas": 3, "selector": ["matchLabels": ["app": "web"]],
          "template": [
            "spec": ["containers": [["name": "c", "image": "i"], ["name": "d", "image": "j"]]]
          ],
        ], "status": ["readyReplicas": 1, "updatedReplicas": 2, "availableReplicas": 1],
      ], ["1/3", "2", "1", "2m", "c,d", "i,j", "app=web"]
    ),
    (
      "services",
      [
        "spec": [
          "type": "LoadBalancer", "clusterIP": "10.0.0.1", "selector": ["a": "b"],
          "ports": [["port": 80, "nodePort": 30080], ["port": 53, "protocol": "UDP"]],
        ]
      ], ["LoadBalancer", "10.0.0.1", "<pending>", "80:30080/TCP,53/UDP", "2m", "a=b"]
    ),
    ("services", [:], ["ClusterIP", "<none>", "<none>", "<none>", "2m", "<none>"]),
    (
      "jobs", ["status": ["succeeded": 1, "startTime": "2025-12-31T23:59:30Z"]],
      ["Running", "1/1", "30s", "2m", "", "", "<none>"]
    ),
    (
      "nodes",
      [
        "metadata": ["labels": ["node-role.kubernetes.io/control-plane": ""]],
        "spec": ["unschedulable": true],
        "status": [
          "conditions": [["type": "Ready", "status": "True"]],
          "addresses": [["type": "InternalIP", "address": "1.2.3.4"]],
          "nodeInfo": ["kubeletVersion": "v1.36.0"],
        ],
      ],
      [
        "Ready,SchedulingDisabled", "control-plane", "2m", "v1.36.0", "1.2.3.4", "<none>",
        "<unknown>", "<unknown>", "<unknown>",
      ]
    ),
    ("leases", ["spec": ["holderIdentity": "me"]], ["me", "2m"]),
    ("crds", [:], ["2025-12-31T23:58:00Z"]),
    (
      "resourceclaims", ["status": ["allocation": [:], "reservedFor": [["name": "p"]]]],
      ["allocated,reserved", "2m"]
    ),
    (
      "persistentvolumes",
      [
        "spec": [
          "capacity": ["storage": "1Gi"], "accessModes": ["ReadWriteMany", "ReadWriteOnce"],
          "claimRef": ["namespace": "n", "name": "c"],
        ]
      ], ["1Gi", "RWO,RWX", "", "", "n/c", "", "<unset>", "", "2m", "<unset>"]
    ),
    (
      "ingresses", ["spec": ["rules": [["host": "a"], [:]], "tls": [[:]]]],
      ["<none>", "a,*", "", "80, 443", "2m"]
    ),
    (
      "endpointslices",
      [
        "addressType": "IPv4", "ports": [["port": 80]],
        "endpoints": [["addresses": ["1", "2"]], ["addresses": ["3", "4"]]],
      ],
      ["IPv4", "80", "1,2,3 + 1 more...", "2m"]
    ),
    ("poddisruptionbudgets", ["spec": ["minAvailable": "50%"]], ["50%", "N/A", "0", "2m"]),
    ("storageclasses", ["provisioner": "p"], ["p", "Delete", "Immediate", "false", "2m"]),
    (
      "priorityclasses", ["value": 7, "globalDefault": true],
      ["7", "true", "2m", "PreemptLowerPriority"]
    ),
    (
      "quota", ["status": ["hard": ["pods": "4", "limits.cpu": 2], "used": ["pods": "1"]]],
      ["pods: 1/4", "limits.cpu: 0/2", "2m"]
    ),
    (
      "cronjobs", ["spec": ["schedule": "* * * * *", "suspend": false]],
      ["* * * * *", "<none>", "False", "0", "<none>", "2m", "", "", "<none>"]
    ),
  ]

  @Test("Cells", arguments: rows.indices)
  func row(_ index: Int) throws {
    let (kind, body, expected) = Self.rows[index]
    #expect(try Self.cells(kind, body) == expected, "\(kind)")
  }

  @Test("Every built-in kind has a table with a name, and shows an empty object")
  func all() throws {
    for type in ResourceRegistry.builtIn.types {
      let columns = KindColumns.columns(of: type)
      // kubectl shows an Event's name in wide tables only, and does not mark it.
      #expect(columns.filter { $0.format == "name" }.count == (type.kind == "Event" ? 0 : 1))
      let object = APIObject(type: type, header: ObjectHeader(name: "a"), body: .emptyMap)
      for column in columns { _ = column.text(object, at: Self.now) }
    }
  }

  @Test("A definition's own columns: types, priorities, paths, and no age unless it is asked for")
  func defined() throws {
    var definition = ResourceType.Definition(
      group: "example.com", version: "v1", kind: "Widget", plural: "widgets")
    func column(_ name: String, _ type: String, _ path: String, _ priority: Int = 0)
      -> PrinterColumn
    {
      PrinterColumn(name: name, type: type, format: "", priority: priority, jsonPath: path)
    }
    definition.printerColumns = [
      column("Size", "integer", ".spec.size"), column("First", "string", ".spec.list[0].name", 1),
      column("Since", "date", ".metadata.creationTimestamp"),
      column("Gone", "string", ".spec.gone"),
      column("Map", "string", ".spec.list[0]"),
    ]
    var registry = ResourceRegistry()
    let type = registry.register(definition)
    let header = ObjectHeader(
      name: "a", creationTimestamp: Timestamp(seconds: Self.now.seconds - 60))
    let object = APIObject(
      type: type, header: header, body: ["spec": ["size": 3, "list": [["name": "x"]]]])
    let columns = KindColumns.columns(of: type)
    #expect(columns.map(\.name) == ["Name", "Size", "First", "Since", "Gone", "Map"])
    #expect(columns.map(\.priority) == [0, 0, 1, 0, 0, 0])
    #expect(
      columns.map { $0.text(object, at: Self.now) }
        == ["a", "3", "x", "60s", "", "{\"name\":\"x\"}"])
  }
}
