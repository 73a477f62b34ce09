extension Scenario {
  /// The scenarios that are used if none are given. Where two actions would race, the program is idle or stopped
  /// between them, so that each run gives the same result.
  public static func bundled(for role: Role) -> [Scenario] {
    switch role {
    case .server: servers
    case .client: clients
    case .filter: filters
    case .proxy: proxies
    }
  }

  static let line: Payload = "hello\n"
  /// Ten million bytes without digits, which could be mistaken for a port.
  static let bulk = Payload(.text("The quick brown fox jumps over\n the lazy dog indeed"), times: 200_000)
  static let allBytes = Payload(.bytes((0...255).map { UInt8($0) } + [10]))

  /// Half-closes, and receives to the end.
  static func readToEnd(_ peer: String, within: Int = 500) -> [Step] {
    [.halfClose(peer), .receive(peer, .end, within: within), .close(peer)]
  }

  /// A further client, to see whether the server still serves.
  static func anotherClient(_ peer: String, within: Int = 500) -> [Step] {
    [.settle(milliseconds: 50), .connect(peer), .settle(), .send(peer, line)] + readToEnd(peer, within: within)
  }

  static func expectSilence(_ peer: String, _ milliseconds: Int = 100) -> Step {
    .receive(peer, .nothing(milliseconds: milliseconds))
  }

  // MARK: Standard input and output only

  private static var filters: [Scenario] {
    func filter(_ name: String, _ about: String, _ steps: [Step]) -> Scenario {
      Scenario(name, role: .filter, about: about, steps: steps)
    }
    let wait = Step.waitForExit(within: 1000)
    return [
      filter("no-input", "Standard input is empty.", [wait]),
      filter("a-line", "A line, then the end of input.", [.input(line), .endInput, wait]),
      filter("half-a-line", "The last line has no newline.", [.input("hello\nhel"), .endInput, wait]),
      filter("input-stays-open", "A line, and input stays open.", [.input(line), .settle(milliseconds: 100)]),
      filter("bytes-0-to-255", "Every byte value once.", [.input(allBytes), .endInput, wait]),
      filter("ten-megabytes", "Ten million bytes.", [.input(bulk), .endInput, wait]),
      filter(
        "SIGTERM", "SIGTERM arrives while the filter waits for input.",
        [.input(line), .settle(), .signal(.terminate), wait]),
      filter(
        "SIGINT", "SIGINT arrives while the filter waits for input.",
        [.input(line), .settle(), .signal(.interrupt), wait]),
    ]
  }
}
