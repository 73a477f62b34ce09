import Subprocess
import SystemPackage
import Testing

@testable import PortingKit

/// The program: what it prints, and its exit status.
struct CommandTests {
  private struct Outcome {
    let status: TerminationStatus
    let output: String
    let errors: String
  }

  private func check(_ arguments: [String]) async throws -> Outcome {
    let result = try await run(
      .path(try await Checkout.program()), arguments: Arguments(arguments), output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 20))
    return Outcome(
      status: result.terminationStatus, output: result.standardOutput, errors: result.standardError)
  }

  private static let sample = """
    #include <errno.h>
    #include <fcntl.h>
    #include <unistd.h>
    int f(const char *path) {
      int fd = open(path, O_RDWR | O_CREAT, MODE);
      if (fd < 0)
        return -errno;
      return fork();
    }
    """

  @Test("The text shows the worst first, with places, pages and a summary") func text() async throws {
    let folder = try await Folder()
    let file = try folder.add("file.c", Self.sample.replacing("MODE", with: "0644"))
    let outcome = try await check([file])
    #expect(outcome.status == .exited(0) && outcome.errors == "")
    #expect(
      outcome.output == """
        COMPILES AND IS WRONG
          A mode in octal: 1 place, a line each
            0644 compiles, and is decimal in Swift: write 0o644.
            Sources/Diptych.docc/Idioms/Descriptors/OpenMode.md
            \(file):5

        NAIVE CODE IS REFUSED
          fork(): 1 place, the design of the program
            The child of fork() has only one thread, and a lock of the runtime can stay locked: start a program, or use threads.
            Sources/Diptych.docc/Idioms/Processes/ForkPerClient.md
            \(file):8

        IMPORTS AS IS
          errno: 1 place, a line each
            It works if it is read at once: Swift releases strings and arrays at the end of a scope, which may change it.
            Sources/Diptych.docc/Idioms/Failures/ErrnoAtOnce.md
            \(file):7

        1 file, 9 lines: 3 idioms in 3 places
        compiles and is wrong: 1, naive code is refused: 1, imports as is: 1
        effort: a line each: 2, the design of the program: 1

        """)
    try await folder.remove()
  }

  @Test("The documentation shows what the program prints") func documented() async throws {
    let page = try Checkout.read("Sources/Diptych.docc/Porting/PortingCheck.md")
    let block = try #require(page.split(separator: "```text\n").last?.split(separator: "```").first)
    let files = try await Checkout.files("Sources/Originals/1-printed", "*.c")
    let result = try await run(
      .path(try await Checkout.program()), arguments: Arguments(files), workingDirectory: Checkout.root,
      output: .string(limit: 1 << 20))
    let parts = block.split(separator: "\n\n")
    #expect(parts.count == 3)
    for part in parts { #expect(result.standardOutput.contains(part), "\(part)") }
  }

  @Test("JSON has all places, and is valid; flags stand behind --") func json() async throws {
    let folder = try await Folder()
    let file = try folder.add("a \"file\".c", Self.sample)
    let outcome = try await check([file, "--json", "--site", "https://example.org/", "--", "-DMODE=0600"])
    #expect(outcome.status == .exited(0))
    let script = """
      import json, sys
      report = json.load(sys.stdin)
      print(report["files"][0]["name"], report["summary"]["idioms"], report["summary"]["fates"]["refused"])
      for idiom in report["idioms"]: print(idiom["page"], idiom["fate"], [p["line"] for p in idiom["places"]])
      """
    let read = try await run(
      .name("python3"), arguments: ["-c", script], input: .string(outcome.output), output: .string(limit: 1 << 16))
    #expect(
      read.standardOutput
        == """
        \(file) 2 1
        https://example.org/documentation/diptych/forkperclient refused [8]
        https://example.org/documentation/diptych/erratonce as-is [7]

        """.replacing("erratonce", with: "errnoatonce"))
    try await folder.remove()
  }

  @Test("The page contains the report, links to the site, and no name can become markup") func html() async throws {
    let folder = try await Folder()
    let file = try folder.add("<b>&.c", "#include <unistd.h>\nint f(void) { return fork(); }\n")
    let page = "\(folder.path)/report.html"
    let outcome = try await check([file, "--html", page, "--site", "http://127.0.0.1:8000"])
    #expect(outcome.status == .exited(0))
    let html = String(decoding: try Files.read(page), as: UTF8.self)
    #expect(html.contains("&lt;b&gt;&amp;.c:2") && !html.contains("<b>"))
    #expect(html.contains("href=\"http://127.0.0.1:8000/documentation/diptych/forkperclient\""))
    let tidy = try await run(
      .name("tidy"), arguments: ["-q", "-e", page], output: .discarded, error: .string(limit: 1 << 16))
    let complaints = tidy.standardError.split(separator: "\n").filter { !$0.contains("attribute \"nonce\"") }
    #expect(complaints == [])
    try await folder.remove()
  }

  @Test("Status 2 is wrong usage, or a file that clang can't read, in clang's words") func failures() async throws {
    let folder = try await Folder()
    let bad = try folder.add("bad.c", "int f(void) { return missing; }\n")
    let unread = try await check([bad])
    #expect(unread.status == .exited(2))
    #expect(unread.errors.contains("porting-check: \(bad): clang can't read it:\n"))
    #expect(unread.errors.contains("use of undeclared identifier 'missing'"))
    #expect(unread.output == "0 files, 0 lines: 0 idioms in 0 places\n")
    let wrong = [
      ([], "name a file of C, or a database with -p"), ([bad, "--nonsense"], "--nonsense"),
      ([bad, "--site", "example.org"], "--site example.org: it must start with http:// or https://"),
      ([bad, "--clang", "/none"], "/none: there is no such program"),
      (["-p", "/none.json"], "/none.json: No such file or directory"),
    ]
    for (arguments, words) in wrong {
      let outcome = try await check(arguments)
      #expect(outcome.status == .exited(2) && outcome.output == "", "\(arguments)")
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
    }
    try await folder.remove()
  }

  @Test("The help explains the fates and the exit statuses, in lines that a man page does not wrap") func help()
    async throws
  {
    let outcome = try await check(["--help"])
    #expect(outcome.status == .exited(0))
    for fate in Fate.allCases { #expect(outcome.output.contains(fate.text)) }
    for effort in Effort.allCases { #expect(outcome.output.contains(effort.text)) }
    #expect(outcome.output.contains("EXIT STATUS") && outcome.output.contains("-- -Iinclude"))
    #expect(try await check(["--version"]).output == "porting-check 0.1.0\n")
  }
}
