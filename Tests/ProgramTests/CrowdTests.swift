import Crowd
import SystemPackage
import Testing

/// Many clients at once, by chance: what each sees and is recorded with, and what two servers log of the same ones.
@Suite(.fewAtATime, .repeatable())
struct CrowdTests {
  @Test(
    "200 clients, each with a script",
    arguments: [
      (Service.greeting, Place.ipv4), (.message, .path), (.echo, .ipv4), (.echo, .path), (.discard, .ipv4),
      (.chargen, .path),
    ])
  func crowd(service: Service, place: Place) async throws {
    try await gather(200, service, at: place)
  }

  @Test("200 clients at a crew, over a listener that it shares and over one for each worker", arguments: Place.twoKinds)
  func crew(place: Place) async throws {
    try await gather(200, .echo, at: place, "--workers", "2")
  }

  @Test("More clients than are served at once wait, and lose nothing")
  func fullHouse() async throws {
    try await gather(60, .echo, at: .path, "--max-clients", "3")
  }

  @Test("More clients than there are descriptors wait, and lose nothing", arguments: Place.twoKinds)
  func fewDescriptors(place: Place) async throws {
    let shortages = try await gather(60, .echo, at: place, in: "ulimit -n 20; exec \"$0\" \"$@\"")
    for others in shortages {
      #expect(!others.isEmpty && others.allSatisfy { $0.contains(#""reason":"Too many open files""#) })
    }
  }

  /// The same crowd at both servers; the records of each that are not of one of the clients.
  @discardableResult
  private func gather(
    _ count: Int, _ service: Service, at place: Place, _ options: String..., in shell: String? = nil
  ) async throws -> [[String]] {
    let trade = service.trade
    var random = SplitMix(state: Seed.value)
    let scripts = ClientScript.random(count, for: trade, deterministic: true, using: &random)
    let forecasts = scripts.map { ExpectedOutcome($0, of: trade, isTCP: place == .ipv4) }
    let failures = forecasts.count { $0.ending != nil && $0.ending != .good }
    return try await withFolder { folder in
      var (logs, others) = ([[String]](), [[String]]())
      for engine in Engine.allCases {
        var command = Command.server(engine, "-k", "--log", "json", "--log-level", "debug", "--service", "\(service)")
        if case .greeting(let text) = trade {
          command.arguments += ["--message-file", try folder.file("text", Bytes(text))].map { Array($0.utf8) }
        }
        command.arguments += (options + [place.endpoint(in: folder)]).map { Array($0.utf8) }
        if let shell { command = command.inShell(shell) }
        let (visits, server) = try await command.serveAndStop { server in
          let visits = try await blocking { try runCrowd(at: server.endpoint, scripts) }
          // Who has left may be waiting to be accepted yet.
          let isTold = await server.process.error.wait { said in
            said.count { $0 == UInt8(ascii: "\n") } > count + failures
              && String(decoding: said, as: UTF8.self).split(separator: "\n").count { $0.isClient } == count
          }
          #expect(isTold)
          return visits
        }
        #expect(server.status == .exited(0))
        let records = try Record.clients(in: server.error)
        for (index, visit) in visits.enumerated() {
          let trouble = forecasts[index].mismatch(visit) ?? forecasts[index].trouble(records[visit.name])
          #expect(trouble == nil, "\(engine)-server: a client that \(scripts[index])")
        }
        let lines = server.error.records.map { service == .chargen ? $0.withoutCounts : $0 }
        logs.append(lines.filter { !$0.isOther })
        others.append(lines.filter { $0.isOther })
      }
      let isSame = logs[0] == logs[1]
      #expect(isSame, "the logs differ in \(Set(logs[0]).symmetricDifference(logs[1]))")
      if shell == nil { #expect(others == [[], []]) }
      return others
    }
  }
}

extension StringProtocol {
  /// One for each client.
  fileprivate var isClient: Bool { contains(#""message":"client""#) }

  /// It tells of accepting.
  fileprivate var isOther: Bool { contains(#""message":"Could not accept""#) }
}

extension String {
  /// What chargen sends until its client is gone is chance.
  fileprivate var withoutCounts: String { replacing(/"(received|sent)":\d+/) { "\"\($0.1)\":N" } }
}

extension Service {
  fileprivate var trade: CrowdService {
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
  /// What is wrong with a server's record of the client.
  fileprivate func trouble(_ record: Record?) -> String? {
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
