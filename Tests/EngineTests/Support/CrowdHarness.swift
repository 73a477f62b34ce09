// A crowd of clients at one server. Checks each client and the server's record of it.
internal import Crowd
internal import IPC
internal import SystemPackage
internal import Testing

struct CrowdHarness {
  /// The part of a client's outcome that does not depend on timing, so that the engines can be compared. nil is a value
  /// that does.
  struct CertainResult: Equatable {
    let received: UInt64?
    let sent: UInt64?
    let failure: Failure?
    let bytes: [UInt8]?
  }

  let scripts: [ClientScript]
  let service: CrowdService
  let which: EngineName
  private let recorder = EventRecorder()

  init(_ scripts: [ClientScript], at service: CrowdService, of which: EngineName) {
    (self.scripts, self.service, self.which) = (scripts, service, which)
  }

  /// Serves the whole crowd. Expects of each client and of its record what the script predicts, and that the server's counters
  /// are the sums of the records.
  func serve(_ transport: Transport, workers: Int, stopsEarly: Bool) throws -> [CertainResult] {
    let target = try transport.makeEndpoint()
    let statusRequests = try TestSystem.pipe(nonBlocking: true)
    let options = ServeOptions(
      keepOpen: true, drain: .seconds(timeoutSeconds), workers: workers, statusRequest: statusRequests.first.lent)
    var outcomes: [ClientOutcome] = []
    let served = try EngineTests.serve(
      which, service.service, at: target.endpoint, options: options, backlog: 2 * scripts.count, recorder: recorder
    ) { server in
      let address = String(decoding: which.engine.format(server.endpoint), as: UTF8.self)
      outcomes = try runCrowd(at: address, scripts) {
        guard stopsEarly else { return }
        try recorder.wait(until: "all clients are accepted") { $0.count { $0.step == .accept } == scripts.count }
        server.stop()
      }
      if !stopsEarly {
        try recorder.wait(until: "all clients are closed") { $0.count { $0.step == .close } == scripts.count }
        _ = try TestSystem.write(statusRequests.second.number, [0])
        try recorder.wait(until: "the counters are reported") { $0.contains { $0.step == .statusRequest } }
        server.stop()
      }
      #expect(try server.hasEnded(within: CInt(timeoutSeconds * 1000)))
    }
    #expect(served.failure == nil)
    expectCounters()
    return try expectAll(outcomes, isTCP: transport == .ipv4 || transport == .ipv6, served.printed)
  }

  private func expectCounters() {
    guard let counters = recorder.events.first(where: { $0.step == .statusRequest })?.counters else { return }
    let closes = recorder.events.filter { $0.step == .close }
    var sum = Counters()
    sum.accepted = UInt64(scripts.count)
    sum.failed = UInt64(closes.count { $0.failure != nil })
    sum.received = closes.reduce(0) { $0 + ($1.traffic?.received ?? 0) }
    sum.sent = closes.reduce(0) { $0 + ($1.traffic?.sent ?? 0) }
    #expect(counters == sum)
  }

  private func expectAll(_ outcomes: [ClientOutcome], isTCP: Bool, _ printed: [UInt8]) throws -> [CertainResult] {
    let closes = try records(.close)
    let accepts = try records(.accept)
    #expect(closes.count == scripts.count && accepts.count == scripts.count)
    var (results, texts) = ([CertainResult](), [UInt8]())
    for (script, outcome) in zip(scripts, outcomes) {
      let expected = ExpectedOutcome(script, of: service, isTCP: isTCP)
      let close = try #require(closes[outcome.name], "no record of \(outcome.name)")
      let (ofClient, ofRecord) = (expected.mismatch(outcome), mismatch(expected, outcome, close))
      let hint: Comment = "\(which), DIPTYCH_SEED=\(Seed.value): a client that \(script)"
      #expect(ofClient == nil, hint)
      #expect(ofRecord == nil, hint)
      if let message = expected.printed { texts += which.engine.messageText(message.span) }
      results.append(CertainResult(expected, outcome, close))
    }
    let lines = [printed, texts].map { $0.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }.sorted() }
    #expect(lines[0] == lines[1], "the server printed something else")
    return results
  }

  /// The events of this step, by the client's endpoint.
  private func records(_ step: Step) throws -> [String: Event] {
    var records: [String: Event] = [:]
    for event in recorder.events where event.step == step {
      let peer = String(decoding: try which.engine.format(#require(event.endpoint)), as: UTF8.self)
      #expect(records.updateValue(event, forKey: peer) == nil, "reported twice: \(event)")
    }
    return records
  }

  /// How the server's record of a client differs from the expected one; nil if it does not.
  private func mismatch(_ expected: ExpectedOutcome, _ outcome: ClientOutcome, _ close: Event) -> String? {
    guard let traffic = close.traffic else { return "the record has no traffic" }
    let failure = close.failure.map { "\($0.step) \($0.cause)" } ?? "none"
    let record = "the record has received \(traffic.received), sent \(traffic.sent), failure \(failure)"
    if let received = expected.received, traffic.received != received {
      return "\(record); expected: received \(received)"
    }
    if let sent = expected.sent, traffic.sent != sent { return "\(record); expected: sent \(sent)" }
    if traffic.received > outcome.sent { return "\(record); but the client sent \(outcome.sent)" }
    if traffic.sent < outcome.received.count { return "\(record); but the client received \(outcome.received.count)" }
    switch expected.ending {
    case nil: return nil
    case .good: return close.failure == nil ? nil : "\(record); expected: no failure"
    case .failed(let receiving, let errno):
      let isExpected = close.failure?.bare == Failure(receiving ? .receive : .send, errno)
      return isExpected ? nil : "\(record); expected: \(errno)"
    }
  }
}

extension CrowdHarness.CertainResult {
  fileprivate init(_ expected: ExpectedOutcome, _ outcome: ClientOutcome, _ close: Event) {
    received = expected.received == nil ? nil : close.traffic?.received
    sent = expected.sent == nil ? nil : close.traffic?.sent
    failure = expected.ending == nil ? nil : close.failure?.bare
    bytes = outcome.end == .serverClosed ? outcome.received : nil
  }
}
