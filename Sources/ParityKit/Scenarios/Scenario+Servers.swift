extension Scenario {
  private static func server(_ name: String, _ about: String, _ steps: [Step]) -> Scenario {
    Scenario(name, role: .server, about: about, steps: steps)
  }

  /// Scenarios for servers: the peers are their clients.
  static var servers: [Scenario] { talking + rough + many + signals }

  private static var talking: [Scenario] {
    let splits = (1..<line.bytes.count).map { offset in
      server(
        "split-at-\(offset)", "A line comes in two pieces, the second one after \(offset) bytes.",
        [.connect("a"), .settle(), .send("a", line, Pieces(.at([offset]))), silence("a")] + finish("a"))
    }
    return [
      server("connect-and-read", "A client says nothing, and reads.", [.connect("a"), silence("a"), .close("a")]),
      server(
        "send-a-line", "A client sends a line, and sees what comes before it half-closes.",
        [.connect("a"), .settle(), .send("a", line), silence("a")] + finish("a")),
      server(
        "send-and-half-close", "A client sends a line, half-closes, and reads to the end.",
        [.connect("a"), .settle(), .send("a", line)] + finish("a")),
      server("half-close-at-once", "A client has nothing to send.", [.connect("a"), .settle()] + finish("a")),
      server(
        "bytes-0-to-255", "Each byte once.", [.connect("a"), .settle(), .send("a", allBytes)] + finish("a")),
      server(
        "ten-megabytes", "Ten million bytes, while what comes is read.",
        [.connect("a"), .settle(), .send("a", bulk)] + finish("a", within: 1000)),
    ] + splits + [
      server(
        "a-byte-at-a-time", "Each byte comes by itself.",
        [.connect("a"), .settle(), .send("a", line, Pieces(.everyByte))] + finish("a")),
      server(
        "stall", "A client stops amid a line, and goes on later.",
        [.connect("a"), .settle(), .send("a", "hel"), silence("a", 300), .send("a", "lo\n")] + finish("a")),
    ]
  }

  private static var rough: [Scenario] {
    // While the program is stopped, the kernel completes connections to it.
    let stopped: [Step] = [.signal(.stop), .settle(), .connect("a")]
    return [
      server(
        "connect-and-leave", "A client is gone before the server sees it; another comes.",
        stopped + [.close("a"), .signal(.resume)] + another("b")),
      server(
        "reset-at-once", "A client has reset the connection before the server sees it; another comes.",
        stopped + [.reset("a"), .signal(.resume)] + another("b")),
      server(
        "reset-before-data", "A client resets a connection on which it sent nothing; another comes.",
        [.connect("a"), .settle(), .reset("a")] + another("b")),
      server(
        "reset-amid-data", "A client resets the connection amid a line; another comes.",
        [.connect("a"), .settle(), .send("a", "hel"), .settle(), .reset("a")] + another("b")),
      server(
        "reset-after-data", "A client resets the connection after a line; another comes.",
        [.connect("a"), .settle(), .send("a", line), .settle(), .reset("a")] + another("b")),
      server(
        "never-reads", "A client sends a million bytes and reads nothing; does another wait for it?",
        [
          .connect("a", Manner(reads: false)), .settle(),
          .send("a", Payload(bulk.source, times: 20_000)),
        ] + another("b", within: 2000) + [.close("a"), .settle(milliseconds: 50)]),
      server(
        "tiny-window", "A client takes little at a time.",
        [
          .connect("a", Manner(window: 1)), .settle(), .send("a", Payload(bulk.source, times: 400)), .halfClose("a"),
          // Receive to the end, or one byte more than was sent if there is no end.
          .receive("a", .count(20_401), within: 500), .close("a"),
        ]),
      server(
        "urgent-data", "A client sends a byte out of band.",
        [.connect("a"), .settle(), .send("a", "hello!", Pieces(urgent: true)), .settle()] + finish("a")),
    ]
  }

  private static var many: [Scenario] {
    // The program is stopped, so that each client has left before it is served.
    let short = ["a", "b", "c", "d"].flatMap { [Step.connect($0), .send($0, line), .close($0)] }
    let four = [.signal(.stop), .settle()] + short + [.signal(.resume), .settle()]
    return [
      server(
        "two-clients", "Two clients send by turns.",
        [.connect("a"), .settle(), .connect("b"), .settle()]
          + [.send("a", "hel"), .settle(), .send("b", "wor"), .settle()]
          + [.send("a", "lo\n"), silence("a"), .send("b", "ld\n"), silence("b")] + finish("a") + finish("b")),
      server(
        "flood", "Two hundred clients send a line and leave; is the next one served?",
        four + [.settle(milliseconds: 50), .repeated(times: 49, four)] + another("last")),
    ]
  }

  private static var signals: [Scenario] {
    [
      server("SIGTERM-idle", "Nobody is connected.", [.signal(.terminate), .waitForExit(within: 1000)]),
      server("SIGINT-idle", "Nobody is connected.", [.signal(.interrupt), .waitForExit(within: 1000)]),
      server(
        "SIGTERM-amid", "A client is connected, and leaves later.",
        [.connect("a"), .settle(), .send("a", "hel"), .settle(), .signal(.terminate), silence("a"), .close("a")]
          + [.waitForExit(within: 1000)]),
      server(
        "restart", "It is killed amid a client, and started again on the same port at once.",
        [.start, .connect("a"), .settle(), .send("a", "hel"), .settle(), .signal(.kill), .waitForExit()]
          + [.receive("a", .end, within: 500), .close("a"), .start] + another("b")),
      server("port-taken", "Another program listens there.", [.occupy, .start, .waitForExit(within: 1000)]),
    ]
  }
}
