extension Scenario {
  /// A scenario with a client and its upstream, which listens before the proxy starts.
  private static func proxy(_ name: String, _ about: String, _ steps: [Step]) -> Scenario {
    Scenario(name, role: .proxy, about: about, steps: [.listen()] + steps)
  }

  /// Scenarios for proxies: the peers are their clients and their upstreams.
  static var proxies: [Scenario] { exchanges + endings + stalls + stops }

  private static let answer: Payload = "answer\n"

  /// A client connects, and the proxy connects to the upstream.
  private static func join(_ client: String = "client", _ upstream: String = "up", reads: Bool = true) -> [Step] {
    [.connect(client, Manner(reads: reads)), .settle(), .accept(upstream), .settle()]
  }

  private static func pass(_ sender: String, _ payload: Payload, to receiver: String) -> [Step] {
    [.send(sender, payload), .receive(receiver, .count(payload.count), within: 500)]
  }

  /// The client half-closes first, and the upstream closes then.
  private static func leave(_ client: String = "client", _ upstream: String = "up", within: Int = 500) -> [Step] {
    [
      .halfClose(client), .receive(upstream, .end, within: within), .close(upstream),
      .receive(client, .end, within: within), .close(client),
    ]
  }

  /// A whole conversation of another client, to see whether the proxy still serves.
  private static func another(_ client: String = "client-2", _ upstream: String = "up-2") -> [Step] {
    [.settle(milliseconds: 50)] + join(client, upstream) + pass(client, line, to: upstream)
      + pass(upstream, answer, to: client) + leave(client, upstream)
  }

  private static var exchanges: [Scenario] {
    [
      proxy(
        "request-and-answer", "A client sends a line, and the upstream answers.",
        join() + pass("client", line, to: "up") + pass("up", answer, to: "client") + leave()),
      proxy(
        "upstream-greets", "The upstream sends first; then the client sends a line.",
        join() + pass("up", answer, to: "client") + pass("client", line, to: "up") + leave()),
      proxy(
        "bytes-0-to-255", "Every byte value once, in each direction.",
        join() + pass("client", allBytes, to: "up") + pass("up", allBytes, to: "client") + leave()),
      proxy(
        "a-byte-at-a-time", "The client sends each byte separately, and so does the upstream.",
        join() + [
          .send("client", line, Pieces(.everyByte)), .receive("up", .count(line.count), within: 500),
          .send("up", answer, Pieces(.everyByte)), .receive("client", .count(answer.count), within: 500),
        ] + leave()),
      proxy(
        "ten-megabytes-up", "The client sends ten million bytes, and half-closes.",
        join() + [.send("client", bulk)] + leave(within: 1000)),
      proxy(
        "ten-megabytes-down", "The upstream sends ten million bytes, and closes.",
        join() + [.send("up", bulk), .close("up"), .receive("client", .end, within: 1000), .close("client")]),
      proxy(
        "two-clients", "Two clients send alternately, and each gets the answer of its own upstream.",
        join() + join("client-2", "up-2") + pass("client", line, to: "up") + pass("client-2", "second\n", to: "up-2")
          + pass("up-2", "two\n", to: "client-2") + pass("up", answer, to: "client") + leave("client-2", "up-2")
          + leave()),
    ]
  }

  private static var endings: [Scenario] {
    let half: Payload = "hel"
    func late(_ milliseconds: Int) -> [Step] {
      join() + [.send("client", line), .halfClose("client"), .receive("up", .end, within: 500)]
        + [.settle(milliseconds: milliseconds), .send("up", answer), .close("up")]
        + [.receive("client", .end, within: 500), .close("client")]
    }
    return [
      proxy(
        "answer-after-half-close", "The client half-closes after its request; the upstream answers, and closes.",
        late(0)),
      proxy(
        "late-answer-after-half-close", "The same, but the upstream answers only after a second.", late(1000)),
      proxy(
        "upstream-half-closes-first", "The upstream answers and half-closes; then the client sends a line.",
        join() + [.send("up", answer), .halfClose("up"), .receive("client", .end, within: 500)]
          + pass("client", line, to: "up")
          + [.halfClose("client"), .receive("up", .end, within: 500), .close("up"), .close("client")]),
      proxy(
        "client-leaves-at-once", "A client closes without sending anything; another client connects.",
        join() + [.close("client"), .receive("up", .end, within: 500), .close("up")] + another()),
      proxy(
        "upstream-closes-at-once", "The upstream closes without sending anything; another client connects.",
        join() + [.close("up"), .receive("client", .end, within: 500), .close("client")] + another()),
      proxy(
        "client-resets", "The client resets the connection in the middle of a line; another client connects.",
        join() + pass("client", half, to: "up") + [.reset("client"), .receive("up", .end, within: 500), .close("up")]
          + another()),
      proxy(
        "upstream-resets", "The upstream resets the connection in the middle of a line; another client connects.",
        join() + pass("up", half, to: "client")
          + [.reset("up"), .receive("client", .end, within: 500), .close("client")] + another()),
      Scenario(
        "upstream-refuses", role: .proxy, about: "No upstream listens; later one does, and another client connects.",
        steps: [.connect("client"), .settle(), .receive("client", .end, within: 500), .close("client"), .listen()]
          + another()),
    ]
  }

  private static var stalls: [Scenario] {
    let million = Payload(bulk.source, times: 20_000)
    return [
      proxy(
        "stalled-client", "A client reads nothing of a million bytes while another client is served; then it reads.",
        join(reads: false) + [.send("up", million), .settle()] + another()
          + [.close("up"), .receive("client", .end, within: 1000), .close("client")]),
      proxy(
        "stalled-upstream",
        "An upstream reads nothing of a million bytes while another client is served; then it reads.",
        [.connect("client"), .settle(), .accept("up", Manner(reads: false)), .send("client", million), .settle()]
          + another() + leave(within: 1000)),
    ]
  }

  private static var stops: [Scenario] {
    let wait = Step.waitForExit(within: 1000)
    return [
      proxy("SIGTERM-idle", "SIGTERM arrives while no client is connected.", [.signal(.terminate), wait]),
      proxy(
        "SIGTERM-amid", "SIGTERM arrives while a client sends a line.",
        join() + pass("client", "hel", to: "up") + [.signal(.terminate), wait]
          + [expectSilence("client"), expectSilence("up"), .close("client"), .close("up")]),
      proxy(
        "restart", "The proxy is killed while a client is connected, and started again on the same port at once.",
        [.start] + join() + pass("client", "hel", to: "up") + [.signal(.kill), .waitForExit()]
          + [.receive("client", .end, within: 500), .close("client"), .receive("up", .end, within: 500), .close("up")]
          + [.start] + another()),
    ]
  }
}
