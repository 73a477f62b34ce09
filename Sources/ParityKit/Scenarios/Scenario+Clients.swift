extension Scenario {
  private static func client(_ name: String, _ about: String, _ steps: [Step]) -> Scenario {
    Scenario(name, role: .client, about: about, steps: steps)
  }

  /// Scenarios for clients: the peer is their server.
  static var clients: [Scenario] { answering + misbehaving + unreachable }

  private static let wait = Step.waitForExit(within: 1000)
  /// A line on standard input, followed by its end.
  private static let lineAndEnd: [Step] = [.input(line), .endInput]
  private static let request = Step.receive("a", .pattern("\n"), within: 500)

  private static var answering: [Scenario] {
    let splits = (1..<line.bytes.count).map { offset in
      client(
        "answer-split-at-\(offset)", "The answer arrives in two pieces, divided after \(offset) bytes.",
        [.listen()] + lineAndEnd + [.accept("a"), request, .send("a", line, Pieces(.at([offset])))] + readToEnd("a") + [
          wait
        ])
    }
    return [
      client(
        "says-nothing", "The server sends nothing, and half-closes.",
        [.listen()] + lineAndEnd + [.accept("a"), expectSilence("a")] + readToEnd("a") + [wait]),
      client(
        "answers", "The server answers a line with a line.",
        [.listen()] + lineAndEnd + [.accept("a"), request, .send("a", "answer\n")] + readToEnd("a") + [wait]),
      client(
        "greets", "The server sends first, while standard input is empty.",
        [.listen(), .accept("a"), .send("a", line)] + readToEnd("a") + [wait]),
      client(
        "answers-before-the-end", "The server answers while standard input is still open.",
        [.listen(), .input(line), .accept("a"), request, .send("a", "answer\n"), .settle(milliseconds: 100)]
          + [.endInput] + readToEnd("a") + [wait]),
      client(
        "bytes-0-to-255", "Every byte value once, in both directions.",
        [.listen(), .input(allBytes), .endInput, .accept("a"), .receive("a", .count(257), within: 500)]
          + [.send("a", allBytes)] + readToEnd("a") + [wait]),
      client(
        "ten-megabytes", "Ten million bytes in both directions.",
        [.listen(), .start, .accept("a"), .input(bulk), .endInput, .send("a", bulk)]
          + readToEnd("a", within: 1000) + [wait]),
    ] + splits + [
      client(
        "dribbles", "The answer arrives one byte at a time.",
        [.listen()] + lineAndEnd + [.accept("a"), request, .send("a", line, Pieces(.everyByte))] + readToEnd("a") + [
          wait
        ])
    ]
  }

  private static var misbehaving: [Scenario] {
    [
      client(
        "ends-at-once", "The server closes at once; standard input stays open.",
        [.listen(), .input(""), .accept("a"), .settle(), .close("a"), wait]),
      client(
        "half-closes-at-once", "The server half-closes at once, and keeps reading.",
        [.listen(), .input(""), .accept("a"), .halfClose("a"), .settle(milliseconds: 50)] + lineAndEnd
          + [.receive("a", .end, within: 500), .close("a"), wait]),
      client(
        "resets-at-once", "The server resets the connection; standard input stays open.",
        [.listen(), .input(""), .accept("a"), .settle(), .reset("a"), wait]),
      client(
        "resets-amid-an-answer", "The server resets the connection after half an answer.",
        [.listen(), .input(line), .accept("a"), request, .send("a", "ans"), .settle(), .reset("a"), wait]),
      client(
        "never-reads", "The client sends a million bytes; the server reads none of them, and answers.",
        [.listen(), .start, .accept("a", Manner(reads: false)), .input(Payload(bulk.source, times: 20_000))]
          + [.send("a", "answer\n"), .settle(milliseconds: 100), .close("a"), wait]),
      client(
        "urgent-data", "The server sends a byte out of band.",
        [.listen()] + lineAndEnd + [.accept("a"), request, .send("a", "hello!", Pieces(urgent: true)), .settle()]
          + readToEnd("a") + [wait]),
    ]
  }

  private static var unreachable: [Scenario] {
    [
      client("refused", "No server listens.", lineAndEnd + [wait]),
      client("never-accepts", "The server listens, but does not accept.", [.listen()] + lineAndEnd + [wait]),
      client(
        "not-there", "The server's backlog is full, so that connecting gets no answer.",
        [.listen(backlog: 0), .connect("another"), .start] + lineAndEnd + [.waitForExit(within: 500)]),
      client(
        "SIGTERM-amid", "SIGTERM arrives while the client is connected.",
        [.listen(), .input(line), .accept("a"), request, .signal(.terminate), wait, expectSilence("a"), .close("a")]),
      client(
        "SIGINT-amid", "SIGINT arrives while the client is connected.",
        [.listen(), .input(line), .accept("a"), request, .signal(.interrupt), wait, expectSilence("a"), .close("a")]),
    ]
  }
}
