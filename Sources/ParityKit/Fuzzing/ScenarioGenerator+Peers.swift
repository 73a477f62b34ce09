/// Generates the actions of peers. Each one is valid at its position: the generator knows which peers are connected.
extension ScenarioGenerator {
  private static let names = ["a", "b", "c"]

  private mutating func manner(of name: String) -> Manner {
    narrow.remove(name)
    switch random.below(100) {
    case ..<6:
      narrow.insert(name)
      return Manner(window: random.pick([1, 256, 4096]))
    case ..<12: return Manner(reads: false)
    default: return Manner()
    }
  }

  mutating func connect() {
    guard let name = Self.names.first(where: { !open.contains($0) }) else { return send() }
    add(.connect(name, manner(of: name)), .settle())
    open.append(name)
  }

  mutating func accept() {
    add(.accept("a", manner(of: "a")), .settle())
    open.append("a")
  }

  /// A client connects, and the proxy connects to the client's upstream.
  mutating func join() {
    guard let name = Self.names.first(where: { !open.contains($0) && !open.contains("up-\($0)") }) else {
      return send()
    }
    add(.connect(name, manner(of: name)), .settle(), .accept("up-\(name)", manner(of: "up-\(name)")), .settle())
    open += [name, "up-\(name)"]
    halfClosed.subtract([name, "up-\(name)"])
  }

  mutating func send() {
    let able = open.filter { !halfClosed.contains($0) }
    if able.isEmpty { return settle() }
    let name = random.pick(able)
    let payload = Payload(by: &random, atMost: narrow.contains(name) ? Limits.fuzzedNarrow : Limits.fuzzed)
    let pieces = self.pieces(of: payload)
    add(.send(name, payload, pieces))
    settle()
  }

  private mutating func pieces(of payload: Payload) -> Pieces {
    let count = payload.count
    var pieces = Pieces()
    if count > 1, count <= 12, random.happens(8) {
      pieces.cut = .everyByte
    } else if count > 1, random.happens(15) {
      pieces.cut = .at((0..<random.within(1...2)).map { _ in random.within(1...count - 1) })
      pieces.pause = random.pick([(8, 0), (2, 20)])
    }
    if count > 0 { pieces.urgent = random.happens(4) }
    return pieces
  }

  mutating func receive() {
    if open.isEmpty { return settle() }
    let name = random.pick(open)
    let expectation: Expectation =
      switch random.below(10) {
      case ..<5: .nothing(milliseconds: random.pick([(8, 0), (2, 30)]))
      case ..<7: .count(random.pick([1, 2, 5, 255, 4096]))
      case ..<9: .pattern(random.pick(["\n", "\r\n", "\0", "o"]))
      default: .end
      }
    if case .nothing = expectation {
      add(.receive(name, expectation))
    } else {
      add(.receive(name, expectation, within: Limits.fuzzedWithin))
    }
  }

  mutating func halfClose() {
    guard let name = open.first(where: { !halfClosed.contains($0) }) else { return settle() }
    add(.halfClose(name))
    halfClosed.insert(name)
    settle()
  }

  mutating func disconnect() {
    if open.isEmpty { return settle() }
    let name = random.pick(open)
    switch random.below(10) {
    case ..<5: readToEnd(name)
    case ..<8: add(.close(name))
    default: add(.reset(name))
    }
    forget(name)
    settle()
  }

  private mutating func readToEnd(_ name: String) {
    if !halfClosed.contains(name) { add(.halfClose(name)) }
    add(.receive(name, .end, within: Limits.fuzzedWithin), .close(name))
  }

  private mutating func forget(_ name: String) {
    open.removeAll { $0 == name }
    halfClosed.remove(name)
  }

  mutating func closeAll() {
    for name in open {
      readToEnd(name)
      // A program that serves one client may end here.
      settle()
      forget(name)
    }
  }

  /// Data that arrives while the program is stopped is there all at once when it resumes.
  mutating func connectStopped() {
    guard let name = Self.names.first(where: { !open.contains($0) }) else { return send() }
    add(.signal(.stop), .settle(), .connect(name))
    if random.happens(60) { add(.send(name, Payload(by: &random, atMost: Limits.fuzzedNarrow))) }
    let end: Step? = random.pick([(3, .close(name)), (2, .reset(name)), (2, .halfClose(name)), (3, nil)])
    if let end { add(end) }
    add(.signal(.resume), .settle(milliseconds: 20))
    switch end {
    case nil: open.append(name)
    case .halfClose:
      open.append(name)
      halfClosed.insert(name)
    default: break
    }
  }

  mutating func answerStopped() {
    add(.signal(.stop), .settle())
    if let name = open.first, !halfClosed.contains(name) {
      add(.send(name, Payload(by: &random, atMost: Limits.fuzzedNarrow)))
    }
    add(.signal(.resume), .settle(milliseconds: 20))
  }

  /// A short exchange, repeated a few times.
  mutating func exchange() {
    guard let name = Self.names.first(where: { !open.contains($0) }) else { return send() }
    let payload = Payload(by: &random, atMost: Limits.fuzzedNarrow)
    let steps: [Step] =
      [.connect(name), .settle(), .send(name, payload), .settle()]
      + random.pick([
        [.halfClose(name), .receive(name, .end, within: Limits.fuzzedWithin), .close(name)], [.close(name)],
        [.reset(name)],
      ]) + [.settle()]
    add(.repeated(times: random.within(2...3), steps))
  }

  mutating func connectOnce() {
    guard let name = Self.names.first(where: { !open.contains($0) }) else { return }
    add(.settle(milliseconds: 20), .connect(name), .settle(), .send(name, Scenario.line), .settle())
    readToEnd(name)
  }
}
