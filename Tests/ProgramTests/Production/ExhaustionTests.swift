import Testing

/// Servers that run out of a resource: both engines report the same reason.
@Suite(.limitedConcurrency, .repeatable())
struct ExhaustionTests {
  @Test(
    "A server whose workers can't start names the reason",
    arguments: [
      ("pipe2", "EMFILE", "Too many open files"), ("pipe2", "ENFILE", "Too many open files in system"),
      ("pipe2", "ENOMEM", "Cannot allocate memory"), ("clone,clone3", "EAGAIN", "Resource temporarily unavailable"),
      ("clone,clone3", "EPERM", "Operation not permitted"),
    ], Engine.allCases)
  func failedWorkers(fault: (call: String, error: String, reason: String), engine: Engine) async throws {
    for first in 1...2 {
      let server = Command.server(engine, "-k", "--quiet", "--workers", "2", "tcp:127.0.0.1:0").traced(
        "-o", "/dev/null", "-e", "trace=\(fault.call)", "-e",
        "inject=\(fault.call):error=\(fault.error):when=\(first)+")
      let outcome = try await server.run().masked
      let error = "Error : Could not listen: tcp:127.0.0.1:PORT: \(fault.reason)\n"
      #expect(outcome == Outcome(.exited(1), error: error), "from call \(first)")
    }
  }

  /// Runs the server under many limits of its memory, and checks that it writes errors, and at its end how many clients it cut off.
  private static func expectOnlyErrors(
    _ engine: Engine, at endpoint: String, above first: Int, to last: Int, step: Int, _ options: String...
  ) async throws {
    let programs = [
      Command.client(engine).path, endpoint, "\(first)", "\(last)", "\(step)", Command.server(engine).path,
    ]
    let outcome = try await Command.script("memory_crowd.py", (programs + options).map { Array($0.utf8) }).run()
    guard outcome.status == .exited(0) else {
      Issue.record("skipped a limit of memory: \(outcome.error)", severity: .warning)
      return
    }
    let lines = String(decoding: outcome.output.array, as: UTF8.self).split(separator: "\n")
    #expect(!lines.isEmpty)
    for line in lines {
      // The server is stopped while clients wait for their answer.
      let isExpected = line.hasPrefix("Error : ") || line.hasPrefix("Warning : stop: ")
      #expect(isExpected, "\(engine)-server: \(line)")
    }
  }

  @Test(
    "Clients that use up the memory of a server get an error each, and the server goes on",
    arguments: Engine.allCases)
  func outOfMemory(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = "unix:@diptych-\(folder.name)"
      try await Self.expectOnlyErrors(engine, at: endpoint, above: 0, to: 2000, step: 250)
    }
  }

  @Test("The same holds for a server with several workers", arguments: Engine.allCases)
  func outOfMemoryWithWorkers(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = "unix:@diptych-\(folder.name)"
      try await Self.expectOnlyErrors(engine, at: endpoint, above: 6000, to: 14_000, step: 1000, "--workers", "3")
    }
  }

  @Test(
    "A server with little memory serves a link, or reports that it can't", arguments: Engine.allCases, LinkKind.allCases
  )
  func linkWithLittleMemory(engine: Engine, kind: LinkKind) async throws {
    try await withTemporaryFolder { folder in
      try await Self.expectOnlyErrors(engine, at: kind.endpoint(in: folder), above: 0, to: 1500, step: 250)
    }
  }

  @Test("Messages of a queue that are larger than the memory are an error", arguments: Engine.allCases)
  func hugeMessages(engine: Engine) async throws {
    try await withTemporaryFolder { folder in
      let endpoint = LinkKind.queue.endpoint(in: folder)
      let server = Command.server(engine, "--queue-message", "16777216", endpoint)
      let limited = Command(path: "prlimit", ["--as=50331648", server.path].map { Array($0.utf8) } + server.arguments)
      let outcome = try await limited.run()
      #expect(outcome == Outcome(.exited(1), error: "Error : Could not listen: \(endpoint): Cannot allocate memory\n"))
    }
  }
}
