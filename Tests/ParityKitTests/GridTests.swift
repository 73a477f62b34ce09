import ParityKit
import Subprocess
import SystemPackage
import Testing

/// parity grid: each server runs with each client.
extension Judge {
  @Suite struct GridTests {
    private func verdicts(_ report: GridReport) -> [[Verdict]] {
      report.servers.indices.map { server in report.cells.filter { $0.server == server }.map(\.verdict) }
    }

    @Test("The output of each pair is compared with that of the first pair")
    func transferredBytes() async throws {
      let report = await Grid(
        servers: [try await FaultyProgram.program("none"), try await FaultyProgram.program("byte")],
        clients: [try await FaultyProgram.program("none", as: .client), try Program("nc -N {host} {port}")]
      ).run()
      #expect(verdicts(report) == [[.same, .same], [.different, .different]], "\(report.text())")
      #expect(report.verdict == .different)
      let difference = try #require(report.cells[2].parts.compactMap(\.finding.difference).first)
      #expect(difference.observation == "standard output" && difference.left.first == "hello")
      #expect(difference.right.first == "hemlo")
      #expect(report.text().contains("the same in faulty 2 with nc"))
      let text = try await Script.run("grid_summary.py", [report.json, Schema.grid])
      #expect(text == "different ['same', 'same', 'different', 'different']\nhemlo\nA grid of parity\n")
      let facts = try await Browser.facts("grid", of: try await Browser.document(of: report.html))
      #expect(
        facts == """
          ['✗different: Pairs differ'] ['✓ same', '✓ same', '✗ differs', '✗ differs']
          ['l', 'm'] ['also in', 'faulty 2 with nc']
          []

          """)
      #expect(try await Browser.problems(in: report.html) == "")
    }

    /// Programs may differ from each other in these, but a program must behave the same with each partner.
    @Test("The exit and standard error of a program are compared with its own first pair")
    func ownBehaviour() async throws {
      let report = await Grid(
        servers: [try await FaultyProgram.program("none"), try await FaultyProgram.program("byte")],
        clients: [
          try Program("sh -c 'test \"$(nc -N $0 $1)\" = hello || exit 5' {host} {port}"),
          try Program("sh -c 'nc -N $0 $1 >/dev/null; echo strange >&2; exit 3' {host} {port}"),
        ]
      ).run()
      #expect(verdicts(report) == [[.same, .same], [.different, .same]], "\(report.text())")
      let parts = report.cells[2].parts.filter { $0.finding.difference != nil }
      #expect(parts.map(\.role) == ["client"] && parts.first?.finding.difference?.observation == "exit")
    }

    @Test("Noise is not a difference")
    func noise() async throws {
      let program = try await FaultyProgram.program("pid")
      let client = try await FaultyProgram.program("time", as: .client)
      let report = await Grid(servers: [program, program], clients: [client]).run()
      #expect(report.verdict == .same, "\(report.text())")
    }

    @Test("Pairs communicate over Unix sockets, and a server that does not end is stopped")
    func unixSockets() async throws {
      let report = await Grid(
        servers: [try Program("socat UNIX-LISTEN:{socket},fork PIPE"), try Program("socat UNIX-LISTEN:{socket} PIPE")],
        clients: [try Program("nc -N -U {socket}"), try Program("socat - UNIX-CONNECT:{socket}")],
        input: Payload(.text("The quick brown fox\n"), times: 10_000)
      ).run()
      #expect(report.verdict == .same, "\(report.text())")
    }

    /// The kernel does not show whether a program reads a FIFO.
    @Test("A server without a socket is ready when it prints the given text")
    func readyText() async throws {
      let command = "mkfifo up down; echo ready; tr a-z $0 <up >down"
      var grid = Grid(
        servers: [
          try Program("sh -c '\(command)' A-Z"), try Program("sh -c '\(command)' B-ZA"), try Program("echo no"),
        ], clients: [try Program("sh -c 'cat >up; cat down'")])
      grid.readyText = "ready"
      grid.timeout = .seconds(2)
      let report = await grid.run()
      #expect(verdicts(report) == [[.same], [.different], [.notJudged]], "\(report.text())")
      #expect(report.cells[1].parts.compactMap(\.finding.difference).first?.right.first == "IFMMP")
      #expect(report.text().contains("it ended before it printed ready (exited with status 0)\n"))
    }

    @Test("A pair that does not end is not judged")
    func hang() async throws {
      var grid = Grid(
        servers: [
          try await FaultyProgram.program("none"), try await FaultyProgram.program("hang"), try Program("false {port}"),
        ],
        clients: [try Program("nc -N {host} {port}")])
      grid.repeats = 1
      let report = await grid.run()
      #expect(verdicts(report) == [[.same], [.notJudged], [.notJudged]])
      #expect(report.verdict == .notJudged && report.cells.map(\.hasHung) == [false, true, false])
      #expect(report.text().contains("faulty 2 with nc: both sides are idle"))
      #expect(report.text().contains("false with nc: the server did not start"))
      #expect(try await FaultyProgram.processCount() == 0, "a process of the program is still running")
    }

    @Test(
      "The command prints the result, and its status is the verdict",
      arguments: [
        (["--server", "faulty server {port} none", "--input", "x y"], 0, "same: 2 of 2 pairs are the same"),
        (["--server", "x"], 64, "the command does not say where it listens"),
        (["--server", "x {port}", "--input-file", "/no/such"], 64, "can't be read"),
      ])
    func gridCommand(options: [String], status: Int32, message: String) async throws {
      let folder = try await Script.products()
      let words = ["grid", "--server", "faulty server {port} none"] + options + ["--client", "nc -N {host} {port}"]
      let result = try await run(
        .path(folder.appending("parity")), arguments: Arguments(words + ["--json", "/dev/null"]),
        environment: .inherit.updating(["PATH": "\(folder):/usr/bin:/bin"]), output: .string(limit: 1 << 20),
        error: .string(limit: 1 << 20))
      #expect(result.terminationStatus == .exited(status))
      #expect((result.standardOutput + result.standardError).contains(message), "\(result.standardOutput)")
    }
  }
}
