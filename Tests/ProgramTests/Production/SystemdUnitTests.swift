import Testing

/// systemd's own checks of deploy/diptych.socket and deploy/diptych.service.
@Suite(.limitedConcurrency, .repeatable())
struct SystemdUnitTests {
  static let installed = "/usr/local/bin/swift-server"

  @Test("systemd-analyze finds no fault in the units, and rates them safe")
  func verify() async throws {
    try await withUnits { service, socket in
      let verified = try await Command(path: "systemd-analyze", ["verify", "--man=no", service, socket]).run()
      #expect(verified == Outcome(.exited(0)))
      // The exposure is at most 100; systemd calls a unit safe below 20.
      let options = ["security", "--offline=true", "--threshold=10", service]
      let security = try await Command(path: "systemd-analyze", options).run()
      #expect(security.status == .exited(0), "\(String(decoding: security.output.array, as: UTF8.self))")
    }
  }

  @Test("systemd-analyze finds a fault in a wrong unit")
  func wrongUnit() async throws {
    try await withUnits(replacing: ("PrivateTmp=yes", "PrivateTemp=yes")) { service, socket in
      let verified = try await Command(path: "systemd-analyze", ["verify", "--man=no", service, socket]).run()
      #expect(verified.error.contains("PrivateTemp"), "\(verified)")
    }
  }

  @Test("The server makes no system call that its unit forbids", arguments: Engine.allCases)
  func systemCalls(engine: Engine) async throws {
    let allowed = try await Self.allowedCalls()
    try await withTemporaryFolder { folder in
      let (reserved, trace) = (try RawSocket(reserving: .ipv4), folder.path("trace"))
      let address = String(reserved.endpoint.dropFirst("tcp:".count))
      let command = Command.server(engine, "-k", "--workers", "2", "--service", "echo").activated(at: [address])
      let server = try await command.traced("-o", trace, "-e", "signal=none").run { server in
        let isReady = await server.error.line(after: "Listening on ") != nil
        try #require(isReady, "\(server.error.text)")
        for _ in 1...5 {
          #expect(try await Command.client(engine, reserved.endpoint).run(input: "hello").output == "hello")
        }
        // A signal to strace would not reach the server, whose process ID starts each line of the trace.
        let text = String(decoding: try TestSystem.contents(of: trace), as: UTF8.self)
        let id = try #require(text.split(separator: " ").first)
        _ = try await Command(path: "kill", ["-TERM", String(id)]).run()
      }.outcome
      #expect(server.status == .exited(0), "\(server)")
      let lines = String(decoding: try TestSystem.contents(of: trace), as: UTF8.self).split(separator: "\n")
      let exec = try #require(lines.lastIndex { $0.contains(" execve(") })
      let own = lines[exec...].dropFirst()  // The earlier calls are those of systemd-socket-activate.
      let calls = Set(own.compactMap { $0.firstMatch(of: /^\d+ +([a-z0-9_]+)\(/)?.1 }.map(String.init))
      #expect(calls.isSuperset(of: ["accept4", "epoll_wait", "signalfd4"]), "\(calls)")
      #expect(calls.subtracting(allowed).isEmpty)
    }
  }

  /// The calls that SystemCallFilter= in the unit allows: systemd's sets, except those after a tilde.
  private static func allowedCalls() async throws -> Set<String> {
    let list = try await Command(path: "systemd-analyze", ["syscall-filter"]).run()
    var sets: [String: [String]] = [:]
    var name = ""
    for line in String(decoding: list.output.array, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("@") { name = String(line) }
      let word = line.drop { $0 == " " }
      if line.hasPrefix(" "), !word.hasPrefix("#") { sets[name, default: []].append(String(word)) }
    }
    func members(_ name: String) -> Set<String> {
      guard name.hasPrefix("@") else { return [name] }
      return sets[name, default: []].reduce(into: []) { $0.formUnion(members($1)) }
    }
    let unit = String(
      decoding: try TestSystem.contents(of: RepositoryFiles.path("deploy/diptych.service")), as: UTF8.self)
    var allowed: Set<String> = []
    for line in unit.split(separator: "\n") where line.hasPrefix("SystemCallFilter=") {
      let words = line.dropFirst("SystemCallFilter=".count)
      let forbids = words.hasPrefix("~")
      let named = words.drop { $0 == "~" }.split(separator: " ").map { members(String($0)) }
      for set in named { if forbids { allowed.subtract(set) } else { allowed.formUnion(set) } }
    }
    #expect(allowed.count > 100)
    return allowed
  }

  /// Copies of the units that start the built server instead of the installed one.
  private func withUnits(
    replacing change: (String, String) = ("", ""), _ body: @escaping @Sendable (String, String) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      var paths: [String] = []
      for name in ["diptych.service", "diptych.socket"] {
        var text = String(decoding: try TestSystem.contents(of: RepositoryFiles.path("deploy/\(name)")), as: UTF8.self)
        if name == "diptych.service" {
          #expect(text.contains(Self.installed) && text.contains(change.0))
          text = text.replacing(Self.installed, with: "\(Command.buildFolder)/swift-server")
          if !change.0.isEmpty { text = text.replacing(change.0, with: change.1) }
        }
        paths.append(try folder.file(name, Bytes(text.utf8)))
      }
      try await body(paths[0], paths[1])
    }
  }
}
