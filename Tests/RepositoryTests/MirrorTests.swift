import Testing

/// Rows mirror: who opens a C file finds the Swift one, and the test, under the same name.
struct MirrorTests {
  @Test func everyCFileHasItsSwiftFileAndItsTest() async throws {
    func camelCase(_ file: String) -> String {
      file.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
    let c = try await rows("Sources/CIPC", ".c", camelCase)
    let headers = try await rows("Sources/CIPC", ".h", camelCase)
    let swift = try await rows("Sources/SwiftEngine", ".swift") { $0 }
    let tests = try await rows("Tests/EngineTests", "Tests.swift") { String($0.dropLast("Tests".count)) }
    #expect(c.count >= 10)
    for row in c {
      #expect(swift.contains(row), "\(row) is in CIPC, and not in SwiftEngine")
      #expect(tests.contains(row), "\(row) is in CIPC, and has no tests")
    }
    // A C header may have types of its own: link_transport.h.
    let alone = swift.subtracting(c).subtracting(headers).filter { !$0.hasPrefix("System/") }
    #expect(alone.isEmpty, "Swift files without a C row: \(alone.sorted())")
  }

  /// The rows below a folder, as room and file: `Socket/Stream`.
  private func rows(_ folder: String, _ suffix: String, _ name: (String) -> String) async throws -> Set<String> {
    Set(
      try await Repository.files(under: folder, ending: suffix).compactMap { file in
        let parts = file.split(separator: "/").dropFirst(2)
        guard parts.count == 2 else { return nil }
        return parts.first!.prefix(1).uppercased() + parts.first!.dropFirst() + "/" + name(file.stem)
      })
  }

  /// Functions that are no requirements of the protocol, and why.
  private static let accessors = ["ipc_link_descriptor": "`Link.number` is a stored property"]

  /// One requirement a function, in the header's order.
  @Test func theProtocolFollowsTheHeader() throws {
    let declaration = /^(?:const )?[a-z_0-9]+ \*?(ipc_[a-z_]+)\(/
    let functions = try headers().flatMap(Repository.lines).compactMap {
      $0.firstMatch(of: declaration).map { String($0.1) }
    }
    let mention = /(ipc_[a-z_]+)`/
    let documented = try Repository.lines("Sources/IPC/Engine.swift").filter { $0.contains("///") }
      .compactMap { $0.firstMatch(of: mention).map { String($0.1) } }
    #expect(functions.count > 20)
    #expect(Set(functions).isSuperset(of: Self.accessors.keys))
    let required = functions.filter { Self.accessors[$0] == nil }
    #expect(documented == required)
    let requirements = try Repository.lines("Sources/IPC/Engine.swift").filter { $0.contains(" static func ") }
    #expect(requirements.count == required.count)
  }

  /// The headers of the contract, as the umbrella includes them.
  private func headers() throws -> [String] {
    try Repository.lines("include/ipc.h").compactMap {
      $0.firstMatch(of: /^#include "(ipc\/[a-z_]+\.h)"/).map { "include/\($0.1)" }
    }
  }

  @Test func filesAreSmall() async throws {
    let folders = [
      "Sources", "Tests", "Benchmarks/Bench", "Benchmarks/Load", "Benchmarks/Peers", "Benchmarks/Rings",
      "Benchmarks/Ways",
    ]
    var files: [String] = []
    for folder in folders { files += try await Repository.files(under: folder) }
    #expect(files.count > 40)
    for file in files where !file.hasSuffix(".png") {
      let count = try Repository.lines(file).count
      #expect(count <= 251, "\(file) has \(count) lines")
    }
  }
}
