import Subprocess
import SystemPackage
import Testing

/// The build of `make swap`, in which Swift answers the functions that an environment variable names. `make swap` runs
/// the engines' tests in it; these tests check what makes it.
@Suite(.serialized) struct SwapBuildTests {
  static let generated = ".build/swap/generated"

  /// The functions in the order of the generated table, each with its group.
  private static let table = Task {
    _ = try await Repository.output("Tests/swap/generate.py", [])
    return try Repository.lines("\(generated)/functions.h").compactMap { line in
      line.firstMatch(of: /^FUNCTION\((\w+), (\w+)\)$/).map { (function: String($0.1), group: String($0.2)) }
    }
  }

  /// The program that prints which functions Swift answers.
  private static let answers = Task {
    _ = try await table.value
    let program = try await Repository.products().appending("answers").string
    _ = try await Repository.output(
      "cc",
      StandaloneTests.strict + [
        "-I\(generated)", "-ITests/swap/Exchange/include", "Tests/swap/Exchange/exchange.c",
        "Tests/RepositoryTests/Swap/answers.c", "-o", program,
      ])
    return program
  }

  private func answers(_ swap: String) async throws -> (status: TerminationStatus, swift: [String], error: String) {
    let program = try await Self.answers.value
    let result = try await run(
      .name("env"), arguments: ["DIPTYCH_SWAP=\(swap)", program], output: .string(limit: 1 << 16),
      error: .string(limit: 1 << 16))
    let lines = result.standardOutput.split(separator: "\n").map(String.init)
    return (result.terminationStatus, lines, result.standardError)
  }

  @Test("The table of the build has exactly the functions of the header, of Swift and of C") func table() async throws {
    let table = try await Self.table.value.map(\.function)
    #expect(table.sorted() == (try MirrorTests.contract().sorted()))
    let swift = try await Repository.products().appending("libipc-swift.a").string
    #expect(try await symbols("ipc_", in: [swift]) == table.sorted())
    let folder = try await Repository.output("mktemp", ["-d"]).trimmingNewline
    _ = try await Repository.output(
      "sh",
      [
        "-c",
        "for file in \(Self.generated)/CIPC/*/*.c; do cc -std=c17 -Iinclude -c $file -o $0/$(basename $file).o; done",
        folder,
      ])
    let objects = try await Repository.output("sh", ["-c", "ls $0/*.o", folder]).split(separator: "\n").map(String.init)
    #expect(try await symbols("c_ipc_", in: objects) == table.map { "c_" + $0 }.sorted())
    _ = try await Repository.output("rm", ["-r", folder])
  }

  private func symbols(_ prefix: String, in objects: [String]) async throws -> [String] {
    let names = try await Repository.output(
      "nm", ["--defined-only", "--extern-only", "--format=just-symbols"] + objects)
    return names.split(separator: "\n").map(String.init).filter { $0.hasPrefix(prefix) }.sorted()
  }

  @Test("Swift answers exactly the functions that are named, and those that share their private state")
  func namedFunctions() async throws {
    let table = try await Self.table.value
    for (function, group) in table {
      let exchanged = table.filter { $0.group == group }.map(\.function)
      #expect(try await answers(function).swift == exchanged)
    }
    let links = table.filter { $0.group == "ipc_link" }.map(\.function)
    #expect(links == table.map(\.function).filter { $0.hasPrefix("ipc_link_") })
    #expect(Set(table.map(\.group)).count == table.count - links.count + 1)
    #expect(try await answers("").swift == [])
    #expect(try await answers("all").swift == table.map(\.function))
    #expect(try await answers("ipc_vis,ipc_send").swift == ["ipc_send", "ipc_vis"])
  }

  @Test("A program does not start if it has to exchange an unknown function, and names it") func unknown() async throws
  {
    for (swap, named) in [("ipc_vis,ipc_nothing", "ipc_nothing"), ("ipc_vi", "ipc_vi"), ("ipc_vis,,all", "")] {
      let refused = try await answers(swap)
      #expect(refused.status == .exited(2) && refused.swift == [])
      #expect(refused.error.hasPrefix("DIPTYCH_SWAP: unknown function '\(named)': allowed are all, and the functions"))
    }
  }
}
