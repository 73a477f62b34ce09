import Subprocess
import Testing

/// Errors of system calls that links make, injected by strace: both engines end alike, and neither hangs.
@Suite(
  .limitedConcurrency, .repeatable(),
  .enabled("strace may trace processes") {
    try await Command(path: "true", [String]()).traced("-qq", "-o", "/dev/null").run().status == .exited(0)
  })
struct InjectedFaultTests {
  enum Side: CaseIterable {
    case server, client
  }

  /// An error of the call with this number, and of those after it.
  private struct Fault: CustomStringConvertible {
    let call: String
    let error: String
    let first: Int
    /// What one of the programs reports; nil if the call is repeated.
    var reason: String?

    var description: String { "\(call) \(first): \(error)" }

    func inject(into command: Command) -> Command {
      let which = reason == nil ? "\(first)" : "\(first)+"
      return command.traced(
        "-qq", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):error=\(error):when=\(which)")
    }

    static func all(_ call: String, _ errors: [(error: String, reason: String)], _ firsts: ClosedRange<Int>) -> [Fault]
    {
      errors.flatMap { error in
        firsts.map { Fault(call: call, error: error.error, first: $0, reason: error.reason) }
      }
    }

    static func interrupted(_ call: String, _ number: Int) -> Fault {
      Fault(call: call, error: "EINTR", first: number)
    }
  }

  /// A file is never worth waiting for, so EAGAIN is reported as EIO.
  private static let ofFiles = [("EAGAIN", "Input/output error"), ("EIO", "Input/output error")]
  /// A message that has another size than the queue's is not valid.
  private static let ofMessages = [("EMSGSIZE", "Bad message"), ("ETIMEDOUT", "Connection timed out")]
  private static let ofLocks = [("ENOLCK", "No locks available")]

  /// The first two calls of a server's fcntl(2) are not about locks; the first one of a client's is a question.
  private static func locks(_ side: Side) -> [Fault] {
    switch side {
    case .server: Fault.all("fcntl", ofLocks, 3...3)
    case .client: Fault.all("fcntl", [("ENOLCK", "Connection refused")], 1...1) + Fault.all("fcntl", ofLocks, 2...2)
    }
  }

  /// A fault is left out if it depends on the time how many such calls are made before it.
  private static func faults(_ kind: LinkKind, _ side: Side) -> [Fault] {
    switch kind {
    case .pipe, .memory:
      // A client of shared memory writes one state, the others two at least.
      let writes = Fault.all("pwrite64", ofFiles, kind == .memory && side == .client ? 1...1 : 1...2)
      return writes + locks(side) + [
        .interrupted("pwrite64", 2), .interrupted("pread64", 5), .interrupted("fcntl", 5),
      ]
    case .queue:
      let receives = side == .client ? Fault.all("mq_timedreceive", ofMessages, 1...1) : []
      return Fault.all("mq_timedsend", ofMessages, 1...2) + receives + locks(side) + [
        .interrupted("mq_timedsend", 2), .interrupted("mq_timedreceive", 2), .interrupted("fcntl", 5),
      ]
    }
  }

  /// The outcomes of a client and a server, and the names that are left. A server that does not listen has no client.
  private struct Result: Equatable {
    var client: Outcome?
    let server: Outcome
    let leftovers: String
  }

  private static func run(
    _ engine: Engine, _ kind: LinkKind, _ side: Side, _ fault: Fault, in folder: TemporaryFolder
  ) async throws -> Result {
    let endpoint = kind.endpoint(in: folder)
    let (server, client) = (
      Command.server(engine, "--service", "echo", endpoint), Command.client(engine, "--timeout", "20", endpoint)
    )
    let (outcome, served) = try await (side == .server ? fault.inject(into: server) : server).run { server in
      guard await server.error.listening() != nil else { return Outcome?.none }
      let outcome = try await (side == .client ? fault.inject(into: client) : client).run(input: "hello")
      // A server that served or failed is about to end; any other one waits for a client.
      if try await !server.ends(within: outcome.status == .exited(0) ? 10_000 : 500) { server.send(.terminate) }
      return outcome
    }
    return Result(client: outcome, server: served, leftovers: try await kind.leftovers(in: folder))
  }

  @Test(
    "An error of a system call ends both engines alike, and an interrupted call is repeated",
    arguments: LinkKind.allCases, Side.allCases)
  func sameOutcome(kind: LinkKind, side: Side) async throws {
    try await withTemporaryFolder { folder in
      for fault in Self.faults(kind, side) {
        let c = try await Self.run(.c, kind, side, fault, in: folder)
        let swift = try await Self.run(.swift, kind, side, fault, in: folder)
        // It depends on the time whether the server has seen a client that fails before it gets its welcome.
        let isSeen = fault.call != "mq_timedreceive" || fault.reason == nil
        #expect(isSeen ? c == swift : c.client == swift.client, "\(fault): \(c), \(swift)")
        // A server removes what it has created. NAME.lock of a pipe may be another server's, which it could not ask.
        let isUnknown = kind == .pipe && side == .server && fault.call == "fcntl" && fault.reason != nil
        #expect(c.leftovers == (isUnknown ? "hello.lock\n" : ""), "\(fault)")
        if let reason = fault.reason {
          let errors = c.server.error + (c.client?.error ?? "")
          #expect(errors.contains(": \(reason)\n"), "\(fault): \(c)")
        } else {
          #expect(c.client == Outcome(.exited(0), output: "hello"), "\(fault)")
        }
      }
    }
  }
}
