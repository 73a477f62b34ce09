import Testing

/// Rows mirror: who opens a C file finds the Swift one, and the test, under the same name.
struct RowTests {
  @Test func everyCFileHasItsSwiftFileAndItsTest() async throws {
    let c = Set(try await House.files(under: "Sources/CIPC", ending: ".c").map(\.stem))
    let swift = Set(try await House.files(under: "Sources/SwiftEngine", ending: ".swift").map(\.stem))
    let tests = Set(try await House.files(under: "Tests/EngineTests", ending: "Tests.swift").map(\.stem))
    #expect(c.count >= 10)
    for row in c {
      let name = row.prefix(1).uppercased() + row.dropFirst()
      #expect(swift.contains(name), "Sources/CIPC/\(row).c has no Sources/SwiftEngine/\(name).swift")
      #expect(tests.contains("\(name)Tests"), "Sources/CIPC/\(row).c has no Tests/EngineTests/\(name)Tests.swift")
    }
    let alone = swift.filter { name in !c.contains(name.lowercased()) }
    #expect(
      alone == [
        "SwiftEngine", "System", "System+Address", "System+Epoll", "System+Local", "System+Memory", "System+Queues",
        "System+Thread",
      ],
      "Swift files without a C row: \(alone.sorted())")
  }

  /// One requirement a function, in the header's order.
  @Test func theProtocolFollowsTheHeader() throws {
    let declaration = /^(?:const )?[a-z_0-9]+ \*?(ipc_[a-z_]+)\(/
    let functions = try House.lines("include/ipc.h").compactMap {
      $0.firstMatch(of: declaration).map { String($0.1) }
    }
    let mention = /(ipc_[a-z_]+)`/
    let documented = try House.lines("Sources/IPC/Engine.swift").filter { $0.contains("///") }
      .compactMap { $0.firstMatch(of: mention).map { String($0.1) } }
    #expect(functions.count > 20)
    #expect(documented == functions)
    let requirements = try House.lines("Sources/IPC/Engine.swift").filter { $0.contains(" static func ") }
    #expect(requirements.count == functions.count)
  }

  @Test func filesAreSmall() async throws {
    let folders = [
      "Sources", "Tests", "Benchmarks/Bench", "Benchmarks/Load", "Benchmarks/Peers", "Benchmarks/Rings",
      "Benchmarks/Ways",
    ]
    var files: [String] = []
    for folder in folders { files += try await House.files(under: folder) }
    #expect(files.count > 40)
    for file in files where !file.hasSuffix(".png") {
      let count = try House.lines(file).count
      // The conformance and the bridge hold one entry for each of the contract's functions, and grow with it.
      let limit = file.hasPrefix("Sources/CEngine/") ? 350 : 251
      #expect(count <= limit, "\(file) has \(count) lines")
    }
  }
}
