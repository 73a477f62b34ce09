import Crowd
import SystemPackage
import Testing

/// Many random clients at once: each must receive what a model expects, the server must log it so, and the servers of
/// both engines must log the same.
@Suite(.limitedConcurrency, .repeatable())
struct CrowdTests {
  /// The number of clients at once.
  private static let crowd = LongRounds.count(200, otherwise: 60)

  @Test(
    "Random clients receive and are logged with what the model expects",
    arguments: [
      (Service.greeting, SocketKind.ipv4), (.message, .path), (.echo, .ipv4), (.echo, .path), (.discard, .ipv4),
      (.chargen, .path),
    ])
  func randomClients(service: Service, kind: SocketKind) async throws {
    try await gather(Self.crowd, service, at: kind)
  }

  /// Over TCP each worker has a listener; a Unix socket's listener is shared.
  @Test("Two workers serve random clients as one would", arguments: SocketKind.twoKinds)
  func workers(kind: SocketKind) async throws {
    try await gather(Self.crowd, .echo, at: kind, "--workers", "2")
  }

  @Test("Clients beyond --max-clients wait, and lose nothing")
  func maxClients() async throws {
    try await gather(60, .echo, at: .path, "--max-clients", "3")
  }

  @Test("Clients wait while the server has no free descriptor, and lose nothing", arguments: SocketKind.twoKinds)
  func fewDescriptors(kind: SocketKind) async throws {
    let occupying = [ClientScript](repeating: ClientScript(connectedFor: 1000), count: 20)
    let acceptErrors = try await gather(60, .echo, at: kind, after: occupying, in: "ulimit -n 20; exec \"$0\" \"$@\"")
    for errors in acceptErrors {
      #expect(!errors.isEmpty && errors.allSatisfy { $0.contains(#""reason":"Too many open files""#) })
    }
  }

  /// Sends the same clients to both servers, the `first` ones and random ones, and returns each server's records about
  /// failed accepts.
  @discardableResult
  private func gather(
    _ randomCount: Int, _ service: Service, at kind: SocketKind, _ options: String..., after first: [ClientScript] = [],
    in shell: String? = nil
  ) async throws -> [[String]] {
    let crowdService = service.crowdService
    var random = SplitMix64(seed: Seed.value)
    let scripts = first + ClientScript.random(randomCount, for: crowdService, deterministic: true, using: &random)
    let count = scripts.count
    let expectations = scripts.map { ExpectedOutcome($0, of: crowdService, isTCP: kind == .ipv4) }
    let failures = expectations.count { $0.ending != nil && $0.ending != .good }
    return try await withTemporaryFolder { folder in
      var (logs, acceptErrors) = ([[String]](), [[String]]())
      for engine in Engine.allCases {
        var command = Command.server(engine, "-k", "--log", "json", "--log-level", "debug", "--service", "\(service)")
        if case .greeting(let text) = crowdService {
          command.arguments += ["--message-file", try folder.file("text", Bytes(text))].map { Array($0.utf8) }
        }
        command.arguments += (options + [kind.endpoint(in: folder)]).map { Array($0.utf8) }
        if let shell { command = command.inShell(shell) }
        let (outcomes, server) = try await command.serveAndStop { server in
          let outcomes = try await blocking { try runCrowd(at: server.endpoint, scripts) }
          // A client may disconnect before it is accepted, so its record may come late.
          let isLogged = await server.process.error.wait { bytes in
            bytes.count { $0 == UInt8(ascii: "\n") } > count + failures
              && String(decoding: bytes, as: UTF8.self).split(separator: "\n").count { $0.isClient } == count
          }
          #expect(isLogged, "each client has a record")
          return outcomes
        }
        #expect(server.status == .exited(0))
        let records = try LogRecord.clients(in: server.error)
        for (index, outcome) in outcomes.enumerated() {
          let mismatch = expectations[index].mismatch(outcome) ?? expectations[index].mismatch(records[outcome.name])
          #expect(mismatch == nil, "\(engine)-server: a client that \(scripts[index])")
        }
        let lines = server.error.records.map { service == .chargen ? $0.withoutCounts : $0 }
        logs.append(lines.filter { !$0.isAcceptError })
        acceptErrors.append(lines.filter { $0.isAcceptError })
      }
      let isSame = logs[0] == logs[1]
      #expect(isSame, "the logs differ in \(Set(logs[0]).symmetricDifference(logs[1]))")
      if shell == nil { #expect(acceptErrors == [[], []]) }
      return acceptErrors
    }
  }
}

extension StringProtocol {
  /// Whether this is the record of a client.
  fileprivate var isClient: Bool { contains(#""message":"client""#) }

  fileprivate var isAcceptError: Bool { contains(#""message":"Could not accept""#) }
}

extension String {
  /// How much chargen sends before its client disconnects is random.
  fileprivate var withoutCounts: String { replacing(/"(received|sent)":\d+/) { "\"\($0.1)\":N" } }
}

extension Service {
  fileprivate var crowdService: CrowdService {
    switch self {
    case .greeting: .greeting(Bytes.random(100_000).array)
    case .message: .message
    case .echo: .echo
    case .discard: .discard
    case .chargen: .chargen
    }
  }
}

extension ExpectedOutcome {
  /// How the server's record of the client differs from the model; nil if it does not.
  fileprivate func mismatch(_ record: LogRecord?) -> String? {
    guard let record else { return "no record" }
    if let received, record.received != received { return "\(record): of \(received) received" }
    if let sent, record.sent != sent { return "\(record): of \(sent) sent" }
    switch ending {
    case nil: return nil
    case .good: return record.end == "end" ? nil : "\(record): not a good end"
    case .failed(_, let errno): return record.end == errno.description ? nil : "\(record): not \(errno)"
    }
  }
}
