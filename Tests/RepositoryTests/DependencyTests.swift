import SystemPackage
import Testing

/// The dependencies between targets: what each one imports, and what each program contains.
struct DependencyTests {
  /// The modules that each target may import.
  static let allowed: [String: Set<String>] = [
    "IPC": ["Glibc", "SystemPackage"],
    "CEngine": ["CIPC", "IPC", "SystemPackage"],
    "SwiftEngine": ["CLinux", "Glibc", "IPC", "Synchronization", "SystemPackage"],
    "Idioms": ["CLinux", "Glibc", "Synchronization"],
    "SwiftABI": ["CLinux", "Glibc", "IPC", "IPCContract", "SwiftEngine", "SystemPackage"],
    "Programs": ["ArgumentParser", "Glibc", "IPC", "Logging", "Synchronization", "SystemPackage"],
    "Formats": [],
    "ParityKit": ["CProcess", "Dispatch", "Formats", "Glibc", "Synchronization", "SystemPackage", "Yams"],
    "ParityTesting": ["ParityKit", "Testing"],
    "PortingKit": ["Formats", "Glibc", "Subprocess", "SystemPackage"],
    "parity": ["ArgumentParser", "ParityKit"],
    "porting-check": ["ArgumentParser", "PortingKit"],
    "c-server": ["CEngine", "Programs"],
    "c-client": ["CEngine", "Programs"],
    "swift-server": ["Programs", "SwiftEngine"],
    "swift-client": ["Programs", "SwiftEngine"],
  ]

  /// The steps of the originals are a package of their own, without gates.
  private static func isOriginal(_ file: String) -> Bool { file.hasPrefix("Sources/Originals/") }

  @Test("Each target imports only the modules that it may use") func imports() async throws {
    let statement = /^ *(?:@[a-z]+ )?(?:public |internal )?import (?:struct |enum |class |func )?([A-Za-z]+)/
    var seen: Set<String> = []
    for file in try await Repository.files(under: "Sources", ending: ".swift") where !Self.isOriginal(file) {
      let target = String(file.split(separator: "/")[1])
      let permitted = try #require(Self.allowed[target], "\(file) is in a target that the list lacks")
      seen.insert(target)
      for line in try Repository.lines(file) {
        guard let module = line.firstMatch(of: statement)?.1 else { continue }
        #expect(permitted.contains(String(module)), "\(file) imports \(module)")
      }
    }
    #expect(seen == Set(Self.allowed.keys))
  }

  @Test("Only the gates contain unsafe code, and each of them does") func gates() async throws {
    let gates = [
      "Sources/CEngine/Bridge.swift", "Sources/CEngine/Bridge+Client.swift", "Sources/CEngine/Bridge+Endpoints.swift",
      "Sources/CEngine/Bridge+Links.swift", "Sources/CEngine/Bridge+Observer.swift",
      "Sources/CEngine/Bridge+Rings.swift", "Sources/CEngine/Bridge+Server.swift",
      "Sources/CEngine/Bridge+Services.swift", "Sources/CEngine/Bridge+Streams.swift",
      "Sources/CEngine/Bridge+Supervisor.swift",
      "Sources/IPC/Link.swift", "Sources/IPC/Locked.swift", "Sources/IPC/SharedMemory.swift",
      "Sources/IPC/Thread.swift",
      "Sources/ParityKit/System/System.swift",
      "Sources/ParityKit/System/System+Files.swift",
      "Sources/ParityKit/System/System+Processes.swift", "Sources/ParityKit/System/System+Sockets.swift",
      "Sources/ParityKit/System/System+Threads.swift",
      "Sources/ParityKit/System/SocketAddress.swift",
      "Sources/PortingKit/Clang/Clang.swift", "Sources/PortingKit/System/Files.swift",
      "Sources/Programs/Clock.swift",
      "Sources/Programs/ProcessEnvironment.swift",
      "Sources/SwiftABI/Bytes.swift", "Sources/SwiftABI/Client.swift", "Sources/SwiftABI/Endpoint.swift",
      "Sources/SwiftABI/Error.swift", "Sources/SwiftABI/Failure.swift", "Sources/SwiftABI/Link.swift",
      "Sources/SwiftABI/Observer.swift", "Sources/SwiftABI/Ring.swift", "Sources/SwiftABI/Server.swift",
      "Sources/SwiftABI/Service.swift", "Sources/SwiftABI/Stream.swift", "Sources/SwiftABI/Supervisor.swift",
      "Sources/SwiftABI/Text.swift",
      "Sources/SwiftEngine/System/System.swift",
      "Sources/SwiftEngine/System/System+Address.swift",
      "Sources/SwiftEngine/System/System+Epoll.swift", "Sources/SwiftEngine/System/System+Files.swift",
      "Sources/SwiftEngine/System/System+Memory.swift", "Sources/SwiftEngine/System/System+Pages.swift",
      "Sources/SwiftEngine/System/System+Queues.swift",
      "Sources/SwiftEngine/System/System+Thread.swift",
    ]
    // An idiom shows the call of libc itself, and its reason on its page.
    let code = try await Repository.files(under: "Sources", ending: ".swift").filter {
      !$0.hasPrefix("Sources/Idioms/") && !Self.isOriginal($0)
    }
    for file in code {
      let isUnsafe = try Repository.lines(file).contains {
        $0.contains(/\bunsafe\b/) && !$0.contains(/\/\/.*\bunsafe\b/)
      }
      #expect(
        isUnsafe == gates.contains(file),
        "\(file): \(isUnsafe ? "unsafe code outside the gates" : "a gate without need")")
    }
  }

  @Test("No program contains the other engine", arguments: ["server", "client"])
  func engines(role: String) async throws {
    let folder = try await Repository.products()
    let c = try await symbols(folder.appending("c-\(role)").string)
    let swift = try await symbols(folder.appending("swift-\(role)").string)
    let isC = /^_?ipc_[a-z_]+$/
    #expect(c.contains("ipc_serve") && c.contains("ipc_relay"))
    #expect(c.contains { $0.contains("7CEngine") })
    #expect(!c.contains { $0.contains("11SwiftEngine") }, "c-\(role) contains the Swift engine")
    #expect(swift.contains { $0.contains("11SwiftEngine") })
    #expect(!swift.contains { $0.contains("7CEngine") || $0.contains(isC) }, "swift-\(role) contains the C engine")
  }

  @Test("The judge contains neither engine") func judge() async throws {
    let names = try await symbols(try await Repository.products().appending("parity").string)
    let isC = /^_?ipc_[a-z_]+$/
    #expect(names.contains { $0.contains("9ParityKit") })
    #expect(!names.contains { $0.contains("11SwiftEngine") || $0.contains("7CEngine") || $0.contains(isC) })
  }

  private func symbols(_ program: String) async throws -> Set<String> {
    let names = try await Repository.output("nm", ["--defined-only", "--format=just-symbols", program])
    return Set(names.split(separator: "\n").map(String.init))
  }
}
