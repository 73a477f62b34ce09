import Testing

@testable import ParityKit

/// What one program did then, compared with what it does now, with made-up transcripts.
struct SideComparisonTests {
  private static func run(_ output: String, exit: Exit = .exited(0)) -> KeptRun {
    var transcript = Transcript()
    (transcript.output, transcript.exits) = (Array(output.utf8), [exit])
    return KeptRun(transcript, Channel.allCases)
  }

  private static func changes(_ then: [String], _ now: [String], masks: [MaskRule] = []) -> [[String]] {
    SideComparison(then: then.map { run($0) }, now: now.map { run($0) }, masks: masks).changes(KeptRun.channels).map {
      [$0.channel.rawValue, $0.difference.observation] + $0.difference.left.distinct + $0.difference.right.distinct
    }
  }

  @Test(
    "Text that does not change, noise, and what a clock prints are no change",
    arguments: [
      (["ready"], ["ready"]), (["pid 17", "pid 23"], ["pid 45", "pid 61"]),
      (["Date: Sun, 06 Nov 1994 08:49:37 GMT"], ["Date: Sat, 28 Nov 2026 12:13:04 GMT"]),
      (["2026-11-28T12:00:01.5Z up"], ["2027-01-02T09:59:12.25Z up"]), (["at 1795867200"], ["at 1795999999"]),
      (["Nov  6 08:49:37 a"], ["Dec 16 12:00:00 a"]), (["[10/Oct/2000:13:55:36]"], ["[11/Nov/2001:01:02:03]"]),
    ])
  func same(then: [String], now: [String]) { #expect(Self.changes(then + then, now + now).isEmpty) }

  @Test("A change beside noise and beside a clock is found, and a mask hides it")
  func change() throws {
    let (then, now) = (["12:00:01 pid 17 ok", "12:00:01 pid 23 ok"], ["13:30:00 pid 45 no", "13:30:01 pid 61 no"])
    #expect(Self.changes(then, now) == [["output", "standard output", "ok", "no"]])
    let masks = try MaskRule.list(yaml: "- {channel: output, mask: 'ok|no', reason: both}")
    #expect(Self.changes(then, now, masks: masks).isEmpty)
  }

  @Test("Another exit is a change")
  func exit() {
    let (then, now) = (Self.run(""), Self.run("", exit: .signaled(15)))
    let changes = SideComparison(then: [then, then], now: [now, now], masks: []).changes(KeptRun.channels)
    #expect(changes.map(\.channel) == [.exit])
  }

  @Test("A transcript keeps every byte, and says where it is cut")
  func transcripts() throws {
    var transcript = Transcript()
    transcript.output = Array("<é> \u{0} \u{1B} \\ \"".utf8)
    transcript.error = [0xFF, 0x00, 0x80]
    var connection = Connection(name: "a", events: [.connected, .received([]), .late])
    connection.events.append(.received([UInt8](repeating: 65, count: Limits.bundledText + 1)))
    transcript.connections = [connection]
    transcript.ports = ["{port}": "20001"]
    transcript.hang = "step 3"
    let run = KeptRun(transcript, Channel.allCases)
    let json = run.json("x", "left", 1)
    #expect(try KeptRun(json: json, file: "t") == run)
    #expect(json.contains("\"hex\": \"ff0080\"") && json.contains("\"event\": \"cut at byte 65536 of 65537\""))
  }

  @Test("If all runs showed the same, one of each side is kept, and otherwise all")
  func keptRuns() {
    func runs(_ outputs: [String]) -> [Transcript] {
      outputs.map { output in
        var transcript = Transcript()
        transcript.output = Array(output.utf8)
        return transcript
      }
    }
    let same = RunSet(left: runs(["a", "a"]), right: runs(["a", "a"]))
    let different = RunSet(left: runs(["a", "a"]), right: runs(["a", "b"]))
    let kept = [same, different].map { Evidence.Runs($0, [.output]) }
    #expect(kept.map(\.left.count) == [1, 2] && kept.map(\.right.count) == [1, 2])
    #expect(kept[0].all(\.left).count == 2)
  }

  @Test(
    "A verdict is still true if it is the same, and a cell that is not judged now is not judged",
    arguments: [
      (Finding.same(masks: []), Finding.same(masks: []), Standing.stillTrue), (.same(masks: []), nil, .notJudged),
      (.same(masks: []), .different(difference), .noLongerTrue),
      (.different(difference), .same(masks: []), .noLongerTrue),
      (.different(difference), .different(difference), .stillTrue), (.same(masks: []), .hung(difference), .notJudged),
      (.same(masks: []), .notJudged(reason: ""), .notJudged),
      (.notJudged(reason: ""), .notJudged(reason: ""), .stillTrue), (.varies(difference), .same(masks: []), .notJudged),
    ] as [(Finding, Finding?, Standing)])
  func standings(then: Finding, now: Finding?, standing: Standing) {
    #expect(VerifiedScenario.Cell(channel: .wire, then: then, now: now, decides: true).standing == standing)
  }

  private static let difference = Difference(
    observation: "a", offset: 0, before: "", after: "", left: ["1"], right: ["2"], note: nil)

  @Test("A file's name is plain, and no two scenarios share it")
  func names() {
    var taken: Set<String> = []
    let names = ["../x", "a b", "a/b", "é", "", String(repeating: "n", count: 99)]
    let plain = names.map { BundleWriter.fileName($0, &taken) }
    #expect(plain == ["___x", "a_b", "a_b-2", "_", "_-2", String(repeating: "n", count: 60)])
  }
}
