import ParityKit
import Testing

extension Judge {
  /// What a program leaves.
  @Suite struct LeftoverTests {
    @Test("Another mode, or another content, of a file is a difference")
    func files() async throws {
      let reports = try await FaultyProgram.judge(
        atOnce: [("mode", .exchange()), ("content", .exchange())], against: "file")
      for (report, text) in zip(reports, ["mode 644", "test"]) {
        #expect(report.verdict == .different && report.differingChannels == [.leftovers], "\(report.text())")
        let difference = try #require(report.difference(.leftovers))
        #expect(difference.observation == "file left")
        #expect(difference.right.first?.contains(text) == true, "\(difference)")
      }
    }

    @Test("A file in the home folder, a further socket, or a helper is a difference, also if it survives its server")
    func others() async throws {
      let stop = Scenario("stop", steps: Scenario.exchange().steps + [.signal(.terminate), .waitForExit()])
      let reports = try await FaultyProgram.judge(
        atOnce: [("home", .exchange()), ("udp", .exchange()), ("child", .exchange()), ("child", stop)])
      let words = ["file .history", "bound: udp port", "process faulty", "process faulty"]
      for (report, word) in zip(reports, words) {
        #expect(report.verdict == .different && report.differingChannels.contains(.leftovers), "\(report.text())")
        #expect(report.difference(.leftovers)?.right.first?.contains(word) == true, "\(report.text())")
      }
    }

    @Test("A file that only one program opens to write outside of its folder is a difference")
    func writtenOutside() async throws {
      try await Script.inFolder { folder in
        let wait = Scenario("wait", role: .filter, steps: [.waitForExit()])
        func program(_ file: String) -> Program { Program(words: ["sh", "-c", "echo text >\(file)"]) }
        // Devices are not compared.
        var comparison = Comparison(
          program("/dev/null"), program("\(folder)/state"), role: .filter, scenarios: [wait])
        comparison.channels = [.calls, .leftovers]
        let report = await comparison.run()
        #expect(report.verdict == .different && report.difference(.leftovers)?.left.first == "", "\(report.text())")
        #expect(report.difference(.leftovers)?.right.first == "⟨written: \(folder)/state⟩", "\(report.text())")
        comparison.left = program("\(folder)/state")
        let same = await comparison.run()
        #expect(same.verdict == .same, "\(same.text())")
      }
    }

    @Test("The bundled scenarios find a signal that is ignored, and a server that dies after its client")
    func bundled() async throws {
      let all = Scenario.bundled(for: .server)
      let scenarios = try [("no-hangup", "SIGHUP-idle"), ("abort", "after-a-client")].map { fault, name in
        (fault, try #require(all.first { $0.name == name }))
      }
      for report in try await FaultyProgram.judge(atOnce: scenarios) {
        #expect(report.verdict == .different && report.differingChannels.contains(.exit), "\(report.text())")
      }
    }

    @Test("A cost of more than fifty times is a difference, without a limit")
    func cost() async throws {
      let exchange = Scenario.exchange().steps
      let scenario = Scenario("five", steps: Array(repeatElement(exchange, count: 5).joined()))
      let report = try await FaultyProgram.judge("memory", scenario, channels: [.wire, .cost])
      #expect(report.verdict == .different && report.differingChannels == [.cost], "\(report.text())")
      #expect(report.difference(.cost)?.all.map(\.observation).contains("peak memory") == true)
    }

    @Test(
      "No process survives, whatever its session and environment, and even if the judge is killed",
      arguments: ["yes", "no"])
    func escapes(controlGroups: String) async throws {
      let output = try await Script.run("escapes.sh", [try await Script.product("parity"), controlGroups])
      #expect(output == "status 0\nleft: 0\nkilled: 0\nfolders: 0\n")
    }
  }
}
