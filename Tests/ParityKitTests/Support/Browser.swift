import Subprocess
import Testing

/// Programs that read HTML pages: Chromium without a window, tidy(1), and html.parser of Python.
enum Browser {
  /// Returns the page as the browser has it after loading.
  static func document(of html: String) async throws -> String {
    try await withFile(html) { folder in
      let flags = "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --dump-dom"
      let command =
        "timeout 60 chromium \(flags) --user-data-dir=\"$1\"/profile \"file://$1/page.html\" 2>\"$1\"/errors"
      return try await Script.output("sh", ["-c", command, "-", folder])
    }
  }

  /// Returns the problems that tidy(1) reports. It does not know yet that a summary may contain a heading.
  static func problems(in html: String) async throws -> String {
    let command = "tidy -e -q --warn-proprietary-attributes no \"$1\"/page.html 2>&1 | grep -v 'summary>' || true"
    return try await withFile(html) { folder in try await Script.output("sh", ["-c", command, "-", folder]) }
  }

  /// Returns what a query of `page_facts.py` prints about a page.
  static func facts(_ query: String, of html: String) async throws -> String {
    try await withFile(html) { folder in try await Script.run("page_facts.py", [query, "\(folder)/page.html"]) }
  }

  /// Writes the page into a folder of its own.
  private static func withFile(_ html: String, _ body: (String) async throws -> String) async throws -> String {
    try await Script.inFolder { folder in
      let result = try await run(
        .name("tee"), arguments: ["\(folder)/page.html"], input: .string(html), output: .discarded)
      try #require(result.terminationStatus.isSuccess)
      return try await body(folder)
    }
  }
}
