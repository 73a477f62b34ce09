// swift-tools-version: 6.2
// The way of the originals from C to Swift. Steps 1 and 2 need no package: cc builds them.
import PackageDescription

let c: [CSetting] = [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]
let swift: [SwiftSetting] = [.swiftLanguageMode(.v6), .strictMemorySafety(), .treatAllWarnings(as: .error)]

let package = Package(
  name: "Originals",
  targets: [
    // 3: the functions of step 2 as a module, with a C program.
    .target(name: "COriginals", path: "2-callable", exclude: ["main.c"], publicHeadersPath: "include", cSettings: c),
    .executableTarget(name: "packaged", dependencies: ["COriginals"], path: "3-packaged", cSettings: c),

    // 4: Swift over the C functions.
    .target(name: "Program", path: "4-wrapped/Program", swiftSettings: swift),
    .target(name: "Wrapped", dependencies: ["COriginals", "Program"], path: "4-wrapped/Wrapped", swiftSettings: swift),
    .executableTarget(
      name: "wrapped", dependencies: ["Wrapped"], path: "4-wrapped/wrapped-program", swiftSettings: swift),

    // 5: the functions in Swift; the program can still use those in C.
    .target(name: "Ported", dependencies: ["Program"], path: "5-ported/Ported", swiftSettings: swift),
    .executableTarget(
      name: "ported", dependencies: ["Ported", "Wrapped"], path: "5-ported/ported-program", swiftSettings: swift),

    // 6: the C program, with the functions in Swift.
    .systemLibrary(name: "Contract", path: "6-swapped/Contract"),
    .target(name: "Swapped", dependencies: ["Contract", "Ported"], path: "6-swapped/Swapped", swiftSettings: swift),
    .executableTarget(
      name: "swapped", dependencies: ["Swapped"], path: "6-swapped/swapped-program",
      cSettings: c + [.headerSearchPath("../../2-callable/include")]),

    // 7: no C is left.
    .executableTarget(name: "pure", dependencies: ["Ported"], path: "7-pure", swiftSettings: swift),
  ],
  cLanguageStandard: .c17
)
