import Subprocess
import SystemPackage
import Testing

/// Debian's Chromium, without a window.
enum Browser {
  /// A page, as the browser has it once it is loaded.
  static func document(of html: String) async throws -> String {
    try await inFolder(html) { folder in
      let flags = "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --dump-dom"
      let command = "timeout 60 chromium \(flags) --user-data-dir=\"$1\"/profile \"file://$1/page.html\" 2>\"$1\"/said"
      return try await FaultyProgram.output("sh", ["-c", command, "-", folder])
    }
  }

  /// What tidy(1) finds wrong in a page. That a summary may hold a heading it does not know yet.
  static func complaints(about html: String) async throws -> String {
    try await inFolder(html) { folder in
      try await FaultyProgram.output(
        "sh",
        [
          "-c", "tidy -e -q --warn-proprietary-attributes no \"$1\"/page.html 2>&1 | grep -v 'summary>' || true", "-",
          folder,
        ])
    }
  }

  /// What a few lines of Python say about a page that html.parser has gone through: `all`, each as its name, its
  /// attributes and the text in it.
  static func ask(_ html: String, _ question: String) async throws -> String {
    let script = """
      import html.parser, sys
      all, open = [], []
      class Parser(html.parser.HTMLParser):
          def handle_starttag(self, name, attributes):
              all.append([name, dict(attributes), ''])
              if name not in ('meta', 'br', 'img', 'link', 'input'): open.append(all[-1])
          def handle_endtag(self, name):
              while open and open.pop()[0] != name: pass
          def handle_data(self, data):
              for element in open: element[2] += data
      Parser().feed(__import__('builtins').open(sys.argv[1]).read())
      \(question)
      """
    return try await inFolder(html) { folder in
      try await FaultyProgram.output("python3", ["-c", script, "\(folder)/page.html"])
    }
  }

  private static func inFolder(_ html: String, _ body: (String) async throws -> String) async throws -> String {
    let folder = String(try await FaultyProgram.output("mktemp", ["-d"]).dropLast())
    let result = try await run(
      .name("tee"), arguments: ["\(folder)/page.html"], input: .string(html), output: .discarded)
    try #require(result.terminationStatus.isSuccess)
    let said = try await body(folder)
    _ = try await FaultyProgram.output("rm", ["-r", folder])
    return said
  }
}
