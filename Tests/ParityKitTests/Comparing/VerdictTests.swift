import Testing

@testable import ParityKit

/// The verdicts of made-up runs.
struct VerdictTests {
  @Test("A difference outweighs what could not be judged, and this outweighs what varies")
  func order() {
    #expect(Verdict(of: [.same, .varies, .notJudged, .different]) == .different)
    #expect(Verdict(of: [.varies, .same, .notJudged]) == .notJudged)
    #expect(Verdict(of: [.same, .varies]) == .varies && Verdict.varies.rawValue == 3)
    #expect(Verdict(of: [.same, .same]) == .same && Verdict(of: []) == .same)
  }

  /// Runs of the left that are all alike, and runs of the right of which some differ.
  private static func report(_ rare: Int, of count: Int, onLeft: Int = 0) -> Report {
    func runs(_ rare: Int) -> [Transcript] {
      (0..<count).map { .made(output: $0 < rare ? "b\n" : "a\n", exit: $0 < rare ? 1 : 0) }
    }
    return .made(runs(onLeft), runs(rare), [.output, .exit])
  }

  @Test("An answer that only one side gives, in few of sixteen runs, varies", arguments: [1, 4, 8])
  func rareAnswer(count: Int) throws {
    let report = Self.report(count, of: 16)
    #expect(report.verdict == .varies && report.text().contains("\nvaries: 0 of 1 scenarios are the same"))
    for (channel, common, rare) in [
      (Channel.output, "a", "b"), (.exit, "⟨exited with status 0⟩", "⟨exited with status 1⟩"),
    ] {
      guard case .varies(let difference)? = report.finding(channel) else {
        Issue.record("\(channel) does not vary: \(report.text())")
        return
      }
      // One run alone has no value that repeats.
      let counts =
        count == 1 ? "\"\(common)\" in 16 of 16 left runs and 15" : "\"\(rare)\" in 0 of 16 left runs and \(count)"
      #expect(difference.note == "\(counts) of 16 right runs")
    }
  }

  @Test("It is a difference if chance is excluded, and noise if both sides have it or there are few runs")
  func frequentAnswer() {
    #expect(Self.report(12, of: 16).verdict == .different)
    #expect(Self.report(1, of: 16, onLeft: 1).verdict == .same)
    #expect(Self.report(1, of: 2).verdict == .same)
  }

  @Test("Every form of a report names what varies, and JSON keeps it")
  func forms() throws {
    let report = Self.report(1, of: 16)
    let read = try Report(json: report.json)
    #expect(read.verdict == .varies && read.json == report.json && read.text() == report.text())
    #expect(
      report.junit.contains("errors=\"2\"") && report.junit.contains("<error message=\"varies: standard output: "))
    #expect(report.html.contains("The programs vary from run to run") && report.html.contains("≈ varies"))
    let program = Program(words: ["a", "{port}"])
    let part = GridReport.Part(role: "client", finding: try #require(report.finding(.output)))
    let cell = GridReport.Cell(server: 0, client: 0, parts: [part], troubles: [], hasHung: false)
    let grid = GridReport(servers: [program], clients: [program], input: "", cells: [cell], time: .zero)
    #expect(grid.verdict == .varies && grid.text().contains("VARIES") && grid.json.contains("\"verdict\": \"varies\""))
    #expect(grid.html.contains("Pairs vary from run to run") && grid.html.contains("≈ varies"))
  }

  @Test("Merged shards vary if one of them does, and list its scenario")
  func shards() async throws {
    let merged = try await Script.inFolder { folder in
      let files = [1, 2].map { "\(folder)/\($0).json" }
      for (number, file) in zip(1..., files) {
        var report = number == 1 ? Self.report(1, of: 16) : Report.made([.made()], [.made()], [.output])
        var result = report.results[0]
        result.number = number
        var summary = FuzzSummary(seed: 1, runs: 2, shards: [Shard(number, of: 2)])
        summary.played = 1
        report = Report(
          left: report.left, right: report.right, channels: [.output, .exit], results: [result], stale: [], time: .zero,
          fuzzed: summary)
        try Terminal.write(report.json, to: file)
      }
      return try Report.merged(files)
    }
    #expect(merged.verdict == .varies && merged.text().contains("(seed 1; 1 varies: 1)"), "\(merged.text())")
  }
}

extension Judge {
  @Suite struct RareAnswerTests {
    @Test("An answer that one run gives varies, for a comparison and for a fuzz run, whose file repeats it")
    func rareAnswer() async throws {
      try await Script.inFolder { folder in
        _ = try await Script.output("mkdir", ["-p", "\(folder)/left/first", "\(folder)/right", "\(folder)/again"])
        func program(_ name: String) -> Program {
          Program(words: ["sh", Script.path(of: "first_run.sh"), "\(folder)/\(name)"])
        }
        let scenario = Scenario("line", role: .filter, steps: [.input("hello\n"), .endInput, .waitForExit()])
        var comparison = Comparison(program("left"), program("again"), role: .filter, scenarios: [scenario])
        comparison.channels = [.output]
        let report = await comparison.run()
        #expect(report.verdict == .varies, "\(report.text())")
        #expect(report.results[0].runs == 16 && report.results[0].replay?.hasSuffix(" --repeat 16") == true)
        comparison.right = program("right")
        var fuzz = Fuzz(comparison, role: .filter, seed: 3)
        (fuzz.runs, fuzz.folder) = (4, folder)
        let fuzzed = try await fuzz.run()
        let number = try #require(fuzzed.results.first?.number, "\(fuzzed.text())")
        #expect(fuzzed.verdict == .varies && fuzzed.results.count == 1, "\(fuzzed.text())")
        #expect(fuzzed.text().contains("varies: 3 of 4 scenarios are the same (seed 3; 1 varies: \(number));"))
        let path = "\(folder)/fuzz-3-\(number).yaml"
        #expect(fuzzed.text().contains("  replay with: parity replay \(path) --repeat 16\n"), "\(fuzzed.text())")
        #expect(try Scenario.load(path).first?.about == "Scenario \(number) of seed 3, whose runs vary.")
      }
    }
  }
}
