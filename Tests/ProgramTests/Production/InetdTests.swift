import SystemPackage
import Testing

/// A server serves one client that its supervisor has accepted: systemd with Accept=yes, inetd and xinetd.
@Suite(.limitedConcurrency, .repeatable())
struct InetdTests {
  @Test(
    "A server serves the client that systemd passes to it, and ends", arguments: Engine.allCases,
    [SocketKind.ipv4, .path])
  func accepted(engine: Engine, kind: SocketKind) async throws {
    let data = Bytes.random(100_000)
    try await withTemporaryFolder { folder in
      let reserved = try RawSocket(reserving: kind)
      let endpoint = kind == .ipv4 ? reserved.endpoint : kind.endpoint(in: folder)
      let address = String(endpoint.drop { $0 != ":" }.dropFirst())
      let server = Command.server(engine, "--service", "echo", "--log", "text", "--log-level", "debug")
      let supervisor = try await server.activated(at: [address], accepts: true).run { supervisor in
        let isReady = await supervisor.error.line(after: "Listening on \(address) as 3.") != nil
        try #require(isReady, "\(supervisor.error.text)")
        for client in Engine.allCases {
          #expect(try await Command.client(client, endpoint).run(input: data) == Outcome(.exited(0), output: data))
        }
        // Each client has a server of its own; the line is the last one of a server.
        let haveEnded = await supervisor.error.wait { bytes in
          String(decoding: bytes, as: UTF8.self).split(separator: "\n").count { $0.contains(" debug client ") } == 2
        }
        #expect(haveEnded, "\(supervisor.error.text)")
        supervisor.send(.terminate)
      }.outcome
      let peer = kind == .ipv4 ? "tcp:127.0.0.1:" : endpoint
      let lines = supervisor.error.split(separator: "\n")
      #expect(lines.count { $0.contains(" info serving endpoint=\(peer)") } == 2, "\(supervisor)")
      #expect(lines.count { $0.contains(" client end=end ") && $0.contains(" peer=\(peer)") } == 2, "\(supervisor)")
      withExtendedLifetime(reserved) {}
    }
  }

