import Testing

/// Files and functions are small, and expressions simple.
struct StyleTests {
  static let fileLimit = 250
  static let functionLimit = 45

  static let code = [
    ("Sources", ".swift"), ("Sources", ".c"), ("Sources", ".h"), ("include", ".h"), ("Tests", ".swift"),
    ("Tests", ".c"),
    ("Benchmarks", ".swift"), ("Benchmarks", ".c"),
  ]

  @Test("A file has at most 250 lines", arguments: code + [("Tests", ".sh"), ("deploy", ".sh")])
  func files(folder: String, suffix: String) async throws {
    let paths = try await Repository.files(under: folder, ending: suffix)
    #expect(!paths.isEmpty)
    for path in paths {
      let count = try Repository.lines(path).count - 1
      #expect(count <= Self.fileLimit, "\(path) has \(count) lines")
    }
  }

  @Test("A function has at most 45 lines", arguments: code)
  func functions(folder: String, suffix: String) async throws {
    for path in try await Repository.files(under: folder, ending: suffix) {
      for problem in Self.longFunctions(in: try SourceText(path: path)) { Issue.record("\(problem)") }
    }
  }

  @Test("No conditional expression contains another one", arguments: code)
  func conditionals(folder: String, suffix: String) async throws {
    for path in try await Repository.files(under: folder, ending: suffix) {
      for problem in Self.nestedConditionals(in: try SourceText(path: path)) { Issue.record("\(problem)") }
    }
  }

  @Test("Engines and programs measure waits with CLOCK_MONOTONIC, which stops while the machine is suspended")
  func clocks() async throws {
    for folder in ["CIPC", "CEngine", "SwiftEngine", "IPC", "Programs"] {
      let paths = try await Repository.files(under: "Sources/\(folder)").filter { $0.contains(/\.(swift|c|h)$/) }
      #expect(!paths.isEmpty)
      for path in paths {
        for problem in Self.otherClocks(in: try SourceText(path: path)) { Issue.record("\(problem)") }
      }
    }
  }

  @Test("A line of an idiom has at most 80 columns, so that a page need not scroll", arguments: ["CIdioms", "Idioms"])
  func columns(folder: String) async throws {
    for path in try await Repository.files(under: "Sources/\(folder)").filter({ $0.contains(/\.(c|h|swift)$/) }) {
      for (index, line) in try Repository.lines(path).enumerated() {
        #expect(line.count <= 80, "\(path):\(index + 1) has \(line.count) columns")
      }
    }
  }

  @Test("A folder has at most 25 files") func folders() async throws {
    let files = try await Repository.files(under: "Sources") + Repository.files(under: "Tests")
    let folders = Dictionary(grouping: files) { $0.split(separator: "/").dropLast().joined(separator: "/") }
    for (folder, files) in folders { #expect(files.count <= 25, "\(folder) has \(files.count) files") }
  }

  @Test("Each test has a sentence that states the behaviour") func sentences() async throws {
    for path in try await Repository.files(under: "Tests", ending: "Tests.swift") {
      for line in try Repository.lines(path) where line.contains(/^ *@Test\b/) {
        #expect(line.contains("@Test(\"") || line.hasSuffix("@Test("), "\(path): \(line)")
      }
    }
  }

  @Test("The checks find what they look for") func checks() {
    let long = "int f(void) {\n" + String(repeating: "  g();\n", count: 46) + "}\nint g(void) {\n  return 0;\n}\n"
    #expect(Self.longFunctions(in: SourceText(path: "a.c", text: long)).map(\.line) == [1])
    let swift = "  func f() {\n" + String(repeating: "    g()\n", count: 46) + "  }\n"
    #expect(Self.longFunctions(in: SourceText(path: "a.swift", text: swift)).map(\.line) == [1])
    let nested = "let a = b ? c\n  : d ? e : f\nlet g = h ? i : j\nlet k = l?.m ?? n ? o : p\n"
    #expect(Self.nestedConditionals(in: SourceText(path: "a.swift", text: nested)).map(\.line) == [1])
    let clocks = "let a = ContinuousClock.now\nTask.sleep(for: b, clock: .continuous)\nlet c = SuspendingClock.now\n"
    #expect(Self.otherClocks(in: SourceText(path: "a.swift", text: clocks)).map(\.line) == [1, 2])
  }
}

extension StyleTests {
  /// The clocks that go on while the machine is suspended.
  static func otherClocks(in text: SourceText) -> [Problem] {
    text.identifiers.filter { ["ContinuousClock", "continuous", "CLOCK_BOOTTIME"].contains($0.name) }.map {
      Problem(path: text.path, line: $0.line, text: "\($0.name) counts the time for which the machine is suspended")
    }
  }

  /// A function starts with its declaration, and ends with the first brace of the same indentation.
  static func longFunctions(in text: SourceText) -> [Problem] {
    let isC = !text.path.hasSuffix(".swift")
    let start = isC ? /^[a-z].*\) \{$/ : /^ *(?:[@a-z()]+ )*(?:func|init|deinit|subscript)\b.*$/
    var problems: [Problem] = []
    for (index, line) in text.code.enumerated() where line.contains(start) && !line.hasSuffix("}") {
      let indentation = line.prefix { $0 == " " }
      guard let end = text.code[(index + 1)...].firstIndex(where: { $0.hasPrefix(indentation + "}") }) else { continue }
      let next = text.code[(index + 1)..<end].first { $0.contains(start) && $0.prefix { $0 == " " } == indentation }
      let count = end - index + 1
      if next == nil, count > functionLimit {
        problems.append(Problem(path: text.path, line: index + 1, text: "a function of \(count) lines"))
      }
    }
    return problems
  }

  /// Two question marks of conditional expressions in one statement, where the second is no separate argument.
  static func nestedConditionals(in text: SourceText) -> [Problem] {
    var problems: [Problem] = []
    var open: [(line: Int, depth: Int)] = []
    var depth = 0
    for (index, line) in text.code.enumerated() {
      var characters = Array(line)
      characters.append("\n")
      for position in characters.indices {
        let character = characters[position]
        let isOperator =
          position > 0 && characters[position - 1] == " "
          && " \n".contains(characters[min(position + 1, characters.count - 1)])
        switch character {
        case "(", "[", "{": depth += 1
        case ")", "]", "}":
          depth -= 1
          open.removeAll { $0.depth > depth }
        case ",", ";": open.removeAll { $0.depth >= depth }
        case "?" where isOperator:
          if let outer = open.first {
            problems.append(Problem(path: text.path, line: outer.line, text: "a conditional in a conditional"))
          }
          open.append((index + 1, depth))
        default: break
        }
      }
      if text.path.hasSuffix(".swift"), index + 1 < text.code.count, !continues(text.code[index + 1]) {
        open.removeAll { $0.depth >= depth }
      }
    }
    return problems
  }

  /// Whether a line of Swift continues the expression of the line before it.
  private static func continues(_ line: String) -> Bool {
    line.contains(/^ *[?:.&|+\-*\/<>=]/)
  }
}
