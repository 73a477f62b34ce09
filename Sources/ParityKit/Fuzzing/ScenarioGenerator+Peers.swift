/// Generates the actions of peers. Each one is valid at its position: the generator knows which peers are connected.
extension ScenarioGenerator {
  private static let names = ["a", "b", "c"]

  private mutating func manner(of name: String) -> Manner {
    narrow.remove(name)
    switch chance.below(100) {
    case ..<6:
      narrow.insert(name)
      return Manner(window: chance.pick([1, 256, 4096]))
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

  mutating func send() {
    let able = open.filter { !finished.contains($0) }
    if able.isEmpty { return settle() }
    let name = chance.pick(able)
    let payload = Payload(by: &chance, atMost: narrow.contains(name) ? Limits.fuzzedNarrow : Limits.fuzzed)
    let pieces = self.pieces(of: payload)
    add(.send(name, payload, pieces))
    settle()
  }

  private mutating func pieces(of payload: Payload) -> Pieces {
    let count = payload.count
    var pieces = Pieces()
    if count > 1, count <= 12, chance.happens(8) {
      pieces.cut = .everyByte
    } else if count > 1, chance.happens(15) {
      pieces.cut = .at((0..<chance.within(1...2)).map { _ in chance.within(1...count - 1) })
      pieces.pause = chance.pick([(8, 0), (2, 20)])
    }
    if count > 0 { pieces.urgent = chance.happens(4) }
    return pieces
  }

  mutating func receive() {
    if open.isEmpty { return settle() }
    let name = chance.pick(open)
    let expectation: Expectation =
      switch chance.below(10) {
      case ..<5: .nothing(milliseconds: chance.pick([(8, 0), (2, 30)]))
      case ..<7: .count(chance.pick([1, 2, 5, 255, 4096]))
      case ..<9: .pattern(chance.pick(["\n", "\r\n", "\0", "o"]))
      default: .end
      }
    if case .nothing = expectation {
      add(.receive(name, expectation))
    } else {
      add(.receive(name, expectation, within: Limits.fuzzedWithin))
    }
  }

  mutating func halfClose() {
    guard let name = open.first(where: { !finished.contains($0) }) else { return settle() }
    add(.halfClose(name))
    finished.insert(name)
    settle()
  }

  mutating func leave() {
    if open.isEmpty { return settle() }
    let name = chance.pick(open)
    switch chance.below(10) {
    case ..<5: finish(name)
    case ..<8: add(.close(name))
    default: add(.reset(name))
    }
    forget(name)
    settle()
  }

  private mutating func finish(_ name: String) {
    if !finished.contains(name) { add(.halfClose(name)) }
    add(.receive(name, .end, within: Limits.fuzzedWithin), .close(name))
  }

  private mutating func forget(_ name: String) {
    open.removeAll { $0 == name }
    finished.remove(name)
  }

  mutating func finishAll() {
    for name in open {
      finish(name)
      // A program that serves one client may end here.
      settle()
      forget(name)
    }
  }

  /// Data that arrives while the program is stopped is there all at once when it resumes.
  mutating func meetStopped() {
    guard let name = Self.names.first(where: { !open.contains($0) }) else { return send() }
    add(.signal(.stop), .settle(), .connect(name))
    if chance.happens(60) { add(.send(name, Payload(by: &chance, atMost: Limits.fuzzedNarrow))) }
    let end: Step? = chance.pick([(3, .close(name)), (2, .reset(name)), (2, .halfClose(name)), (3, nil)])
    if let end { add(end) }
    add(.signal(.resume), .settle(milliseconds: 20))
    switch end {
    case nil: open.append(name)
    case .halfClose:
      open.append(name)
      finished.insert(name)
    default: break
    }
  }

  mutating func answerStopped() {
    add(.signal(.stop), .settle())
    if let name = open.first, !finished.contains(name) {
      add(.send(name, Payload(by: &chance, atMost: Limits.fuzzedNarrow)))
    }
    add(.signal(.resume), .settle(milliseconds: 20))
  }

  /// A short exchange, repeated a few times.
  mutating func converse() {
    guard let name = Self.names.first(where: { !open.contains($0) }) else { return send() }
    let payload = Payload(by: &chance, atMost: Limits.fuzzedNarrow)
    let conversation: [Step] =
      [.connect(name), .settle(), .send(name, payload), .settle()]
      + chance.pick([
        [.halfClose(name), .receive(name, .end, within: Limits.fuzzedWithin), .close(name)], [.close(name)],
        [.reset(name)],
      ]) + [.settle()]
    add(.repeated(times: chance.within(2...3), conversation))
  }

  mutating func speakOnce() {
    guard let name = Self.names.first(where: { !open.contains($0) }) else { return }
    add(.settle(milliseconds: 20), .connect(name), .settle(), .send(name, Scenario.line), .settle())
    finish(name)
  }
}
