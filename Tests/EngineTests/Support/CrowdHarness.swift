// A crowd at one server, and whether each client and each record of it is as expected.
internal import Crowd
internal import IPC
internal import SystemPackage
internal import Testing

struct Gathering {
  /// What is settled of a client, whoever serves it.
  struct Settled: Equatable {
    let received: UInt64?
    let sent: UInt64?
    let failure: Failure?
    let bytes: [UInt8]?
  }

  let scripts: [Script]
  let trade: Trade
  let which: Which
  private let recording = Recording()

  init(of scripts: [Script], for trade: Trade, _ which: Which) {
    (self.scripts, self.trade, self.which) = (scripts, trade, which)
  }

  /// Serves them all, expects of each what its script makes one expect, and of the server's counters that they are the
  /// records' sums.
  func serve(_ transport: Transport, workers: Int, stopsEarly: Bool) throws -> [Settled] {
    let place = try transport.place()
    let notices = try Kernel.pipe(nonBlocking: true)
    let how = ServeOptions(
      keepOpen: true, drain: .seconds(patience), workers: workers, statusRequest: notices.first.lent)
    var visits: [Visit] = []
    let served = try EngineTests.serve(
      which, trade.service, at: place.endpoint, how: how, backlog: 2 * scripts.count, recording: recording
    ) { server in
      let address = String(decoding: which.engine.format(server.endpoint), as: UTF8.self)
      visits = try visit(address, scripts) {
        guard stopsEarly else { return }
        try recording.wait(until: "all clients are accepted") { $0.count { $0.step == .accept } == scripts.count }
        server.stop()
      }
      if !stopsEarly {
        try recording.wait(until: "all clients are closed") { $0.count { $0.step == .close } == scripts.count }
        _ = try Kernel.write(notices.second.number, [0])
        try recording.wait(until: "the counters") { $0.contains { $0.step == .statusRequest } }
        server.stop()
      }
      #expect(try server.hasEnded(within: CInt(patience * 1000)))
    }
    #expect(served.failure == nil)
    expectCounters()
    return try expectAll(visits, isTCP: transport == .ipv4 || transport == .ipv6, served.printed)
  }

  private func expectCounters() {
    guard let told = recording.events.first(where: { $0.step == .statusRequest })?.counters else { return }
    let closes = recording.events.filter { $0.step == .close }
    var sum = Counters()
    sum.accepted = UInt64(scripts.count)
    sum.failed = UInt64(closes.count { $0.failure != nil })
    sum.received = closes.reduce(0) { $0 + ($1.traffic?.received ?? 0) }
    sum.sent = closes.reduce(0) { $0 + ($1.traffic?.sent ?? 0) }
    #expect(told == sum)
  }

  private func expectAll(_ visits: [Visit], isTCP: Bool, _ printed: [UInt8]) throws -> [Settled] {
    let closes = try records(.close)
    let accepts = try records(.accept)
    #expect(closes.count == scripts.count && accepts.count == scripts.count)
    var (settled, texts) = ([Settled](), [UInt8]())
    for (script, visit) in zip(scripts, visits) {
      let forecast = Forecast(script, of: trade, isTCP: isTCP)
      let close = try #require(closes[visit.name], "no record of \(visit.name)")
      let (trouble, mismatch) = (forecast.trouble(visit), mismatch(forecast, visit, close))
      let hint: Comment = "\(which), DIPTYCH_SEED=\(Seed.value): a client that \(script)"
      #expect(trouble == nil, hint)
      #expect(mismatch == nil, hint)
      if let message = forecast.printed { texts += which.engine.messageText(message.span) }
      settled.append(Settled(forecast, visit, close))
    }
    let lines = [printed, texts].map { $0.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }.sorted() }
    #expect(lines[0] == lines[1], "what is printed")
    return settled
  }

  private func records(_ step: Step) throws -> [String: Event] {
    var records: [String: Event] = [:]
    for event in recording.events where event.step == step {
      let peer = try which.engine.format(#require(event.endpoint))
      #expect(records.updateValue(event, forKey: String(decoding: peer, as: UTF8.self)) == nil, "told twice: \(event)")
    }
    return records
  }

  /// What is wrong with the server's record of a client.
  private func mismatch(_ forecast: Forecast, _ visit: Visit, _ close: Event) -> String? {
    guard let traffic = close.traffic else { return "it has no traffic" }
    let failure = close.failure.map { "\($0.step) \($0.cause)" } ?? "none"
    let told = "received \(traffic.received), sent \(traffic.sent), failure \(failure)"
    if let received = forecast.received, traffic.received != received { return "\(told): of \(received) received" }
    if let sent = forecast.sent, traffic.sent != sent { return "\(told): of \(sent) sent" }
    if traffic.received > visit.sent { return "\(told), of a client that sent \(visit.sent)" }
    if traffic.sent < visit.received.count { return "\(told), of a client that received \(visit.received.count)" }
    switch forecast.ending {
    case nil: return nil
    case .good: return close.failure == nil ? nil : told
    case .failed(let receiving, let errno):
      return close.failure?.bare == Failure(receiving ? .receive : .send, errno) ? nil : "\(told): not \(errno)"
    }
  }
}

extension Gathering.Settled {
  fileprivate init(_ forecast: Forecast, _ visit: Visit, _ close: Event) {
    received = forecast.received == nil ? nil : close.traffic?.received
    sent = forecast.sent == nil ? nil : close.traffic?.sent
    failure = forecast.ending == nil ? nil : close.failure?.bare
    bytes = visit.end == .ended ? visit.received : nil
  }
}
