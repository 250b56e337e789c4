// swift-tools-version: 6.2

import PackageDescription

// The server and what it stands on (SwiftNIO) take minutes to build on two cores; the core, the command
// line and their tests must not wait for them. `DRYDOCK_CORE_ONLY=1` leaves them out.
let isCoreOnly = Context.environment["DRYDOCK_CORE_ONLY"] == "1"

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
]

/// A library target of the house: imports downward only (`Tests/TidyTests` checks it).
func room(
  _ name: String, over dependencies: [Target.Dependency] = [], linking: [LinkerSetting] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, swiftSettings: strict, linkerSettings: linking)
}

/// The tests of one room.
///
/// Files beside the sources are read by the tests where they lie, and nothing is copied: they are left out by name.
func tests(
  _ name: String, of dependencies: [Target.Dependency], besides files: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: files, swiftSettings: strict)
}

/// One library a room, so that a program takes what it needs; the benchmarks take them all.
let libraries: [Product] = [
  "ValueTree", "Scalars", "PersistentCollections", "YAMLCoding", "CEL", "APIMachinery", "APIStore",
  "APIServer", "Allocation", "ControllerRuntime", "APIAllocation", "BindingControllers",
  "SystemControllers", "ControllerModels", "Simulation", "Exploration", "Scenarios",
].map { .library(name: $0, targets: [$0]) }

