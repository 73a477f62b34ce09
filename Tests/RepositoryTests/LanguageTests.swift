import Testing

/// The language of the project is the field's, in plain English: CONTRIBUTING.md has the rule.
struct LanguageTests {
  /// Words that once had a private meaning here, and what to say instead.
  static let retired = [
    "bell": "waiters", "carry": "relay", "carrying": "relay", "crew": "workers", "doze": "futex wait",
    "furnish": "initialize", "hear": "receive", "hold": "lock", "lives": "is alive", "lobby": "rendezvous",
    "look": "poll, load, check or find", "lookout": "poll thread", "looks": "poll, load, check or find",
    "looked": "polled, loaded or checked", "post": "send", "spare": "placeholder", "talk": "session",
    "talks": "sessions",
    "tell": "notify, write or report", "tells": "notifies, writes or reports", "told": "notified or reported",
    "turn": "ticket or step", "turns": "tickets or steps", "wish": "next", "wishes": "next",
  ]

  /// Functions of libc, which have the names that they have.
  static let libc: Set = ["sem_post"]

  static let files = [("Sources", ".swift"), ("Tests", ".swift"), ("Benchmarks", ".swift")]
  static let cFiles = [("Sources", ".c"), ("Sources", ".h"), ("include", ".h"), ("Tests", ".c"), ("Benchmarks", ".c")]

  @Test("Identifiers contain no retired word", arguments: files + cFiles)
  func identifiers(folder: String, suffix: String) async throws {
    let paths = try await Repository.files(under: folder, ending: suffix)
    #expect(!paths.isEmpty)
    for path in paths where path != "Tests/RepositoryTests/LanguageTests.swift" {
      for problem in Self.retiredWords(in: try SourceText(path: path)) { Issue.record("\(problem)") }
    }
  }

  @Test("Comments are ordinary sentences", arguments: files + cFiles)
  func comments(folder: String, suffix: String) async throws {
    for path in try await Repository.files(under: folder, ending: suffix) {
      for problem in Self.oddSentences(in: try SourceText(path: path)) { Issue.record("\(problem)") }
    }
  }

  @Test("Pages are ordinary sentences") func pages() async throws {
    var pages = try await Repository.files(under: ".", ending: ".md")
    #expect(pages.contains("README.md"))
    pages += try await Repository.files(under: ".", ending: ".tutorial")
    for path in pages {
      // CONTRIBUTING.md has a table of sentences to avoid.
      for (index, line) in try Repository.lines(path).enumerated()
      where !(path == "CONTRIBUTING.md" && line.hasPrefix("|")) {
        for odd in Self.oddPhrases(in: String(line)) { Issue.record("\(path):\(index + 1): \"\(odd)\"") }
      }
    }
  }

  @Test("The checks find what they look for") func checks() {
    let text = SourceText(
      path: "a.c", text: "int ipc_crew_serve(int turn); // Who waits is told.\nint returned; // A client that waits.\n")
    #expect(
      Self.retiredWords(in: text).map(\.description) == [
        "a.c:1: ipc_crew_serve: not \"crew\", but workers", "a.c:1: turn: not \"turn\", but ticket or step",
      ])
    #expect(Self.oddSentences(in: text).map(\.description) == ["a.c:1: \"Who waits\"", "a.c:1: \"is told\""])
  }
}

/// A place in the repository, and what is wrong there.
struct Problem: CustomStringConvertible {
  let path: String
  let line: Int
  let text: String
  var description: String { "\(path):\(line): \(text)" }
}

extension LanguageTests {
  static func retiredWords(in text: SourceText) -> [Problem] {
    text.identifiers.filter { !libc.contains(String($0.name)) }.flatMap { line, name in
      SourceText.words(of: name).compactMap { word in
        retired[word].map { Problem(path: text.path, line: line, text: "\(name): not \"\(word)\", but \($0)") }
      }
    }
  }

  static func oddSentences(in text: SourceText) -> [Problem] {
    text.comments.enumerated().flatMap { index, comment in
      oddPhrases(in: comment).map { Problem(path: text.path, line: index + 1, text: "\"\($0)\"") }
    }
  }

  /// Phrases with "who" or "what" as the subject, and passive forms without an actor.
  static func oddPhrases(in sentence: String) -> [String] {
    // Few lines have one of these words, and regular expressions are slow.
    guard ["ho", "hat", "told", "looked", "stand", "none"].contains(where: sentence.utf8.contains(word:)) else {
      return []
    }
    let who =
      /\b[Ww]ho(?:ever)? (?:is|was|has|had|waits|sends|reads|writes|comes|holds|keeps|takes|asks|looks|sees|opens|closes|sleeps|publishes|maps|makes|wants|goes|stays|answers|connects|listens|calls)\b/
    let what = /\b[Ww]hat (?:stands|makes no|can.t be|is none|comes|came|found no|has come|waits|is held|is told)\b/
    let told = /\b(?:is|are|was|were|be) (?:told|looked)\b|\bstands? (?:there|under|in|for)\b|\b(?:is|are) none of\b/
    return [who, what, told].flatMap { sentence.matches(of: $0).map { String($0.output) } }
  }
}

extension String.UTF8View {
  fileprivate func contains(word: String) -> Bool {
    var start = startIndex
    while let index = self[start...].firstIndex(of: word.utf8.first!) {
      if self[index...].starts(with: word.utf8) { return true }
      start = self.index(after: index)
    }
    return false
  }
}
