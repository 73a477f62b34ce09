import Testing

/// What the README names is there.
struct ReadmeTests {
  /// Tests are named there as `Suite.test`.
  @Test func theTestsThatItNamesExist() async throws {
    let readme = try Repository.read("README.md")
    let named = Set(readme.matches(of: /`([A-Z][A-Za-z]+Tests)\.([a-z][A-Za-z]+)`/).map { "\($0.1) \($0.2)" })
    var existing: Set<String> = []
    for file in try await Repository.files(under: "Tests", ending: ".swift") {
      var suite = ""
      for line in try Repository.lines(file) {
        if let name = line.firstMatch(of: /^ *(?:@Suite(?:\([^)]*\))? )?(?:struct|final class|extension) ([A-Za-z]+)/)?
          .1
        {
          suite = String(name)
        }
        if let name = line.firstMatch(of: /func ([A-Za-z]+)\(/)?.1 { existing.insert("\(suite) \(name)") }
      }
    }
    #expect(named.count >= 10)
    #expect(named.subtracting(existing).isEmpty)
  }

  /// The map names folders with a slash at the end, and the files of the top level.
  @Test func itsMapIsTrue() async throws {
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
    #expect(rooms.subtracting(drawn).isEmpty, "rooms that the map does not show")
  }

  private func prefix(of path: String, _ count: Int) -> String {
    path.split(separator: "/").prefix(count).joined(separator: "/")
  }
}
