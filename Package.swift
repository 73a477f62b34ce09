// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let c: [CSetting] = [
  .enableWarning("all"),
  .enableWarning("extra"),
  .treatAllWarnings(as: .error),
]

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
  name: "Diptych",
  products: [
    .library(name: "CIPC", targets: ["CIPC"]),
    .library(name: "CEngine", targets: ["CEngine"]),
    .library(name: "SwiftEngine", targets: ["SwiftEngine"]),
    .library(name: "ipc-swift", type: .static, targets: ["SwiftABI"]),
    .library(name: "ParityKit", targets: ["ParityKit"]),
    .library(name: "ParityTesting", targets: ["ParityTesting"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The C engine. Its path is the package's, so that the contract can stand in the top-level `include`.
    .systemLibrary(name: "CBSD", pkgConfig: "libbsd", providers: [.apt(["libbsd-dev"])]),
    .target(
      name: "CIPC", dependencies: ["CBSD"], path: ".",
      exclude: ["Benchmarks", "Tests", "deploy", "CONTRIBUTING.md", "README.md", "LICENSE", "Makefile"],
      sources: ["Sources/CIPC"], publicHeadersPath: "include", cSettings: c),

    // The Swift engine: no C but declarations.
    .systemLibrary(name: "CLinux"),
    .target(name: "IPC", dependencies: [system], swiftSettings: swift),
    .target(name: "CEngine", dependencies: ["CIPC", "IPC", system], swiftSettings: swift),
    .target(name: "SwiftEngine", dependencies: ["CLinux", "IPC", system], swiftSettings: swift),

    // The functions of the contract over the Swift engine, for programs in C. Only the header is C.
    .systemLibrary(name: "IPCContract"),
    .target(
      name: "SwiftABI", dependencies: ["CLinux", "IPC", "IPCContract", "SwiftEngine", system], swiftSettings: swift),

    // The programs.
    .target(name: "Programs", dependencies: ["IPC", arguments, logging, system], swiftSettings: swift),
    .executableTarget(name: "c-server", dependencies: ["CEngine", "Programs"], swiftSettings: swift),
    .executableTarget(name: "c-client", dependencies: ["CEngine", "Programs"], swiftSettings: swift),
    .executableTarget(name: "swift-server", dependencies: ["Programs", "SwiftEngine"], swiftSettings: swift),
    .executableTarget(name: "swift-client", dependencies: ["Programs", "SwiftEngine"], swiftSettings: swift),

    // What the reports of the commands below are written in, and how a command line is split.
    .target(name: "Formats", swiftSettings: swift),

    // The judge: it sees processes and sockets, and none of the engines.
    .systemLibrary(name: "CProcess"),
    .target(name: "ParityKit", dependencies: ["CProcess", "Formats", system, yams], swiftSettings: swift),
    .target(name: "ParityTesting", dependencies: ["ParityKit"], swiftSettings: swift),
    .executableTarget(name: "parity", dependencies: ["ParityKit", arguments], swiftSettings: swift),

    // The checker of a program that is to be ported: which idioms of the reference it uses.
    .target(name: "PortingKit", dependencies: ["Formats", subprocess, system], swiftSettings: swift),
    .executableTarget(name: "porting-check", dependencies: ["PortingKit", arguments], swiftSettings: swift),

    // The porting reference: each idiom of C, and the same in Swift.
    .target(name: "CIdioms", cSettings: c),
    .target(name: "Idioms", dependencies: ["CLinux"], swiftSettings: swift),

    // The tests. The programs are named so that they are built.
    .target(name: "CFaults", path: "Tests/CFaults", cSettings: c),
    .target(name: "Crowd", dependencies: [system], path: "Tests/Crowd", swiftSettings: swift),
    .testTarget(
      name: "EngineTests", dependencies: ["CEngine", "CFaults", "CIPC", "Crowd", "IPC", "SwiftEngine", system],
      swiftSettings: swift),
    .testTarget(
      name: "ProgramTests",
      dependencies: ["c-client", "c-server", "Crowd", "Programs", "swift-client", "swift-server", subprocess, system],
      exclude: ["Scripts"],
      swiftSettings: swift),
    .testTarget(
      name: "IdiomTests", dependencies: ["CIdioms", "CLinux", "Idioms", subprocess, system],
      exclude: ["Findings", "Naive", "Records"],
      swiftSettings: swift),
    .executableTarget(name: "faulty", path: "Tests/faulty", cSettings: c),
    .testTarget(
      name: "ParityKitTests", dependencies: ["ParityKit", "ParityTesting", "parity", "faulty", subprocess, system],
      exclude: ["Support/Scripts"],
      swiftSettings: swift),
    .testTarget(
      name: "PortingKitTests", dependencies: ["Formats", "PortingKit", "porting-check", subprocess, system],
      swiftSettings: swift),
    .testTarget(
      name: "RepositoryTests", dependencies: ["parity", "porting-check", subprocess, system], exclude: ["Swap"],
      swiftSettings: swift),
  ],
  cLanguageStandard: .c17
)

// `make swap` builds the engines, their tests and c-server only. Each function of C is exchangeable at start there.
if Context.environment["DIPTYCH_SWAP_BUILD"] != nil {
  let generated = ".build/swap/generated"
  let kept = [
    "CBSD", "CLinux", "IPC", "SwiftEngine", "SwiftABI", "CFaults", "Crowd", "EngineTests", "Programs", "c-server",
  ]
  package.products = []
  package.targets =
    package.targets.filter { kept.contains($0.name) } + [
      .systemLibrary(name: "IPCContract", path: "\(generated)/IPCContract"),
      .target(
        name: "CIPC", dependencies: ["CBSD"], path: "\(generated)/CIPC", publicHeadersPath: "include",
        cSettings: [.disableWarning("nullability-completeness")]),
      .target(name: "Exchange", path: "Tests/swap/Exchange", cSettings: c),
      .target(
        name: "Faults", dependencies: ["IPCContract", "SwiftABI"], path: "Tests/swap/Faults", swiftSettings: swift),
      .target(
        name: "CEngine", dependencies: ["CIPC", "Exchange", "Faults", "IPC", "SwiftABI", system], swiftSettings: swift),
      .executableTarget(name: "cost", dependencies: ["CEngine", "CIPC"], path: "Tests/swap/Cost", cSettings: c),
    ]
}
