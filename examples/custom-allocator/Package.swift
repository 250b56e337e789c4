// swift-tools-version: 6.2

import PackageDescription

// What a user copies: replace the path by the address of the repository.

/// A library of Drydock.
func drydock(_ name: String) -> Target.Dependency { .product(name: name, package: "drydock") }

let package = Package(
  name: "custom-allocator",
  dependencies: [.package(name: "drydock", path: "../..")],
  targets: [
    .executableTarget(
      name: "vlans",
      dependencies: [
        drydock("APIAllocation"), drydock("APIMachinery"), drydock("APIServer"),
        drydock("APIStore"), drydock("Allocation"), drydock("ControllerRuntime"),
        drydock("Exploration"), drydock("Scenarios"), drydock("Simulation"),
        drydock("ValueTree"), drydock("YAMLCoding"),
      ],
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ]
)
