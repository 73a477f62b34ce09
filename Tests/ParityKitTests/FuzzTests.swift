import ParityKit
import Subprocess
import SystemPackage
import Testing

extension Judge {
  /// Faults are found by chance, and shrunk to what shows them and nothing else.
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
      return try #require(report.judgements.first { $0.verdict == .different }).scenario
    }

    @Test func aNULByteIsAllThatIsLeft() async throws {
      let scenario = try await smallest("nul")
      let payloads = scenario.steps.compactMap { step in
        if case .send(_, let payload, _) = step { payload } else { nil }
      }
      #expect(payloads == [Payload(.bytes([0]))], "\(scenario)")
      #expect(scenario.steps.count <= 3 && scenario.about?.contains("of seed 4, shrunk from") == true, "\(scenario)")
    }

    @Test func theSecondClientIsAllThatIsLeft() async throws {
      let scenario = try await smallest("second")
      let connects = scenario.steps.count { if case .connect = $0 { true } else { false } }
      #expect(connects == 2 && scenario.steps.count <= 6, "\(scenario)")
    }

    @Test(arguments: Role.allCases)
    func theSameProgramIsTheSame(role: Role) async throws {
      let report = try await fuzz("none", role, seed: 3, runs: 15)
      #expect(report.verdict == .same && report.judgements.isEmpty, "\(report.text())")
      #expect(report.fuzzed?.played == 15 && report.text().contains("same: 15 of 15 scenarios are the same (seed 3"))
    }

    /// A file needs nothing else to be played again, until the program is mended.
    @Test func theFileReplays() async throws {
      let script = """
        cd "$(mktemp -d)" && "$1" fuzz --left "$2 server {port} none" --right "env X='a b' $2 server {port} status" \\
          --seed 5 --runs 200 --max-failures 1 --channels exit,wire -o here >out; echo "status $?"
        line=$(sed -n 's/^  replay with: parity //p' out); echo "$line" | sed 's/-[0-9]*[.]/-N./'
        "$1" $line >again; echo "status $?"; grep -c DIFFER again
        "$1" $line --right "$2 server {port} none" >/dev/null; echo "status $?"
        rm -r "$PWD"
        """
      let folder = try await FaultyProgram.products()
      let said = try await FaultyProgram.output(
        "bash", ["-c", script, "-", folder.appending("parity").string, folder.appending("faulty").string])
      #expect(said == "status 1\nreplay here/fuzz-5-N.yaml\nstatus 1\n1\nstatus 0\n")
    }

    /// Four shards that GNU parallel runs, merged, are the one run.
    @Test func shardsMergeToTheWhole() async throws {
      let script = """
        cd "$(mktemp -d)" || exit
        fuzz="fuzz --left '$2 server {port} none' --right '$2 server {port} stderr' --channels output --seed 2 --runs 4"
        fuzz="$1 $fuzz --max-failures 100 -o ."
        eval "$fuzz --json whole >/dev/null"; echo "status $?"
        parallel --will-cite -I @@ "$fuzz --shard @@/4 --json @@.json >/dev/null" ::: 1 2 3 4; echo "$? differ"
        "$1" merge 3.json 1.json 4.json 2.json --json merged --junit merged.xml >said; echo "status $?"
        sed -i '/"milliseconds"/d' whole merged; cmp whole merged && tail -n 1 said | cut -d ';' -f 1
        "$1" merge 1.json 2.json 1.json 2>&1 | head -n 1; echo '{"version": 99}' >bad
        "$1" merge 1.json bad 2>&1 | head -n 1
        grep -o '<testsuite name="parity" tests="[0-9]*" failures="[0-9]*"' merged.xml
        rm -r "$PWD"
        """
      let folder = try await FaultyProgram.products()
      let said = try await FaultyProgram.output(
        "bash", ["-c", script, "-", folder.appending("parity").string, folder.appending("faulty").string])
      #expect(
        said == """
          status 1
          4 differ
          status 1
          different: 0 of 4 scenarios are the same (seed 2)
          Error: 1.json: shard 1/4 is there already; allowed: each once
          Error: bad: the report has version 99; allowed: 1
          <testsuite name="parity" tests="5" failures="4"

          """)
    }
  }
}
