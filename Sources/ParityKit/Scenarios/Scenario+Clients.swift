extension Scenario {
  private static func client(_ name: String, _ about: String, _ steps: [Step]) -> Scenario {
    Scenario(name, role: .client, about: about, steps: steps)
  }

  /// Scenarios for clients: the peer is their server.
  static var clients: [Scenario] { servings + rudeness + absences }

  private static let wait = Step.waitForExit(within: 1000)
  /// A line on standard input, followed by its end.
  private static let says: [Step] = [.input(line), .endInput]
  private static let request = Step.receive("a", .pattern("\n"), within: 500)

  private static var servings: [Scenario] {
    let splits = (1..<line.bytes.count).map { offset in
      client(
        "answer-split-at-\(offset)", "The answer comes in two pieces, the second one after \(offset) bytes.",
        [.listen()] + says + [.accept("a"), request, .send("a", line, Pieces(.at([offset])))] + finish("a") + [wait])
    }
    return [
      client(
        "says-nothing", "The server says nothing, and ends.",
        [.listen()] + says + [.accept("a"), silence("a")] + finish("a") + [wait]),
      client(
        "answers", "The server answers a line with a line.",
        [.listen()] + says + [.accept("a"), request, .send("a", "answer\n")] + finish("a") + [wait]),
      client(
        "greets", "The server speaks first, while standard input is empty.",
        [.listen(), .accept("a"), .send("a", line)] + finish("a") + [wait]),
      client(
        "answers-before-the-end", "The server answers while standard input is still open.",
        [.listen(), .input(line), .accept("a"), request, .send("a", "answer\n"), .settle(milliseconds: 100)]
          + [.endInput] + finish("a") + [wait]),
      client(
        "bytes-0-to-255", "Each byte once, each way.",
        [.listen(), .input(allBytes), .endInput, .accept("a"), .receive("a", .count(257), within: 500)]
          + [.send("a", allBytes)] + finish("a") + [wait]),
      client(
        "ten-megabytes", "Ten million bytes each way.",
        [.listen(), .start, .accept("a"), .input(bulk), .endInput, .send("a", bulk)]
          + finish("a", within: 1000) + [wait]),
    ] + splits + [
      client(
        "dribbles", "The answer comes a byte at a time.",
        [.listen()] + says + [.accept("a"), request, .send("a", line, Pieces(.everyByte))] + finish("a") + [wait])
    ]
  }

  private static var rudeness: [Scenario] {
    [
      client(
        "ends-at-once", "The server closes at once; standard input stays open.",
        [.listen(), .input(""), .accept("a"), .settle(), .close("a"), wait]),
      client(
        "half-closes-at-once", "The server half-closes at once, and reads on.",
        [.listen(), .input(""), .accept("a"), .halfClose("a"), .settle(milliseconds: 50)] + says
          + [.receive("a", .end, within: 500), .close("a"), wait]),
      client(
        "resets-at-once", "The server resets the connection; standard input stays open.",
        [.listen(), .input(""), .accept("a"), .settle(), .reset("a"), wait]),
      client(
        "resets-amid-an-answer", "The server resets the connection after half an answer.",
        [.listen(), .input(line), .accept("a"), request, .send("a", "ans"), .settle(), .reset("a"), wait]),
      client(
        "never-reads", "The server reads nothing of a million bytes, and answers.",
        [.listen(), .start, .accept("a", Manner(reads: false)), .input(Payload(bulk.source, times: 20_000))]
          + [.send("a", "answer\n"), .settle(milliseconds: 100), .close("a"), wait]),
      client(
        "urgent-data", "The server sends a byte out of band.",
        [.listen()] + says + [.accept("a"), request, .send("a", "hello!", Pieces(urgent: true)), .settle()]
          + finish("a") + [wait]),
    ]
  }

  private static var absences: [Scenario] {
    [
      client("refused", "Nobody listens.", says + [wait]),
      client("never-accepts", "The server listens and does not accept.", [.listen()] + says + [wait]),
      client(
        "not-there", "Nothing answers: the queue of who listens is full.",
        [.listen(backlog: 0), .connect("another"), .start] + says + [.waitForExit(within: 500)]),
      client(
        "SIGTERM-amid", "It is told to end amid a conversation.",
        [.listen(), .input(line), .accept("a"), request, .signal(.terminate), wait, silence("a"), .close("a")]),
      client(
        "SIGINT-amid", "It is interrupted amid a conversation.",
        [.listen(), .input(line), .accept("a"), request, .signal(.interrupt), wait, silence("a"), .close("a")]),
    ]
  }
}
