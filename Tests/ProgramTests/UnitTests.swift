import Testing

/// deploy/diptych.socket and deploy/diptych.service, as systemd reads them.
@Suite(.fewAtATime, .repeatable())
struct UnitTests {
  static let installed = "/usr/local/bin/swift-server"

  @Test("systemd finds nothing wrong in them, and little to attack")
  func verify() async throws {
    try await withUnits { service, socket in
      let verified = try await Command(path: "systemd-analyze", ["verify", "--man=no", service, socket]).run()
      #expect(verified == Outcome(.exited(0)))
      // Of 100; from 20 on it calls a unit no longer safe.
      let options = ["security", "--offline=true", "--threshold=10", service]
      let security = try await Command(path: "systemd-analyze", options).run()
      #expect(security.status == .exited(0), "\(String(decoding: security.output.array, as: UTF8.self))")
    }
  }

  @Test("A unit that is wrong is found to be so")
  func wrong() async throws {
    try await withUnits(replacing: ("PrivateTmp=yes", "PrivateTemp=yes")) { service, socket in
      let verified = try await Command(path: "systemd-analyze", ["verify", "--man=no", service, socket]).run()
      #expect(verified.error.contains("PrivateTemp"), "\(verified)")
    }
  }

  @Test("The server makes no system call that its unit forbids", arguments: Engine.allCases)
  func systemCalls(engine: Engine) async throws {
    let allowed = try await Self.allowedCalls()
    try await withFolder { folder in
      let (held, trace) = (try Socket(holding: .ipv4), folder.path("trace"))
      let address = String(held.endpoint.dropFirst("tcp:".count))
      let command = Command.server(engine, "-k", "--workers", "2", "--service", "echo").activated(at: [address])
      let server = try await command.traced("-o", trace, "-e", "signal=none").run { server in
        let isReady = await server.error.line(after: "Listening on ") != nil
        try #require(isReady, "\(server.error.text)")
        for _ in 1...5 {
          #expect(try await Command.client(engine, held.endpoint).run(input: "hello").output == "hello")
        }
        // Signals to strace are its own: the server's id is the first word of its lines.
        let text = String(decoding: try System.contents(of: trace), as: UTF8.self)
        let id = try #require(text.split(separator: " ").first)
        _ = try await Command(path: "kill", ["-TERM", String(id)]).run()
      }.outcome
      #expect(server.status == .exited(0), "\(server)")
      let lines = String(decoding: try System.contents(of: trace), as: UTF8.self).split(separator: "\n")
      let exec = try #require(lines.lastIndex { $0.contains(" execve(") })
      let own = lines[exec...].dropFirst()  // before it, it was systemd's
      let calls = Set(own.compactMap { $0.firstMatch(of: /^\d+ +([a-z0-9_]+)\(/)?.1 }.map(String.init))
      #expect(calls.isSuperset(of: ["accept4", "epoll_wait", "signalfd4"]), "\(calls)")
      #expect(calls.subtracting(allowed).isEmpty)
    }
  }

  /// What SystemCallFilter= in the unit comes to: systemd's sets, less those after a tilde.
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
    let unit = String(decoding: try System.contents(of: Checkout.path("deploy/diptych.service")), as: UTF8.self)
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

  /// The units, with the server that was built in place of the installed one.
  private func withUnits(
    replacing change: (String, String) = ("", ""), _ body: @escaping @Sendable (String, String) async throws -> Void
  ) async throws {
    try await withFolder { folder in
      var paths: [String] = []
      for name in ["diptych.service", "diptych.socket"] {
        var text = String(decoding: try System.contents(of: Checkout.path("deploy/\(name)")), as: UTF8.self)
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
