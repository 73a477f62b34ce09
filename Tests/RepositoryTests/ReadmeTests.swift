import SystemPackage
import Testing

/// The README, CONTRIBUTING.md and the pages of the documentation say only what is true of the tree.
struct ReadmeTests {
  private static func pages() async throws -> [String] {
    ["README.md", "CONTRIBUTING.md"] + (try await Repository.files(under: "Sources/Diptych.docc", ending: ".md"))
  }

  /// A page names a test as `Suite.function`, and a suite or a target by its name alone.
  @Test("Every test that a page names exists")
  func namedTestsExist() async throws {
    var named: Set<String> = []
    for page in try await Self.pages() {
      named.formUnion(
        try Repository.read(page).matches(of: /`([A-Z][A-Za-z]+Tests(?:\.[a-z][A-Za-z]+)?)`/).map { String($0.1) })
    }
    var existing: Set<String> = []
    for file in try await Repository.files(under: "Tests", ending: ".swift") {
      existing.insert(String(file.split(separator: "/")[1]))
      var suite = ""
      for line in try Repository.lines(file) where line.contains(" func ") || !line.hasPrefix("    ") {
        let declaration = /^ *(?:@Suite(?:\([^)]*\))? )?(?:struct|final class|extension) ([A-Za-z]+)/
        if let name = line.firstMatch(of: declaration)?.1 {
          suite = String(name)
          existing.insert(suite)
        }
        if let name = line.firstMatch(of: /func ([A-Za-z]+)\(/)?.1 { existing.insert("\(suite).\(name)") }
      }
    }
    #expect(named.count { $0.contains(".") } >= 40)
    #expect(named.subtracting(existing).isEmpty)
  }

  /// The map names folders with a slash at the end, and the files of the top level.
  @Test("The map shows what is in the tree, and each folder of Sources")
  func theMapIsTrue() async throws {
    let map = try Repository.read("README.md").split(separator: "```text\n")[1].split(separator: "```")[0]
    let files = try await Repository.files(under: ".")
    let folders = Set(files.flatMap { file in (1..<file.split(separator: "/").count).map { prefix(of: file, $0) } })
    var parents: [Substring] = []
    var drawn: Set<String> = []
    for line in map.split(separator: "\n") {
      let depth = line.prefix { $0 == " " }.count / 2
      parents = Array(parents.prefix(depth))
      let names = line.split(separator: " ").prefix { $0.hasSuffix("/") || $0.contains(".") || $0 == "Makefile" }
      for name in names {
        let path = (parents + [name.hasSuffix("/") ? name.dropLast() : name]).joined(separator: "/")
        #expect(files.contains(path) || folders.contains(path), "the map shows \(path)")
        drawn.insert(path)
      }
      if let first = names.first, first.hasSuffix("/") { parents.append(first.dropLast()) }
    }
    let rooms = folders.filter { $0.hasPrefix("Sources/") && $0.split(separator: "/").count == 2 }
    #expect(rooms.subtracting(drawn).isEmpty, "folders that the map does not show")
  }

  private func prefix(of path: String, _ count: Int) -> String {
    path.split(separator: "/").prefix(count).joined(separator: "/")
  }

  @Test("The README is at most 150 lines long")
  func theReadmeIsShort() throws {
    #expect(try Repository.lines("README.md").dropLast().count <= 150)
  }

  @Test(
    "The functions in the README occur in the engines verbatim",
    arguments: [
      ("c", "Sources/CIPC", ".c"), ("swift", "Sources/SwiftEngine", ".swift"),
    ])
  func functionsAreShownVerbatim(language: String, folder: String, suffix: String) async throws {
    let sources = try await Repository.files(under: folder, ending: suffix).map(Repository.read)
    let blocks = try Repository.blocks("README.md", of: language)
    #expect(blocks.count == 1)
    for block in blocks { #expect(sources.contains { $0.contains(block) }, "\(block)") }
  }

  @Test("Every file that a page names exists")
  func namedFilesExist() async throws {
    let files = try await Repository.files(under: ".")
    var count = 0
    for page in try await Self.pages() {
      let text = try Repository.read(page)
      let links = text.matches(of: /\]\(([A-Za-z][^):#]*\.[a-z]+)\)/).map(\.1)
      let names = text.matches(of: /`((?:include|Sources|Tests|Benchmarks|deploy)\/[^`{*]*)`/).map(\.1)
      for name in links + names {
        let path = name.hasSuffix("/") ? name.dropLast() : name
        #expect(files.contains { $0 == path || $0.hasPrefix("\(path)/") }, "\(page) names \(name)")
        count += 1
      }
    }
    #expect(count >= 30)
  }

  @Test("Every make target that a page names exists")
  func namedTargetsExist() async throws {
    let targets = Set(try Repository.lines("Makefile").compactMap { $0.firstMatch(of: /^([a-z-]+):/)?.1 })
    for page in try await Self.pages() {
      for match in try Repository.read(page).matches(of: /(?m)(?:^|`|&& )make ([a-z][a-z-]*)/) {
        #expect(targets.contains(match.1), "\(page) names make \(match.1)")
      }
    }
  }

  /// The options of other programs that the pages show.
  private static let foreign: Set<String> = [
    "--cflags", "--defined-only", "--libs", "--now", "--package-path", "--port", "--trace-symbol", "--weaken",
    "--whole-archive",
  ]

  @Test("Every option that a page names is in the help of a program")
  func namedOptionsExist() async throws {
    let products = try await Repository.products()
    var known = Self.foreign
    var commands = ["c-server", "c-client", "porting-check"].map { [$0, "--help"] }
    commands += InstallTests.commands.map { ["parity", "help", $0] }
    for command in commands {
      let help = try await Repository.output(products.appending(command[0]).string, Array(command.dropFirst()))
      known.formUnion(help.matches(of: /--[a-z][a-z-]+/).map { String($0.0) })
    }
    let pages = try await Self.pages().filter { $0 != "CONTRIBUTING.md" && !$0.hasSuffix("/Benchmarks.md") }
    for page in pages {
      let named = Set(try Repository.read(page).matches(of: /--[a-z][a-z-]+/).map { String($0.0) })
      #expect(named.subtracting(known).isEmpty, "\(page)")
    }
  }
}

extension Repository {
  /// The fenced blocks of a page in one language.
  static func blocks(_ page: String, of language: String) throws -> [String] {
    try read(page).split(separator: "```\(language)\n").dropFirst().compactMap { part in
      part.firstRange(of: "```").map { String(part[..<$0.lowerBound]) }
    }
  }
}
