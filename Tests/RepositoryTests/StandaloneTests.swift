import Subprocess
import SystemPackage
import Testing

/// The C engine stands without Swift: what the README shows is compiled as it stands there, and talked to.
struct StandaloneTests {
  static let strict = ["-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Iinclude"]

  /// How the engine is compiled: as the README says, under gcc's analyzer, and with run-time checks.
  static let ways = [
    ["cc"], ["clang"], ["gcc", "-O1", "-fanalyzer"],
    ["gcc", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover"],
  ]

  @Test(arguments: ways)
  func theProgramOfTheReadmeGreets(way: [String]) async throws {
    let folder = try await Repository.output("mktemp", ["-d"]).trimmingNewline
    let source = "\(folder)/hello.c"
    let program = "\(folder)/hello"
    _ = try await run(
      .name("tee"), arguments: [source], input: .string(try Self.cProgramOfTheReadme()), output: .discarded)
    let sources = try await Repository.files(under: "Sources/CIPC", ending: ".c")
    _ = try await Repository.output(
      way[0], way.dropFirst() + Self.strict + [source] + sources + ["-lbsd", "-o", program])

    let talk = """
      mkfifo "$2"/said; "$1" unix:"$2"/hello.sock >"$2"/said & server=$!
      read -r line <"$2"/said; [ "$line" = "listening unix:$2/hello.sock" ] || exit 1
      nc -N -U "$2"/hello.sock </dev/null; wait $server
      """
    let answer = try await Repository.output("timeout", ["20", "sh", "-c", talk, "-", program, folder])
    #expect(answer == "Server Message")
    #expect(try await Repository.output("ls", [folder]) == "hello\nhello.c\nsaid\n", "the socket file is gone")
    _ = try await Repository.output("rm", ["-r", folder])
  }

  /// Callable functions only: no globals, no exit, no printing.
  @Test func theEngineHasNoStateAndNoVoice() async throws {
    let folder = try await Repository.output("mktemp", ["-d"]).trimmingNewline
    let forbidden: Set<String> = [
      "exit", "_exit", "abort", "printf", "puts", "putchar", "fprintf", "perror", "fputs", "err", "errx",
    ]
    for file in try await Repository.files(under: "Sources/CIPC", ending: ".c") {
      let object = "\(folder)/\(file.stem).o"
      _ = try await Repository.output("cc", Self.strict + ["-c", file, "-o", object])
      for line in try await Repository.output("nm", [object]).split(separator: "\n") {
        let fields = line.split(separator: " ")
        let (kind, name) = (fields[fields.count - 2], String(fields[fields.count - 1]))
        #expect(!["B", "b", "C", "D", "d", "S", "s"].contains(kind), "\(file): the variable \(name)")
        #expect(!forbidden.contains(name), "\(file) calls \(name)")
      }
    }
    _ = try await Repository.output("rm", ["-r", folder])
  }

  static func cProgramOfTheReadme() throws -> String {
    let blocks = try Repository.read("README.md").split(separator: "```c\n").dropFirst()
    let block = try #require(blocks.first?.firstRange(of: "```").map { String(blocks.first![..<$0.lowerBound]) })
    return block
  }
}
