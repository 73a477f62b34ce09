import Subprocess
import SystemPackage
import Testing

/// The C engine works without Swift: the program of the documentation compiles, and serves a client.
struct StandaloneTests {
  static let strict = ["-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Iinclude"]

  /// How the engine is compiled: as the documentation shows, under gcc's analyzer, and with run-time checks.
  static let compilers = [
    ["cc"], ["clang"], ["gcc", "-O1", "-fanalyzer"],
    ["gcc", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover"],
  ]

  @Test("The C program of the documentation compiles, and greets a client", arguments: compilers)
  func theDocumentedProgramGreets(way: [String]) async throws {
    let folder = try await Repository.output("mktemp", ["-d"]).trimmingNewline
    let source = "\(folder)/hello.c"
    let program = "\(folder)/hello"
    _ = try await run(
      .name("tee"), arguments: [source], input: .string(try Self.documentedProgram()), output: .discarded)
    let sources = try await Repository.files(under: "Sources/CIPC", ending: ".c")
    _ = try await Repository.output(
      way[0], way.dropFirst() + Self.strict + [source] + sources + ["-lbsd", "-o", program])

    #expect(try await Self.greeting(of: program, in: folder) == "Server Message")
    #expect(
      try await Repository.output("ls", [folder]) == "hello\nhello.c\nsaid\n", "the server removed its socket file")
    _ = try await Repository.output("rm", ["-r", folder])
  }

  /// Runs the program as a server with one client, and returns what the client received.
  static func greeting(of program: String, in folder: String) async throws -> String {
    let script = """
      mkfifo "$2"/said; "$1" unix:"$2"/hello.sock >"$2"/said & server=$!
      read -r line <"$2"/said; [ "$line" = "listening unix:$2/hello.sock" ] || exit 1
      nc -N -U "$2"/hello.sock </dev/null; wait $server
      """
    return try await Repository.output("timeout", ["20", "sh", "-c", script, "-", program, folder])
  }

  @Test("The C engine has no mutable state, prints nothing, and never exits")
  func engineHasNoMutableState() async throws {
    let forbidden: Set<String> = [
      "exit", "_exit", "abort", "printf", "puts", "putchar", "fprintf", "perror", "fputs", "err", "errx",
    ]
    for file in try await Repository.files(under: "Sources/CIPC", ending: ".c") {
      let symbols = try await symbols(of: file)
      #expect(!symbols.isEmpty)
      for symbol in symbols {
        #expect(!symbol.isMutable, "\(file): the variable \(symbol.name) in \(symbol.section)")
        #expect(!forbidden.contains(symbol.name), "\(file) calls \(symbol.name)")
      }
    }
  }

  @Test("Only constants count as immutable, with or without relocations")
  func mutableStateIsDetected() async throws {
    let source = try await Repository.output("mktemp", ["--suffix=.c"]).trimmingNewline
    let program = """
      int zero, one = 1;
      static int *pointer = &one;
      int count(void) { static int calls; static _Thread_local int threads; return ++calls + ++threads + *pointer; }
      int (*const table[])(void) = {count};
      const int constant = 2;

      """
    _ = try await run(.name("tee"), arguments: [source], input: .string(program), output: .discarded)
    let variables = try await symbols(of: source).filter(\.isMutable).map { $0.name.prefix { $0 != "." } }
    #expect(Set(variables) == ["zero", "one", "pointer", "calls", "threads"])
    _ = try await Repository.output("rm", [source])
  }

  private struct Symbol {
    let name: String
    let section: Substring

    /// A constant with addresses is in `.data.rel.ro`, which is read-only once the addresses are relocated.
    var isMutable: Bool {
      let writable = [".data", ".bss", ".tdata", ".tbss", "*COM*"]
      return writable.contains { section.hasPrefix($0) } && !section.hasPrefix(".data.rel.ro")
    }
  }

  /// The functions and variables that an object defines or uses.
  private func symbols(of source: String) async throws -> [Symbol] {
    let object = try await Repository.output("mktemp", ["--suffix=.o"]).trimmingNewline
    _ = try await Repository.output("cc", Self.strict + ["-c", source, "-o", object])
    let table = try await Repository.output("objdump", ["--syms", object])
    _ = try await Repository.output("rm", [object])
    // Address, flags (d: the section itself) and section; a tab; size and name.
    return table.split(separator: "\n").compactMap { line in
      let halves = line.split(separator: "\t").map { $0.split(separator: " ") }
      guard halves.count == 2, let section = halves[0].last, let name = halves[1].last, !halves[0].contains("d") else {
        return nil
      }
      return Symbol(name: String(name), section: section)
    }
  }

  /// The C program of the documentation.
  static func documentedProgram() throws -> String {
    try #require(try Repository.blocks("Sources/Diptych.docc/StandaloneProgram.md", of: "c").first)
  }
}
