import Testing

@testable import PortingKit

/// Constructs of C: each is found on its line, and what only resembles it is not.
struct ConstructTests {
  /// A text whose lines with `// TITLE` are those of the idiom.
  struct Sample: CustomTestStringConvertible, Sendable {
    let title: String
    let text: String
    var testDescription: String { title }
    var lines: [Int] {
      text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().filter { $1.hasSuffix("// here") }
        .map { $0.offset + 1 }
    }
  }

  @Test("A construct is found on its lines only", arguments: SamplesOfConstructs.all)
  func constructs(sample: Sample) async throws {
    let checked = try await Checked(sample.text)
    #expect(checked.report.errors == [])
    #expect(!sample.lines.isEmpty)
    #expect(checked.lines(sample.title) == sample.lines)
  }

  @Test("A macro of the user is followed: in its definition, and in its arguments") func macros() async throws {
    let checked = try await Checked(
      """
      #include <sys/wait.h>
      #define ENDED(status) \\
        WIFEXITED(status)
      int f(int status) { return ENDED(status) && WEXITSTATUS(
          status) == 0; }
      """)
    #expect(checked.lines("The status of a child") == [3, 4])
  }

  @Test("A header of the user is read, and one of the system is not") func headers() async throws {
    let checked = try await Checked(
      """
      #include <arpa/inet.h>
      #include "header.h"
      int f(void) { return twice(2); }
      """,
      header: """
        static inline int twice(int n) { return n + n; }
        struct flags { unsigned a : 1; };
        """)
    #expect(checked.report.errors == [])
    #expect(checked.titles == ["Bit-fields", "A static inline function in a header"])
    #expect(checked.report.findings.allSatisfy { $0.places.allSatisfy { $0.file.hasSuffix("/header.h") } })
    #expect(checked.lines("Bit-fields") == [2])
  }

  @Test("A function of the user that has the name of one of libc is no idiom") func ownFunctions() async throws {
    let text = "static int daemon(int a) { return a; }\nint f(void) { return daemon(1); }\n"
    #expect(try await Checked(text).titles == [])
    let libc = try await Checked(
      "#include <unistd.h>\nint f(void) { return daemon(0, 0); }\n", flags: ["-D_GNU_SOURCE"])
    #expect(libc.lines("A process that goes to the background") == [2])
  }

  @Test("The flags decide which branch is read") func flags() async throws {
    let text = "#include <unistd.h>\n#ifdef CHILD\nint f(void) { return fork(); }\n#endif\n"
    #expect(try await Checked(text).titles == [])
    #expect(try await Checked(text, flags: ["-DCHILD"]).lines("fork()") == [3])
  }
}
