import ParityKit
import Testing

extension Judge {
  /// parity fuzz: random scenarios find faults, and are shrunk to the smallest ones that show them.
  @Suite struct FuzzTests {
    private func fuzz(
      _ fault: String, _ role: Role = .server, seed: Int = 4, runs: Int, folder: String? = nil
    ) async throws -> Report {
      var comparison = Comparison(
        try await FaultyProgram.program("none", as: role), try await FaultyProgram.program(fault, as: role), role: role,
        scenarios: [])
      comparison.jobs = 16
      var fuzz = Fuzz(comparison, role: role, seed: seed)
      (fuzz.runs, fuzz.failures, fuzz.folder) = (runs, 1, folder)
      return try await fuzz.run()
    }

    private func smallest(_ fault: String, runs: Int = 8) async throws -> Scenario {
      let report = try await fuzz(fault, runs: runs)
      #expect(report.verdict == .different, "\(report.text())")
      return try #require(report.results.first { $0.verdict == .different }).scenario
    }

    @Test("A fault for NUL bytes is shrunk to one NUL byte")
    func nulByte() async throws {
      let scenario = try await smallest("nul")
      let payloads = scenario.steps.compactMap { step in
        if case .send(_, let payload, _) = step { payload } else { nil }
      }
      #expect(payloads == [Payload(.bytes([0]))], "\(scenario)")
      #expect(scenario.steps.count <= 3 && scenario.about?.contains("of seed 4, shrunk from") == true, "\(scenario)")
    }

    @Test("A fault for the second client is shrunk to two clients")
    func secondClient() async throws {
      let scenario = try await smallest("second")
      let connects = scenario.steps.count { if case .connect = $0 { true } else { false } }
      #expect(connects == 2 && scenario.steps.count <= 6, "\(scenario)")
    }

    @Test("A program is the same as itself in random scenarios", arguments: [Role.server, .client, .filter])
    func sameProgram(role: Role) async throws {
      let report = try await fuzz("none", role, seed: 3, runs: 15)
      #expect(report.verdict == .same && report.results.isEmpty, "\(report.text())")
      #expect(report.fuzzed?.played == 15 && report.text().contains("same: 15 of 15 scenarios are the same (seed 3"))
    }

    @Test("The file of a difference shows it again, until the program is fixed")
    func replay() async throws {
      let programs = [try await Script.product("parity"), try await Script.product("faulty")]
      let text = try await Script.run("replay_failure.sh", programs)
      #expect(text == "status 1\nreplay here/fuzz-5-N.yaml\nstatus 1\n1\nstatus 0\n")
    }

    @Test("The merged reports of all shards equal the report of the whole run")
    func shards() async throws {
      let programs = [try await Script.product("parity"), try await Script.product("faulty")]
      let text = try await Script.run("shards.sh", programs)
      #expect(
        text == """
          status 1
          2 differ
          status 1
          different: 0 of 2 scenarios are the same (seed 2)
          Error: 1.json: shard 1/2 was merged before; allowed: each shard once
          Error: bad: the report has version 99; allowed: 1
          <testsuite name="parity" tests="3" failures="2"

          """)
    }
  }
}
