import Subprocess
import SystemPackage
import Testing

/// C that is typed in Swift word for word: what the compiler reports today is what the pages print.
/// `DIPTYCH_RECORD=yes` records it anew.
struct NaiveTests {
  @Test(
    "The compiler still reports what is recorded for each naive translation", arguments: try await NaiveCode.topics())
  func diagnostics(topic: String) async throws {
    let code = NaiveCode(topic: topic)
    let files = try await code.files()
    #expect(!files.isEmpty)
    var records: [String: String] = [:]
    for file in files { records[file] = try? Files.read(NaiveCode.record(of: file)) }
    let found = try await code.diagnostics(records: records)
    for file in files {
      if Files.records {
        try Files.write(found[file] ?? "", to: NaiveCode.record(of: file))
      } else {
        #expect(found[file] == records[file], "\(file): what the compiler reports has changed")
      }
    }
  }

  @Test("The messages of a file are in the order of its lines, each once, and without long tuples")
  func split() {
    let output = """
      /a/b.swift:4:9: error: second
      source line
      /a/b.swift:3:9: warning: first [#Group]
      /a/b.swift:9:1: error: second
      /a/b.swift:9:2: note: ignored
      /a/c.swift:1:1: error: a value of type '(CChar, CChar, CChar, CChar, CChar, CChar, CChar, CChar)' has no 'x'
      """
    #expect(
      NaiveCode.split(output, among: ["/a/b.swift", "/a/c.swift", "/a/d.swift"]) == [
        "/a/b.swift": "warning: first [#Group]\nerror: second\n",
        "/a/c.swift": "error: a value of type '(CChar, CChar, … 8 in all)' has no 'x'\n",
        "/a/d.swift": "",
      ])
  }
}
