import Testing

@testable import PortingKit

/// The idioms of the reference: the checker finds the page of each one in its own C.
struct IdiomFilesTests {
  static let topics = [
    "addresses", "daemons", "descriptors", "failures", "memory", "messages", "processes", "readiness", "signals",
    "text", "threads",
  ]

  @Test("The C of an idiom leads to the idiom's own page", arguments: topics)
  func ownPages(topic: String) async throws {
    let clang = try Clang()
    let files = try await Checkout.files("Sources/CIdioms/\(topic)", "*.c")
    #expect(!files.isEmpty)
    for file in files {
      let report = await Report(of: [Unit(name: Checkout.path(file), flags: [])], with: clang)
      #expect(report.errors == [])
      let idioms = report.findings.compactMap(\.rule.idiom)
      #expect(idioms.contains(Checkout.pageName(of: file)), "\(file) shows only \(idioms)")
    }
  }

  @Test("Each topic of the reference is tested") func allTopics() async throws {
    let folders = Set(try await Checkout.files("Sources/CIdioms", "*.c").map { String($0.split(separator: "/")[2]) })
    #expect(folders == Set(Self.topics))
  }

  @Test("A file that uses none has an empty report") func plainFile() async throws {
    let checked = try await Checked(
      """
      #include <errno.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <sys/select.h>
      #include <sys/socket.h>

      /* fork() and FD_SET in a comment; htons, 0644 and errno, too. */
      struct point { int x, y; const char *name; };
      static const int limits[] = {1, 2, 3};
      // setjmp(x); \\
      longjmp(x, 1);
      static int select_all(const struct point *points, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++)
          sum += points[i].x * limits[1] + 10644;
        return sum;
      }
      const char *words(void) { return "fork() SIGPIPE errno 0644 \\" EINTR"; }
      #if 0
      int dead(void) { return fork() + 0644 + EINTR; }
      #elif defined(__linux__)
      int live(const struct point *points) { return select_all(points, 3); }
      #else
      int dead(void) { return vfork() + 0755 + EAI_NONAME; }
      #endif
      #ifdef NOT_DEFINED
      #  if 1
      int dead(void) { return EINTR; }
      #  endif
      #endif
      """)
    #expect(checked.report.errors == [])
    #expect(checked.titles == [])
  }
}
