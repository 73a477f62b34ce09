import ParityKit
import Subprocess
import SystemPackage
import Testing

/// Servers and clients that really talk to each other.
extension Judge {
  @Suite struct GridTests {
    private func verdicts(_ report: GridReport) -> [[Verdict]] {
      report.servers.indices.map { server in report.cells.filter { $0.server == server }.map(\.verdict) }
    }

    @Test func whatPassesIsComparedWithTheFirstPair() async throws {
      let report = await Grid(
        servers: [try await FaultyProgram.program("none"), try await FaultyProgram.program("byte")],
        clients: [try await FaultyProgram.program("none", as: .client), try Program("nc -N {host} {port}")]
      ).run()
      #expect(verdicts(report) == [[.same, .same], [.different, .different]], "\(report.text())")
      #expect(report.verdict == .different)
      let difference = try #require(report.cells[2].parts.compactMap(\.finding.difference).first)
      #expect(difference.trace == "standard output" && difference.left.first == "hello")
      #expect(difference.right.first == "hemlo")
      #expect(report.text().contains("the same in faulty 2 with nc"))
      let script = """
        import json,sys; r=json.loads(sys.argv[1]); print(r['verdict'], [c['verdict'] for c in r['cells']])
        print(r['cells'][2]['parts'][0]['difference']['right'][0])
        def conforms(value, form, forms):
            form = forms[form['$ref'].split('/')[-1]] if '$ref' in form else form
            if 'properties' in form:
                assert set(form['required']) <= set(value) <= set(form['properties']), value
                for key in value: conforms(value[key], form['properties'][key], forms)
            if 'items' in form:
                for each in value: conforms(each, form['items'], forms)
            assert value in form.get('enum', [value]) and value == form.get('const', value), value
        form = json.loads(sys.argv[2]); conforms(r, form, form['$defs']); print(form['title'])
        """
      let said = try await FaultyProgram.output("python3", ["-c", script, report.json, Schema.grid])
      #expect(said == "different ['same', 'same', 'different', 'different']\nhemlo\nA grid of parity\n")
      let facts = try await Browser.ask(
        try await Browser.document(of: report.html),
        """
        print([e[2] for e in all if e[0] == 'h1'], [e[2] for e in all if e[0] == 'td' and 'class' in e[1]])
        print([e[2] for e in all if e[0] == 'mark'][:2], [e[2] for e in all if e[0] == 'li'])
        ids = [e[1]['id'] for e in all if 'id' in e[1]]
        print([e[1]['href'] for e in all if e[0] == 'a' and e[1]['href'][1:] not in ids])
        """)
      #expect(
        facts == """
          ['✗different: Pairs differ'] ['✓ same', '✓ same', '✗ differs', '✗ differs']
          ['l', 'm'] ['also in', 'faulty 2 with nc']
          []

          """)
      #expect(try await Browser.complaints(about: report.html) == "")
    }

    /// A program may have manners of its own, but not others with each partner.
    @Test func mannersAreComparedWithItsOwn() async throws {
      let report = await Grid(
        servers: [try await FaultyProgram.program("none"), try await FaultyProgram.program("byte")],
        clients: [
          try Program("sh -c 'test \"$(nc -N $0 $1)\" = hello || exit 5' {host} {port}"),
          try Program("sh -c 'nc -N $0 $1 >/dev/null; echo strange >&2; exit 3' {host} {port}"),
        ]
      ).run()
      #expect(verdicts(report) == [[.same, .same], [.different, .same]], "\(report.text())")
      let parts = report.cells[2].parts.filter { $0.finding.difference != nil }
      #expect(parts.map(\.who) == ["client"] && parts.first?.finding.difference?.trace == "exit")
    }

    @Test func noiseIsNoDifference() async throws {
      let program = try await FaultyProgram.program("pid")
      let client = try await FaultyProgram.program("time", as: .client)
      let report = await Grid(servers: [program, program], clients: [client]).run()
      #expect(report.verdict == .same, "\(report.text())")
    }

    /// Each at the other's Unix socket; a server that serves once ends, and one that goes on is ended.
    @Test func overUnixSockets() async throws {
      let report = await Grid(
        servers: [try Program("socat UNIX-LISTEN:{socket},fork PIPE"), try Program("socat UNIX-LISTEN:{socket} PIPE")],
        clients: [try Program("nc -N -U {socket}"), try Program("socat - UNIX-CONNECT:{socket}")],
        input: Payload(.text("The quick brown fox\n"), times: 10_000)
      ).run()
      #expect(report.verdict == .same, "\(report.text())")
    }

    /// Over FIFOs nobody listens that the kernel tells of: each server says when it is there.
    @Test func whereNoSocketIs() async throws {
      let serves = "mkfifo up down; echo ready; tr a-z $0 <up >down"
      var grid = Grid(
        servers: [
          try Program("sh -c '\(serves)' A-Z"), try Program("sh -c '\(serves)' B-ZA"), try Program("echo no"),
        ], clients: [try Program("sh -c 'cat >up; cat down'")])
      grid.greeting = "ready"
      grid.timeout = .seconds(2)
      let report = await grid.run()
      #expect(verdicts(report) == [[.same], [.different], [.notJudged]], "\(report.text())")
      #expect(report.cells[1].parts.compactMap(\.finding.difference).first?.right.first == "IFMMP")
      #expect(report.text().contains("it ended before it said ready (exited with status 0)\n"))
    }

    @Test func whoDoesNotEndIsNotJudged() async throws {
      var grid = Grid(
        servers: [
          try await FaultyProgram.program("none"), try await FaultyProgram.program("hang"), try Program("false {port}"),
        ],
        clients: [try Program("nc -N {host} {port}")])
      grid.repeats = 1
      let report = await grid.run()
      #expect(verdicts(report) == [[.same], [.notJudged], [.notJudged]])
      #expect(report.verdict == .notJudged && report.cells.map(\.hasHung) == [false, true, false])
      #expect(report.text().contains("faulty 2 with nc: neither side does anything any more"))
      #expect(report.text().contains("false with nc: the server did not start"))
      #expect(try await FaultyProgram.left() == 0, "processes are left behind")
    }

    @Test(arguments: [
      (["--server", "faulty server {port} none", "--input", "x y"], 0, "same: 2 of 2 pairs are the same"),
      (["--server", "x"], 64, "say where it listens"),
      (["--server", "x {port}", "--input-file", "/no/such"], 64, "can't be read"),
    ])
    func theCommand(options: [String], status: Int32, says: String) async throws {
      let folder = try await FaultyProgram.products()
      let words = ["grid", "--server", "faulty server {port} none"] + options + ["--client", "nc -N {host} {port}"]
      let result = try await run(
        .path(folder.appending("parity")), arguments: Arguments(words + ["--json", "/dev/null"]),
        environment: .inherit.updating(["PATH": "\(folder):/usr/bin:/bin"]), output: .string(limit: 1 << 20),
        error: .string(limit: 1 << 20))
      #expect(result.terminationStatus == .exited(status))
      #expect((result.standardOutput + result.standardError).contains(says), "\(result.standardOutput)")
    }
  }
}
