import Subprocess
import Testing

/// A server to leave running: what it logs and counts.
@Suite(.fewAtATime, .repeatable())
struct StayTests {
  @Test("A record for each client, and the counters, the same of both engines")
  func records() async throws {
    var said: Set<String> = []
    for engine in Engine.allCases {
      let command = Command.server(
        engine, "-k", "--log", "json", "--log-level", "debug", "--service", "echo", "tcp:127.0.0.1:0")
      let script = """
        import json, re, signal, socket, subprocess, sys
        server = subprocess.Popen(sys.argv[1:], stderr=subprocess.PIPE)
        lines = []
        def record():
            lines.append(json.loads(server.stderr.readline()))
            return lines[-1]
        port = int(record()["endpoint"].rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"hello")
            client.shutdown(socket.SHUT_WR)
            assert client.recv(100) == b"hello"
        record()
        server.send_signal(signal.SIGUSR1)
        record()
        server.send_signal(signal.SIGTERM)
        record()
        assert server.wait(10) == 0
        for line in lines:
            for key in ("time", "milliseconds"): line.pop(key, None)
            print(re.sub(':[0-9]+"', ':PORT"', json.dumps(line, sort_keys=True)))
        """
      let python = Command(
        path: "python3", ["-c", script].map { Array($0.utf8) } + [Array(command.path.utf8)] + command.arguments)
      let outcome = try await python.run()
      #expect(outcome.status == .exited(0), "\(outcome.error)")
      said.insert(String(decoding: outcome.output.array, as: UTF8.self))
    }
    let counters = #""accepted": 1, "active": 0, "failed": 0"#
    #expect(
      said == [
        """
        {"endpoint": "tcp:127.0.0.1:PORT", "level": "info", "message": "listening"}
        {"end": "end", "level": "debug", "message": "client", "peer": "tcp:127.0.0.1:PORT", "received": 5, "sent": 5}
        {\(counters), "level": "notice", "message": "counters", "received": 5, "refused": 0, "sent": 5}
        {"endpoint": "tcp:127.0.0.1:PORT", "level": "info", "message": "stopping"}

        """
      ])
  }

  @Test("Out of descriptors, it waits without work, and says so once", arguments: Engine.allCases)
  func outOfDescriptors(engine: Engine) async throws {
    let command = Command.server(engine, "-k", "--drain", "0", "--service", "echo", "0")
      .inShell("ulimit -n 12; exec \"$0\" \"$@\"")
    let server = try await command.serve { server in
      let before = try ticks(of: server.process)
      try await blocking {
        let clients = try (0..<12).map { _ in try Socket(connectedTo: server.endpoint) }
        try clients[0].send("first")
        #expect(try clients[0].receive(5) == "first")
        #expect(server.process.awaitEnd(within: 700) == false)
        for client in clients.dropLast() { client.close() }
        try clients[11].send("last")
        #expect(try clients[11].receive(4) == "last")
      }
      // A spinning server would take 70.
      #expect(try ticks(of: server.process) - before <= 15)
      server.stop()
    }.outcome
    #expect(server.status == .exited(0))
    let complaints = server.error.split(separator: "\n").filter { $0.contains("Too many open files") }
    #expect(complaints.count == 1, "\(server.error)")
  }

  /// Hundredths of a second of processor time: fields 14 and 15 of /proc/PID/stat, proc(5).
  private func ticks(of process: Running) throws -> Int {
    let stat = String(decoding: try System.contents(of: "/proc/\(process.id.value)/stat"), as: UTF8.self)
    let fields = try #require(stat.split(separator: ")").last).split(separator: " ")
    return try #require(Int(fields[11])) + #require(Int(fields[12]))
  }
}
