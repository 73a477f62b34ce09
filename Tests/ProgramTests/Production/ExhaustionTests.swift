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
}
