/// Generates a random scenario. It is valid and ends by itself: no step waits for something that need not happen. Where
/// two actions would race, the program is idle between them, so that each run gives the same result.
struct ScenarioGenerator {
  private(set) var steps: [Step] = []
  var random: SeededRandom
  /// The connected peers, in the order of their connections.
  var open: [String] = []
  /// The peers that have half-closed, and those with a small window.
  var halfClosed: Set<String> = []
  var narrow: Set<String> = []
  private var inputIsOpen = true

  init(_ role: Role, _ random: SeededRandom) {
    self.random = random
    switch role {
    case .server: serve()
    case .client: ask()
    case .filter: filter()
    case .proxy: relay()
    }
  }

  mutating func add(_ steps: Step...) { self.steps += steps }

  mutating func settle() { add(.settle(milliseconds: random.pick([(9, 0), (1, 20)]))) }

  // MARK: The roles

  private mutating func serve() {
    if random.happens(1) { return add(.occupy, .start, .waitForExit(within: Limits.fuzzedExit)) }
    let restarts = random.happens(6)
    if restarts { add(.start) }
    if random.happens(95) { connect() }
    for _ in 0..<random.within(0...6) {
      let move: (inout ScenarioGenerator) -> Void = random.pick([
        (34, { $0.send() }), (14, { $0.receive() }), (14, { $0.connect() }), (10, { $0.disconnect() }),
        (6, { $0.halfClose() }), (6, { $0.connectStopped() }), (5, { $0.exchange() }), (3, { $0.signal() }),
        (3, { $0.input() }), (5, { $0.settle() }),
      ])
      move(&self)
    }
    if restarts { restart() }
    let ending = random.below(100)
    if ending < 20 { stop() }
    if ending < 70 { closeAll() }
    if ending >= 60, ending < 80 { connectOnce() }
  }

  private mutating func ask() {
    if random.happens(5) {
      input()
      return add(.waitForExit(within: Limits.fuzzedExit))
    }
    add(.listen(backlog: random.pick([(9, Limits.backlog), (1, 1)])))
    let restarts = random.happens(6)
    if restarts { add(.start) }
    for _ in 0..<random.within(0...2) { input() }
    accept()
    for _ in 0..<random.within(0...6) {
      let move: (inout ScenarioGenerator) -> Void = random.pick([
        (32, { $0.send() }), (18, { $0.receive() }), (24, { $0.input() }), (8, { $0.disconnect() }),
        (6, { $0.halfClose() }), (3, { $0.signal() }), (3, { $0.answerStopped() }), (6, { $0.settle() }),
      ])
      move(&self)
    }
    if restarts { restart() }
    let ending = random.below(100)
    if ending < 10 { stop() }
    if ending < 80 { closeAll() }
    add(.waitForExit(within: Limits.fuzzedExit))
  }

  /// Clients and upstreams take the same steps: what one of them sends, the proxy passes to the other one.
  private mutating func relay() {
    if random.happens(95) { add(.listen()) }
    guard steps.contains(.listen()) else {
      connect()
      return closeAll()
    }
    join()
    for _ in 0..<random.within(0...6) {
      let move: (inout ScenarioGenerator) -> Void = random.pick([
        (38, { $0.send() }), (16, { $0.receive() }), (10, { $0.join() }), (12, { $0.disconnect() }),
        (9, { $0.halfClose() }), (6, { $0.answerStopped() }), (3, { $0.signal() }), (6, { $0.settle() }),
      ])
      move(&self)
    }
    let ending = random.below(100)
    if ending < 20 { stop() }
    if ending < 80 { closeAll() }
  }

  private mutating func filter() {
    let restarts = random.happens(6)
    if restarts { add(.start) }
    for _ in 0..<random.within(0...6) {
      if random.happens(8) { signal() } else { input() }
      settle()
    }
    if restarts {
      endInput()
      add(.waitForExit(within: Limits.fuzzedExit), .start)
      inputIsOpen = true
      input()
    }
    if random.happens(80) { endInput() }
    if random.happens(10) { stop() }
    add(.waitForExit(within: Limits.fuzzedExit))
  }

  // MARK: The program

  private mutating func input() {
    if !inputIsOpen { return settle() }
    if random.happens(30) { return endInput() }
    add(.input(Payload(by: &random)), .settle())
  }

  private mutating func endInput() {
    if !inputIsOpen { return }
    add(.endInput, .settle())
    inputIsOpen = false
  }

  private mutating func signal() {
    // Not SIGQUIT: its default action can take seconds to write a backtrace or a core file.
    let signal: Signal = random.pick([
      (4, .terminate), (2, .interrupt), (2, .hangup), (2, .user1), (1, .user2), (1, .pipe), (1, .kill),
    ])
    add(.settle(), .signal(signal), .settle(milliseconds: 20))
  }

  private mutating func stop() {
    add(
      .settle(), .signal(random.pick([(3, .terminate), (1, .interrupt)])), .waitForExit(within: Limits.fuzzedExit))
  }

  /// Ends the program, and starts it again on the same port.
  private mutating func restart() {
    add(.settle(), .signal(random.pick([.kill, .terminate])), .waitForExit(within: Limits.fuzzedExit))
    closeAll()
    // Without clients it may end by itself, which must not race with the step that ends it.
    add(.waitForExit(within: Limits.fuzzedExit), .start)
    inputIsOpen = true
    let isClient = steps.contains {
      if case .listen = $0 { true } else { false }
    }
    if isClient { accept() } else { connect() }
    send()
  }
}
