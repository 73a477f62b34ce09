import Testing

@testable import ParityKit

/// Text that is too long to keep or to align is not judged, and the report says so.
struct CutTextTests {
  @Test("A connection of which more arrives than is kept is judged up to the limit")
  func connection() throws {
    func run(_ end: Connection.Event) -> Transcript {
      var transcript = Transcript.made()
      transcript.connections = [Connection(name: "a", events: [.connected, .received(Array("x".utf8)), end])]
      return transcript
    }
    let report = Report.made([run(.endless)], [run(.endless)], [.wire])
    #expect(report.verdict == .same)
    try expect(report, toHave: "made · wire · connection a: not judged beyond byte 16777216", inJSON: "{rest}")
    #expect(!Report.made([run(.end)], [run(.end)], [.wire]).text().contains("not judged"))
    // A side that ends is another one.
    #expect(Report.made([run(.endless)], [run(.end)], [.wire]).verdict == .different)
  }

  @Test("Output of which more arrives than is kept is judged up to the limit")
  func output() throws {
    let text = String(repeating: "x", count: Limits.output)
    let report = Report.made([.made(output: text)], [.made(output: text)], [.output])
    #expect(report.verdict == .same)
    try expect(report, toHave: "made · output · standard output: not judged beyond byte 16777216", inJSON: "{rest}")
    let other = Report.made([.made(output: text)], [.made(output: text.dropLast() + "y")], [.output])
    #expect(other.verdict == .different, "\(other.text())")
  }

  @Test("Lines of which too many vary to align them can't be judged, up to the byte before them")
  func lines() throws {
    var random = SeededRandom(seed: 1, number: 1)
    func run(_ count: Int) -> Transcript {
      let lines = (0..<count).map { _ in "\(random.below(1_000_000)) \(random.below(1_000_000))\n" }
      return .made(output: "begin\n" + lines.joined() + "end\n")
    }
    let report = Report.made([run(1_600), run(1_601)], [run(1_602), run(1_603)], [.output])
    let note = "not judged beyond byte 6: too many lines vary to align them"
    #expect(report.verdict == .notJudged && report.text().contains("PARTLY"), "\(report.text())")
    try expect(report, toHave: "made · output · standard output, after 6 bytes (\(note))", inJSON: "\"partly\"")
    // A difference elsewhere is found all the same.
    let other = Report.made([run(1_600), run(1_601)], [.made(output: "begin\nend\n")], [.output])
    #expect(other.verdict == .different, "\(other.text())")
  }

  /// JSON has the same text, and the page too.
  private func expect(_ report: Report, toHave line: String, inJSON word: String) throws {
    #expect(report.text().contains("\(line)\n"), "\(report.text())")
    #expect(report.json.contains("not judged beyond byte") && report.json.contains(word))
    #expect(report.html.contains("not judged beyond byte"))
    let read = try Report(json: report.json)
    #expect(read.text() == report.text() && read.verdict == report.verdict)
  }
}
