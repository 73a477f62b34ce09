import Subprocess
import Testing

/// What a server logs and counts while it runs for long.
@Suite(.limitedConcurrency, .repeatable())
struct LongRunningTests {
  @Test("Both engines log a record for each client, and the same counters")
  func records() async throws {
    var logs: Set<String> = []
    for engine in Engine.allCases {
      let command = Command.server(
        engine, "-k", "--log", "json", "--log-level", "debug", "--service", "echo", "tcp:127.0.0.1:0")
      let script = Command.script("log_of_one_client.py", [Array(command.path.utf8)] + command.arguments)
      let outcome = try await script.run()
      #expect(outcome.status == .exited(0), "\(outcome.error)")
      logs.insert(String(decoding: outcome.output.array, as: UTF8.self))
    }
    let counters = #""accepted": 1, "active": 0, "failed": 0"#
    #expect(
      logs == [
        """
        {"endpoint": "tcp:127.0.0.1:PORT", "level": "info", "message": "listening"}
        {"end": "end", "level": "debug", "message": "client", "peer": "tcp:127.0.0.1:PORT", "received": 5, "sent": 5}
        {\(counters), "level": "notice", "message": "counters", "received": 5, "refused": 0, "sent": 5}
        {"endpoint": "tcp:127.0.0.1:PORT", "level": "info", "message": "stopping"}

        """
      ])
  }

  @Test(
    "Without free descriptors, the server waits without using the processor, and reports it once",
    arguments: Engine.allCases)
  func outOfDescriptors(engine: Engine) async throws {
    let command = Command.server(engine, "-k", "--drain", "0", "--service", "echo", "0")
      .inShell("ulimit -n 12; exec \"$0\" \"$@\"")
    let server = try await command.serve { server in
      let before = try ticks(of: server.process)
      try await blocking {
        let clients = try (0..<12).map { _ in try RawSocket(connectedTo: server.endpoint) }
        try clients[0].send("first")
        #expect(try clients[0].receive(5) == "first")
        #expect(server.process.awaitEnd(within: 700) == false)
        for client in clients.dropLast() { client.close() }
        try clients[11].send("last")
        #expect(try clients[11].receive(4) == "last")
      }
      // A busy loop would use about 70.
      #expect(try ticks(of: server.process) - before <= 15)
      server.stop()
    }.outcome
    #expect(server.status == .exited(0))
    let reports = server.error.split(separator: "\n").filter { $0.contains("Too many open files") }
    #expect(reports.count == 1, "\(server.error)")
  }

  /// Processor time in hundredths of a second: fields 14 and 15 of /proc/PID/stat, see proc(5).
  private func ticks(of process: RunningProcess) throws -> Int {
    let stat = String(decoding: try TestSystem.contents(of: "/proc/\(process.id.value)/stat"), as: UTF8.self)
    let fields = try #require(stat.split(separator: ")").last).split(separator: " ")
    return try #require(Int(fields[11])) + #require(Int(fields[12]))
  }
}