let package = Package(
  name: "drydock",
  products: [.executable(name: "drydock", targets: ["drydock"])] + libraries,
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ] + (isCoreOnly ? [] : [.package(url: "https://github.com/apple/swift-nio", from: "2.101.2")]),
  targets: [
    // Ground floor: values and collections, knowing nothing of Kubernetes.
    room("ValueTree"),
    room("Scalars"),
    room("PersistentCollections"),
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    room("YAMLCoding", over: ["CYAML", "ValueTree"]),

    // The expression language, for whoever has values.
    // Rounding needs the mathematics library, which Foundation would bring.
    room(
      "CEL", over: ["ValueTree", "Scalars"],
      linking: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    room("CELTools", over: ["CEL", "ValueTree", "Scalars"]),

    // The API: objects, their store, and the server that answers for them.
    room("APIMachinery", over: ["ValueTree", "Scalars"]),
    room("APIStore", over: ["APIMachinery", "PersistentCollections", "Scalars"]),
    room(
      "APIServer",
      over: ["APIMachinery", "APIStore", "PersistentCollections", "Scalars", "ValueTree"]),

    // Grants, and the runtime that controllers are written against.
    room("Allocation", over: ["APIMachinery", "PersistentCollections", "Scalars", "ValueTree"]),
    room(
      "ControllerRuntime",
      over: ["APIMachinery", "Allocation", "PersistentCollections", "Scalars", "ValueTree"]),
    room("APIAllocation", over: ["APIMachinery", "Allocation", "Scalars", "ValueTree"]),

    // Controllers of Drydock's own kinds.
    room(
      "BindingControllers",
      over: ["APIAllocation", "APIMachinery", "Allocation", "ControllerRuntime", "Scalars"]),

    // Controllers described in YAML.
    room(
      "ControllerModels",
      over: [
        "APIAllocation", "APIMachinery", "Allocation", "CEL", "ControllerRuntime",
        "PersistentCollections", "Scalars", "ValueTree", "YAMLCoding",
      ]),

    // Kubernetes' own controllers: what a control plane runs.
    room(
      "SystemControllers", over: ["APIMachinery", "ControllerRuntime", "Scalars", "ValueTree"]),

    // The world in which controllers are tried.
    room(
      "Simulation",
      over: [
        "APIAllocation", "APIMachinery", "APIServer", "APIStore", "Allocation",
        "ControllerRuntime", "PersistentCollections", "Scalars", "ValueTree",
      ]),
    room(
      "Exploration",
      over: [
        "APIAllocation", "APIMachinery", "APIServer", "APIStore", "Allocation", "ControllerRuntime",
        "PersistentCollections", "Scalars", "Simulation", "ValueTree",
      ]),
    room(
      "Scenarios",
      over: [
        "APIAllocation", "APIMachinery", "APIServer", "APIStore", "Allocation",
        "BindingControllers", "CEL", "ControllerModels", "ControllerRuntime", "Exploration",
        "PersistentCollections", "Scalars", "Simulation", "SystemControllers", "ValueTree",
        "YAMLCoding",
      ]),
    // What objects look like in a table, for the command line and for servers.
    room("Printing", over: ["APIMachinery", "Scalars", "ValueTree"]),
    room(
      "Reporting",
      over: [
        "APIMachinery", "Allocation", "Exploration", "Printing", "Scalars", "Simulation",
        "ValueTree",
      ]),

    // The state file that the command-line verbs share.
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    room(
      "LocalCluster",
      over: [
        "APIMachinery", "APIServer", "APIStore", "Allocation", "BindingControllers",
        "CSQLite", "ControllerRuntime", "Scalars", "Scenarios", "Simulation", "ValueTree",
      ]),

    // The command line.
    .executableTarget(
      name: "drydock",
      dependencies: [
        "APIMachinery", "Allocation", "CEL", "CELTools", "ControllerModels", "ControllerRuntime",
        "Exploration", "LocalCluster", "Printing", "Reporting", "Scalars", "Scenarios",
        "Simulation",
        "ValueTree",
        "YAMLCoding",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ] + (isCoreOnly ? [] : ["APIServerHTTP", "ExternalControllers"]),
      swiftSettings: strict + (isCoreOnly ? [] : [.define("DRYDOCK_SERVER")])),

    // Tests, room by room.
    tests("ValueTreeTests", of: ["ValueTree"]),
    tests("ScalarsTests", of: ["Scalars"]),
    tests("CELTests", of: ["CEL", "CELTools", "ValueTree"]),
    tests("PersistentCollectionsTests", of: ["PersistentCollections"]),
    tests("APIMachineryTests", of: ["APIMachinery", "Scalars", "ValueTree"]),
    tests(
      "APIStoreTests",
      of: ["APIMachinery", "APIStore", "PersistentCollections", "Scalars", "ValueTree"]),
    tests(
      "APIServerTests", of: ["APIMachinery", "APIServer", "APIStore", "Scalars", "ValueTree"]),

    tests("PrintingTests", of: ["APIMachinery", "Printing", "Scalars", "ValueTree"]),
    tests("YAMLCodingTests", of: ["YAMLCoding", "ValueTree"]),
    tests(
      "SimulationTests",
      of: [
        "APIAllocation", "APIMachinery", "APIServer", "APIStore", "Allocation",
        "BindingControllers", "ControllerRuntime", "Exploration", "Scalars", "Simulation",
        "SystemControllers", "ValueTree",
      ]),
    tests(
      "ExplorationTests",
      of: [
        "APIAllocation", "APIMachinery", "BindingControllers", "ControllerRuntime", "Exploration",
        "Scalars", "Simulation", "ValueTree",
      ]),
    tests(
      "ScenariosTests",
      of: [
        "APIMachinery", "APIServer", "APIStore", "Allocation", "ControllerRuntime", "Exploration",
        "Scalars", "Scenarios", "Simulation", "ValueTree", "YAMLCoding",
      ], besides: ["Golden"]),
    tests(
      "ReportingTests",
      of: [
        "Exploration", "Reporting", "Scenarios", "Simulation", "YAMLCoding",
      ], besides: ["Golden"]),
    tests(
      "CommandLineTests",
      of: ["APIMachinery", "Allocation", "CSQLite", "LocalCluster", "Simulation"],
      besides: ["Golden"]),

    tests(
      "AllocationTests", of: ["APIMachinery", "Allocation", "Scalars", "ValueTree"]),
    tests(
      "ControllerRuntimeTests",
      of: [
        "APIMachinery", "Allocation", "ControllerRuntime", "PersistentCollections", "Scalars",
        "ValueTree",
      ]),
    tests(
      "BindingControllersTests",
      of: [
        "APIAllocation", "APIMachinery", "APIServer", "APIStore", "Allocation",
        "BindingControllers", "ControllerRuntime", "PersistentCollections", "Scalars",
        "ValueTree",
      ]),
    tests(
      "ControllerModelsTests",
      of: [
        "APIAllocation", "APIMachinery", "APIServer", "APIStore", "Allocation",
        "BindingControllers", "CEL",
        "ControllerModels", "ControllerRuntime", "Exploration", "Scalars", "Scenarios",
        "Simulation", "ValueTree", "YAMLCoding",
      ], besides: ["Golden"]),
    tests(
      "ClaimControllersTests",
      of: [
        "APIAllocation", "APIMachinery", "APIServer", "APIStore", "Allocation", "Exploration",
        "Scenarios", "Simulation", "ValueTree", "YAMLCoding",
      ]),

    tests(
      "SystemControllersTests",
      of: [
        "APIMachinery", "APIServer", "APIStore", "ControllerRuntime", "Exploration", "Scalars",
        "Scenarios", "Simulation", "SystemControllers", "ValueTree",
      ]),

    // Over the whole house: what the compiler does not check.
    tests("TidyTests", of: []),
  ]
    + (isCoreOnly
      ? []
      : [
        // The server's face: HTTP over the same world that the simulator runs.
        .systemLibrary(
          name: "CZlib", pkgConfig: "zlib",
          providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "CMalloc"),
        room(
          "APIServerHTTP",
          over: [
            "APIMachinery", "APIServer", "APIStore", "Allocation", "CMalloc", "CZlib",
            "ControllerRuntime", "LocalCluster", "Printing", "Scalars", "ValueTree", "YAMLCoding",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
          ]),
        // Controllers that are programs of their own, and what a server can do to them.
        .systemLibrary(name: "CProcess"),
        room(
          "ExternalControllers",
          over: [
            "APIMachinery", "APIServerHTTP", "Allocation", "CProcess", "LocalCluster", "Scalars",
            "Scenarios", "Simulation", "ValueTree", "YAMLCoding",
          ]),
        tests(
          "ExternalControllersTests",
          of: [
            "APIMachinery", "APIServerHTTP", "ExternalControllers", "LocalCluster", "Scalars",
            "Scenarios", "Simulation", "ValueTree", "YAMLCoding",
          ]),
        tests(
          "APIServerHTTPTests",
          of: [
            "APIMachinery", "APIServer", "APIServerHTTP", "APIStore", "LocalCluster", "Scalars",
            "Scenarios", "ValueTree",
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOEmbedded", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
          ]),
      ])
)
