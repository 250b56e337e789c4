// swift-tools-version: 6.2

import PackageDescription

// A package of its own, so that nobody who uses or tests Drydock ever builds it.

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(),
]

/// A room of Drydock that is measured; its product is declared in the root package.
func room(_ name: String) -> Target.Dependency { .product(name: name, package: "drydock") }

let package = Package(
  name: "drydock-benchmarks",
  dependencies: [.package(name: "drydock", path: "..")],
  targets: [
    .systemLibrary(name: "CAllocator"),
    .target(name: "BenchmarkHarness", dependencies: ["CAllocator"], swiftSettings: strict),
    .executableTarget(
      name: "drydock-bench",
      dependencies: ["BenchmarkHarness"]
        + [
          "ValueTree", "Scalars", "YAMLCoding", "CEL", "APIMachinery", "APIStore", "APIServer",
          "Allocation",
          "APIAllocation", "ControllerRuntime", "BindingControllers", "ControllerModels",
          "Simulation",
          "Exploration",
        ].map(room),
      swiftSettings: strict,
      // What ships is linked this way too, and calls the runtime without a detour.
      linkerSettings: [.unsafeFlags(["-static-stdlib"], .when(platforms: [.linux]))]),
  ]
)
