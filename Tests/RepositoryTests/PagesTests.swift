import Glibc
import SystemPackage
import Testing

/// Pages: the code that they print is the code of the sources. `DIPTYCH_RECORD=yes` copies it anew.
struct PagesTests {
  static let records = unsafe getenv("DIPTYCH_RECORD") != nil

  @Test("Each block of code that names its source is a copy of it") func excerpts() async throws {
    var count = 0
    for page in try await Repository.files(under: "Sources/Diptych.docc", ending: ".md") {
      var lines = try Repository.lines(page).map(String.init)
      for excerpt in try Excerpt.all(in: page).reversed() {
        count += 1
        let expected = try excerpt.expected(in: lines.map { $0[...] })
        if Self.records {
          lines.replaceSubrange(excerpt.start..<(excerpt.start + excerpt.lines.count), with: expected)
        } else {
          #expect(excerpt.lines.map(String.init) == expected, "\(page):\(excerpt.line): \(excerpt.source) differs")
        }
      }
      if Self.records { try Repository.write(lines.joined(separator: "\n"), to: page) }
    }
    #expect(count > 0)
  }

  /// `1.5<!-- Benchmarks/costs.json: call.c.c --> ns` in a sentence or a cell.
  @Test("Each figure that names its measurement is the measured one") func figures() async throws {
    var count = 0
    for page in try await Repository.files(under: "Sources/Diptych.docc", ending: ".md") {
      let mark = /(-?[0-9][0-9.]*)(<!-- (Benchmarks\/[a-z]+\.json): ([^>]+) -->)/
      let text = try Repository.read(page)
      let recorded = try text.replacing(mark) { match in
        count += 1
        let expected = try Costs(String(match.3)).figure(String(match.4))
        if !Self.records { #expect(match.1 == expected, "\(page): \(match.4)") }
        return expected + match.2
      }
      if Self.records, recorded != text { try Repository.write(recorded, to: page) }
    }
    #expect(count > 0)
  }

  @Test("A page of an idiom has the C, the naive Swift, the compiler's words and the Swift, from the files of its name")
  func idioms() async throws {
    let pages = try await Repository.files(under: "Sources/Diptych.docc/Idioms", ending: ".md").filter {
      $0.split(separator: "/").count == 5
    }
    #expect(!pages.isEmpty)
    for page in pages {
      let (topic, name) = (String(page.split(separator: "/")[3]), page.stem)
      let c = "Sources/CIdioms/\(topic.lowercased())/\(Self.snakeCase(name)).c"
      let naive = "Tests/IdiomTests/Naive/\(topic)/\(name).swift"
      let record = "Tests/IdiomTests/Records/\(topic)/\(name).txt"
      let swift = "Sources/Idioms/\(topic)/\(name).swift"
      let sources = try Excerpt.all(in: page).filter { $0.name == nil }.map(\.source)
      #expect(
        sources == [c, naive, record, swift] || sources == [c, naive, swift], "\(page)")
      let headings = try Repository.lines(page).filter { $0.hasPrefix("## ") }.map { String($0.dropFirst(3)) }
      #expect(headings == ["In C", "Word for word", "In Swift", "Why", "What bites", "See also"], "\(page)")
    }
    #expect(Set(pages.map(\.stem)).count == pages.count, "two pages have one name")
    try await sameNames(pages, as: "Sources/CIdioms", ending: ".c")
    try await sameNames(pages, as: "Sources/Idioms", ending: ".swift")
    try await sameNames(pages, as: "Tests/IdiomTests/Naive", ending: ".swift")
    try await sameNames(pages, as: "Tests/IdiomTests/Records", ending: ".txt")
  }

  @Test("A page names each other file that its C or its Swift needs", arguments: [".swift", ".c"])
  func companions(suffix: String) async throws {
    let folder = suffix == ".c" ? "Sources/CIdioms" : "Sources/Idioms"
    let files = try await Repository.files(under: folder, ending: suffix)
    let texts = try files.map { try SourceText(path: $0) }
    var owners: [String: String] = [:]
    for text in texts { for name in Companions.shared(in: text) { owners[name] = text.path } }
    #expect(owners.count > 150)
    let needs = Dictionary(uniqueKeysWithValues: texts.map { ($0.path, Companions.needs(of: $0, owners: owners)) })
    let pages = try await Companions.pages()
    for file in files {
      let page = try #require(pages[LayerTests.snake(file.stem)], "\(file) has no page")
      let named = Companions.named(in: try Repository.read(page)).filter { $0.hasSuffix(suffix) }
      #expect(named == LayerTests.closure(of: file, in: needs), "\(page)")
    }
  }

  @Test("The page of errors has each recorded error, with the idiom whose naive translation causes it")
  func errors() async throws {
    let page = "Sources/Diptych.docc/Idioms/ErrorsByText.md"
    var idioms: [String: Set<String>] = [:]
    for record in try await Repository.files(under: "Tests/IdiomTests/Records", ending: ".txt") {
      for line in try Repository.lines(record) where line.hasPrefix("error: ") || line.hasPrefix("crash: ") {
        idioms[String(line.dropFirst(7)), default: []].insert(record.stem)
      }
    }
    let rows = idioms.sorted { $0.key.lowercased() < $1.key.lowercased() }.map { text, names in
      // A vertical bar would end the cell.
      "| `\(text.replacing("|", with: "\\|"))` | \(names.sorted().map { "<doc:\($0)>" }.joined(separator: ", ")) |"
    }
    let lines = try Repository.lines(page).map(String.init)
    let head = try #require(lines.firstIndex { $0.hasPrefix("|---") })
    let end = lines[head...].firstIndex { !$0.hasPrefix("|") } ?? lines.count
    if Self.records {
      try Repository.write((lines[...head] + rows + lines[end...]).joined(separator: "\n"), to: page)
    } else {
      #expect(!rows.isEmpty && Array(lines[(head + 1)..<end]) == rows)
    }
  }

  private func sameNames(_ pages: [String], as folder: String, ending suffix: String) async throws {
    let files = try await Repository.files(under: folder, ending: suffix)
    #expect(
      files.map { Self.snakeCase($0.stem) }.sorted() == pages.map { Self.snakeCase($0.stem) }.sorted(), "\(folder)")
  }

  /// `SocketType` is `socket_type`.
  private static func snakeCase(_ name: String) -> String {
    name.replacing(/([a-z0-9])([A-Z])/) { "\($0.1)_\($0.2)" }.lowercased()
  }
}
