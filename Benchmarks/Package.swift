// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "Diptych", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "bench",
      dependencies: [
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Bench", swiftSettings: swift),
    .executableTarget(
      name: "nio",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Competitors/nio", swiftSettings: swift),
    .executableTarget(
      name: "flying", dependencies: [.product(name: "FlyingSocks", package: "FlyingFox")], path: "Competitors/flying",
      swiftSettings: swift),
    .executableTarget(
      name: "rings-c", dependencies: [.product(name: "CIPC", package: "Diptych")], path: "Rings/c"),
    .executableTarget(
      name: "rings-swift", dependencies: [.product(name: "SwiftEngine", package: "Diptych")], path: "Rings/swift",
      swiftSettings: swift),
    .executableTarget(
      name: "transports-c", dependencies: [.product(name: "CIPC", package: "Diptych")], path: "Transports/c"),
    .executableTarget(
      name: "transports-swift",
      dependencies: [
        .product(name: "SwiftEngine", package: "Diptych"), .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Transports/swift", swiftSettings: swift),

    // What a call across the languages costs. The callers are the same in both programs; the functions that they call
    // have the same names in C and in Swift, so a program can contain those of one language only.
    .target(name: "CostsCallers", path: "Costs/Callers"),
    .target(
      name: "CostsJobs", dependencies: ["CostsCallers", .product(name: "SwiftEngine", package: "Diptych")],
      path: "Costs/Jobs", swiftSettings: swift),
    .target(name: "CostsFunctionsC", dependencies: ["CostsCallers"], path: "Costs/FunctionsC", publicHeadersPath: "."),
    .target(
      name: "CostsFunctionsSwift", dependencies: ["CostsCallers", "CostsJobs"], path: "Costs/FunctionsSwift",
      swiftSettings: swift),
    .executableTarget(
      name: "costs-c",
      dependencies: ["CostsCallers", "CostsFunctionsC", "CostsJobs", .product(name: "CEngine", package: "Diptych")],
      path: "Costs/ProgramC", swiftSettings: swift),
    .executableTarget(
      name: "costs-swift",
      dependencies: [
        "CostsCallers", "CostsFunctionsSwift", "CostsJobs", .product(name: "SwiftEngine", package: "Diptych"),
        .product(name: "ipc-swift", package: "Diptych"),
      ],
      path: "Costs/ProgramSwift", swiftSettings: swift),
  ],
  cLanguageStandard: .c17
)
