/// The actions of clients and a server in the order in which they were seen, to be replayed.
public struct RecordedSession: Sendable {
  enum Event {
    case connected
    case sent([UInt8])
    case received(Int)
    case halfClosed, closed, didReset
    /// The server has ended or reset the connection; a replay shows which.
    case ended
  }

  private var events: [(peer: String, event: Event)] = []
  private var bytes = 0
  /// Whether the session was longer than what is kept.
  public private(set) var isCut = false

  public var isEmpty: Bool { events.isEmpty }

  /// Consecutive actions of one peer are joined: how the kernel split them is not kept.
  mutating func note(_ peer: String, _ event: Event) {
    if isCut { return }
    if case .sent(let sent) = event { bytes += sent.count }
    // Each action is one step, with at most one idle step before it.
    guard bytes <= Limits.recorded, events.count * 2 < Limits.steps - 2 else {
      isCut = true
      return
    }
    switch (events.last?.peer == peer ? events.last?.event : nil, event) {
    case (.sent, .sent(let more)): append(more)
    case (.received(let before), .received(let more)): events[events.count - 1].event = .received(before + more)
    // Receiving to the end includes everything before it.
    case (.received, .ended): events[events.count - 1].event = event
    default: events.append((peer, event))
    }
  }

  /// Appends in place: a copy each time would make bulk data slow.
  private mutating func append(_ more: [UInt8]) {
    let index = events.count - 1
    guard case .sent(var sent) = events[index].event else { return }
    events[index].event = .connected
    sent += more
    events[index].event = .sent(sent)
  }

  /// The session as a scenario. The server is idle before another peer acts, so that the order is the same in a replay.
  public func scenario(_ name: String, about: String? = nil) -> Scenario {
    var steps: [Step] = []
    var last: String?
    for (peer, event) in events {
      if let last, last != peer { steps.append(.settle()) }
      steps.append(Self.step(peer, event))
      last = peer
    }
    return Scenario(name, about: about, steps: steps)
  }

  private static func step(_ peer: String, _ event: Event) -> Step {
    switch event {
    case .connected: .connect(peer)
    case .sent(let bytes): .send(peer, payload(bytes))
    case .received(let count): .receive(peer, .count(min(count, Limits.received)), within: Limits.replayRest)
    case .halfClosed: .halfClose(peer)
    case .closed: .close(peer)
    case .didReset: .reset(peer)
    case .ended: .receive(peer, .end, within: Limits.replayRest)
    }
  }

  /// As text if it is printable.
  private static func payload(_ bytes: [UInt8]) -> Payload {
    let isPlain = bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 9 || $0 == 10 || $0 == 13 }
    guard isPlain, let text = String(validating: bytes, as: UTF8.self) else { return Payload(.bytes(bytes)) }
    return Payload(.text(text))
  }
}