  @Test(
    "xinetd passes the client as all three standard descriptors, and nothing but the service's data goes there",
    arguments: Engine.allCases)
  func xinetd(engine: Engine) async throws {
    let data = Bytes.random(100_000)
    func service(_ arguments: String, wait: Bool = false) -> [String] {
      let server = "server = \(Command.server(engine).path)"
      return ["type = UNLISTED", "wait = \(wait ? "yes" : "no")", server, "server_args = \(arguments)"]
    }
    let services = [
      "echo": service("--inetd --service echo --verbose"), "message": service("--inetd --service message --verbose"),
      "usage": service("--inetd --no-such-option"), "help": service("--inetd --help"),
      "idle": service("--inetd --service echo --idle-timeout 0.1"),
      "listener": service("--inetd --service echo --verbose", wait: true),
    ]
    try await withXinetd(services) { ports in
      func answer(_ service: String, _ input: Bytes, ends: Bool = true) async throws -> Bytes {
        try await blocking {
          let client = try RawSocket(connectedTo: "tcp:127.0.0.1:\(ports[service]!)")
          try client.send(input)
          if ends { try client.halfClose() }
          return try client.receive()
        }
      }
      #expect(try await answer("message", "hello\n") == "I got your message")
      #expect(try await answer("message", "hello\n", ends: false) == "I got your message")
      for service in ["usage", "help"] { #expect(try await answer(service, "") == "", "\(service)") }
      await #expect(throws: Errno.connectionReset) { try await answer("idle", "", ends: false) }
      for service in ["echo", "listener", "echo", "listener"] {
        #expect(try await answer(service, data) == data, "\(service)")
      }
      for client in Engine.allCases {
        let outcome = try await Command.client(client, "127.0.0.1", "\(ports["echo"]!)").run(input: data)
        #expect(outcome == Outcome(.exited(0), output: data))
      }
    }
  }

  /// Runs a server whose standard input and output are one end of a socketpair(2), with `all` also its standard error.
  private static func onSocketPair(
    _ engine: Engine, kind: String = "stream", _ errors: String = "output", options: [String], input: Bytes = ""
  ) async throws -> Outcome {
    let arguments = [kind, errors, Command.server(engine).path, "--inetd"] + options
    return try await Command.script("socket_pair.py", arguments.map { Array($0.utf8) }).run(input: input)
  }

  @Test("A server can use a socket without a name, as socketpair(2) makes it", arguments: Engine.allCases)
  func socketPair(engine: Engine) async throws {
    for (service, answer) in [("echo", "hello\n"), ("message", "I got your message")] as [(String, Bytes)] {
      let all = try await Self.onSocketPair(
        engine, "all", options: ["--service", service, "--verbose"], input: "hello\n")
      #expect(all == Outcome(.exited(0), output: answer))
      let output = try await Self.onSocketPair(engine, options: ["--service", service], input: "hello\n")
      #expect(output == Outcome(.exited(0), output: answer, error: "serving unix:(unnamed)\n"))
    }
  }

  @Test("Options that need a listener are usage errors, and so is an address", arguments: Engine.allCases)
  func usageErrors(engine: Engine) async throws {
    for (options, complaint) in [
      (["--inetd", "0"], "--inetd: the client is standard input, so give no address"),
      (["--inetd", "pipe:/tmp/none"], "--inetd: the client is standard input, so give no address"),
    ] {
      let server = try await Command(program: "\(engine)-server", options.map { Array($0.utf8) }).run()
      #expect(server.status == .exited(64) && server.output == "", "\(server)")
      #expect(server.error.hasPrefix("Error: \(complaint)\n"), "\(server)")
    }
    let both = try await Command.server(engine, "--inetd").withEnvironment("LISTEN_PID=$$ LISTEN_FDS=1").run()
    #expect(
      both.error.hasPrefix("Error: --inetd and LISTEN_FDS=1 exclude each other: both pass the client\n"), "\(both)")
    for options in [["--keep-open"], ["--backlog", "5"]] {
      let outcome = try await Self.onSocketPair(engine, options: options)
      let complaint = "\(options[0]) needs a listener: the supervisor passes a client that it has accepted"
      #expect(outcome.status == .exited(64) && outcome.output == "", "\(outcome)")
      #expect(outcome.error.hasPrefix("Error: \(complaint)\n"), "\(outcome)")
    }
  }

  @Test("A standard input that is not a stream socket is an error", arguments: Engine.allCases)
  func notASocket(engine: Engine) async throws {
    let rule = "a supervisor must pass stream sockets that listen, or a single one that is connected"
    for redirection in ["</dev/null", "<&-"] {
      let server = try await Command.server(engine, "--inetd").withEnvironment("NONE=", redirection).run()
      let hint = "start the server by inetd, xinetd or systemd, which pass the client there"
      let error = "Error : Could not listen: --inetd, standard input: it is closed or no socket: \(hint)\n"
      #expect(server == Outcome(.exited(1), error: error))
    }
    let datagram = try await Self.onSocketPair(engine, kind: "datagram", options: [])
    let error = "Error : Could not listen: --inetd, standard input: Socket type not supported: \(rule)\n"
    #expect(datagram == Outcome(.exited(1), error: error))
  }

  @Test("A connected descriptor among several is an error that names it", arguments: Engine.allCases)
  func amongSeveral(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path("socket")
      let server = Command.server(engine).withEnvironment(
        "LISTEN_PID=$$ LISTEN_FDS=2 LISTEN_FDNAMES=client:other", "4</dev/null")
      let outcome = try await server.activated(at: [path], accepts: true).run { supervisor in
        let isReady = await supervisor.error.line(after: "Listening on \(path) as 3.") != nil
        try #require(isReady, "\(supervisor.error.text)")
        #expect(try await blocking { try RawSocket(connectedTo: "unix:\(path)").receive() } == "")
        supervisor.send(.terminate)
      }.outcome
      let error = "LISTEN_FDS, descriptor 3 (client): Transport endpoint is already connected: a supervisor must"
      #expect(outcome.error.contains("Error : Could not listen: \(error)"), "\(outcome)")
    }
  }
}
