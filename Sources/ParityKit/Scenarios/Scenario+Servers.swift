extension Scenario {
  private static func server(_ name: String, _ about: String, _ steps: [Step]) -> Scenario {
    Scenario(name, role: .server, about: about, steps: steps)
  }

  /// Scenarios for servers: the peers are their clients.
  static var servers: [Scenario] { exchanges + misbehaving + concurrent + signals }

  private static var exchanges: [Scenario] {
    let splits = (1..<line.bytes.count).map { offset in
      server(
        "split-at-\(offset)", "A client sends a line in two pieces, divided after \(offset) bytes.",
        [.connect("a"), .settle(), .send("a", line, Pieces(.at([offset]))), expectSilence("a")] + readToEnd("a"))
    }
    return [
      server(
        "connect-and-read", "A client sends nothing, and reads.", [.connect("a"), expectSilence("a"), .close("a")]),
      server(
        "send-a-line", "A client sends a line, and reads before it half-closes.",
        [.connect("a"), .settle(), .send("a", line), expectSilence("a")] + readToEnd("a")),
      server(
        "send-and-half-close", "A client sends a line, half-closes, and reads to the end.",
        [.connect("a"), .settle(), .send("a", line)] + readToEnd("a")),
      server(
        "after-a-client", "A client sends a line and leaves; the server is watched for half a second.",
        [.connect("a"), .settle(), .send("a", line)] + readToEnd("a") + [.settle(milliseconds: 500)]),
      server(
        "half-close-at-once", "A client half-closes without sending anything.",
        [.connect("a"), .settle()] + readToEnd("a")),
      server(
        "bytes-0-to-255", "Every byte value once.", [.connect("a"), .settle(), .send("a", allBytes)] + readToEnd("a")),
      server(
        "ten-megabytes", "A client sends ten million bytes, and reads meanwhile.",
        [.connect("a"), .settle(), .send("a", bulk)] + readToEnd("a", within: 1000)),
    ] + splits + [
      server(
        "a-byte-at-a-time", "A client sends each byte separately.",
        [.connect("a"), .settle(), .send("a", line, Pieces(.everyByte))] + readToEnd("a")),
      server(
        "stall", "A client pauses in the middle of a line.",
        [.connect("a"), .settle(), .send("a", "hel"), expectSilence("a", 300), .send("a", "lo\n")] + readToEnd("a")),
    ]
  }

  private static var misbehaving: [Scenario] {
    // While the program is stopped, the kernel completes connections to it.
    let stopped: [Step] = [.signal(.stop), .settle(), .connect("a")]
    return [
      server(
        "connect-and-leave", "A client closes before the server accepts it; another client connects.",
        stopped + [.close("a"), .signal(.resume)] + anotherClient("b")),
      server(
        "reset-at-once", "A client resets the connection before the server accepts it; another client connects.",
        stopped + [.reset("a"), .signal(.resume)] + anotherClient("b")),
      server(
        "reset-before-data", "A client resets a connection on which it sent nothing; another client connects.",
        [.connect("a"), .settle(), .reset("a")] + anotherClient("b")),
      server(
        "reset-amid-data", "A client resets the connection in the middle of a line; another client connects.",
        [.connect("a"), .settle(), .send("a", "hel"), .settle(), .reset("a")] + anotherClient("b")),
      server(
        "reset-after-data", "A client resets the connection after a line; another client connects.",
        [.connect("a"), .settle(), .send("a", line), .settle(), .reset("a")] + anotherClient("b")),
      server(
        "never-reads", "A client sends a million bytes and reads nothing; another client connects.",
        [
          .connect("a", Manner(reads: false)), .settle(),
          .send("a", Payload(bulk.source, times: 20_000)),
        ] + anotherClient("b", within: 2000) + [.close("a"), .settle(milliseconds: 50)]),
      server(
        "tiny-window", "A client has a small receive buffer.",
        [
          .connect("a", Manner(window: 1)), .settle(), .send("a", Payload(bulk.source, times: 400)), .halfClose("a"),
          // Receive to the end, or one byte more than was sent if there is no end.
          .receive("a", .count(20_401), within: 500), .close("a"),
        ]),
      server(
        "urgent-data", "A client sends a byte out of band.",
        [.connect("a"), .settle(), .send("a", "hello!", Pieces(urgent: true)), .settle()] + readToEnd("a")),
    ]
  }

  private static var concurrent: [Scenario] {
    // The program is stopped, so that each client has left before it is served.
    let short = ["a", "b", "c", "d"].flatMap { [Step.connect($0), .send($0, line), .close($0)] }
    let four = [.signal(.stop), .settle()] + short + [.signal(.resume), .settle()]
    return [
      server(
        "two-clients", "Two clients send alternately.",
        [.connect("a"), .settle(), .connect("b"), .settle()]
          + [.send("a", "hel"), .settle(), .send("b", "wor"), .settle()]
          + [.send("a", "lo\n"), expectSilence("a"), .send("b", "ld\n"), expectSilence("b")] + readToEnd("a")
          + readToEnd("b")),
      server(
        "flood", "Twenty-four clients send a line and close; another client connects.",
        four + [.settle(milliseconds: 50), .repeated(times: 5, four)] + anotherClient("last")),
    ]
  }

  private static var signals: [Scenario] {
    [
      server(
        "SIGTERM-idle", "SIGTERM arrives while no client is connected.",
        [.signal(.terminate), .waitForExit(within: 1000)]),
      server(
        "SIGINT-idle", "SIGINT arrives while no client is connected.",
        [.signal(.interrupt), .waitForExit(within: 1000)]),
      server(
        "SIGHUP-idle", "SIGHUP arrives while no client is connected; a client connects.",
        [.signal(.hangup), .waitForExit(within: 1200)] + anotherClient("a")),
      server(
        "SIGUSR1-idle", "SIGUSR1 arrives while no client is connected; a client connects.",
        [.signal(.user1), .waitForExit(within: 1200)] + anotherClient("a")),
      server(
        "SIGTERM-amid", "SIGTERM arrives while a client is connected.",
        [.connect("a"), .settle(), .send("a", "hel"), .settle(), .signal(.terminate), expectSilence("a"), .close("a")]
          + [.waitForExit(within: 1000)]),
      server(
        "restart", "The server is killed while a client is connected, and started again on the same port at once.",
        [.start, .connect("a"), .settle(), .send("a", "hel"), .settle(), .signal(.kill), .waitForExit()]
          + [.receive("a", .end, within: 500), .close("a"), .start] + anotherClient("b")),
      server("port-taken", "Another program listens on the port.", [.occupy, .start, .waitForExit(within: 1000)]),
    ]
  }
}
