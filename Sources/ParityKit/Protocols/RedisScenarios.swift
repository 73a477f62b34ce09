/// The scenarios of Redis, in RESP and as inline commands. Each server starts empty, so keys need not be deleted.
enum RedisScenarios {
  static var all: [Scenario] { commands + transactions + pieces + malformedCommands + malformedBytes + connections }

  private static func redis(_ name: String, _ about: String, _ steps: [Step]) -> Scenario {
    Scenario("redis-\(name)", about: about, steps: .connected("a") + steps)
  }

  /// A client sends each request after the answer, and at last PING, which shows whether the server still serves it.
  private static func session(_ name: String, _ about: String, _ requests: Payload...) -> Scenario {
    redis(name, about, .ask("a", each: requests + [ping]) + [.close("a")])
  }

  /// Requests that each have a connection of their own.
  private static func each(_ name: String, _ about: String, _ requests: Payload...) -> Scenario {
    let steps = zip(["a", "b", "c"], requests).flatMap { peer, request in
      .connected(peer) + .ask(peer, request) + [.close(peer)]
    }
    return Scenario("redis-\(name)", about: about, steps: steps)
  }

  /// A command as an array of bulk strings.
  private static func resp(_ words: String...) -> Payload {
    Payload(.text("*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()))
  }

  private static let ping = resp("PING")
  private static let set = resp("SET", "key", "value")
  private static let get = resp("GET", "key")

  private static var commands: [Scenario] {
    [
      session("ping", "A client sends PING and ECHO.", ping, resp("PING", "hello"), resp("ECHO", "hello")),
      session("inline", "A client sends inline commands.", "PING\r\n", "SET key value\r\n", "GET key\r\n"),
      session("inline-quotes", "An inline command has quotes.", "SET key \"a b\\x41\"\r\n", "GET key\r\n"),
      session("set-get", "A client gets a key before and after it is set.", get, set, get, resp("gEt", "key")),
      session(
        "count", "A client counts, deletes keys, and counts those that exist.", resp("INCR", "n"),
        resp("INCRBY", "n", "41"), set, resp("DEL", "key", "other"), resp("EXISTS", "key", "n")),
      session(
        "wrong-type", "A client uses a text as a list, and as a number.", set, resp("LPUSH", "key", "a"),
        resp("INCR", "key")),
      session(
        "binary", "A value has NUL, CR and LF, or is empty.", resp("SET", "key", "a\0b\r\nc"), get,
        resp("SET", "key", ""), get),
      redis(
        "large-value", "A value has 100,000 bytes.",
        [
          .send("a", "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$100000\r\n"), .send("a", Payload(.text("x"), times: 100_000)),
        ] + .ask("a", each: ["\r\n", get]) + [.close("a")]),
      redis("quit", "A client quits.", [.send("a", resp("QUIT")), .receive("a", .end, within: 300), .close("a")]),
    ]
  }

  private static var transactions: [Scenario] {
    let (multi, exec) = (resp("MULTI"), resp("EXEC"))
    return [
      session("multi-exec", "A client sends a transaction.", multi, set, get, exec),
      session(
        "exec-alone", "EXEC and DISCARD have no transaction; one begins twice.", exec, resp("DISCARD"), multi, multi,
        set, resp("DISCARD"), get),
      session("multi-error", "A transaction contains an error.", multi, resp("BREW"), set, exec, get),
    ]
  }

  private static var pieces: [Scenario] {
    [
      redis("every-byte", "A command arrives one byte at a time.", .ask("a", ping, Pieces(.everyByte)) + [.close("a")]),
      redis(
        "line-by-line", "Each line of a command arrives separately.",
        .ask("a", set, set.byLine) + .ask("a", get) + [.close("a")]),
      session("pipelined", "Five commands arrive at once.", ping + set + get + resp("INCR", "n") + "PING\r\n"),
      session("error-amid", "An error stands amid commands that arrive at once.", ping + resp("BREW") + ping),
    ]
  }

  private static var malformedCommands: [Scenario] {
    [
      session("unknown-command", "A command is unknown.", resp("BREW", "tea")),
      session(
        "wrong-arity", "Commands have too few and too many arguments.", resp("GET"), resp("GET", "a", "b"),
        resp("SET", "a")),
      session(
        "bad-option", "SET has an unknown option, and bad expiries.", resp("SET", "key", "value", "TEA"),
        resp("SET", "key", "value", "EX", "a"), resp("SET", "key", "value", "EX", "-1")),
      session("empty", "A command has no words.", "*0\r\n", "*-1\r\n", "\r\n", "\n"),
      session("inline-bare", "An inline command ends with LF alone, and contains a NUL byte.", "PING\n", "PI\0NG\r\n"),
    ]
  }

  private static var malformedBytes: [Scenario] {
    [
      each("bad-array-length", "The number of words is not a number, or huge.", "*a\r\n", "*99999999999\r\n"),
      each(
        "bad-bulk-length", "The length of a word is not a number, negative, or huge.", "*1\r\n$a\r\n", "*1\r\n$-5\r\n",
        "*1\r\n$99999999999\r\n"),
      each(
        "wrong-type-byte", "A word is an integer, or longer than its length; a quote does not end.", "*1\r\n:1\r\n",
        "*1\r\n$2\r\nPING\r\n", "SET key \"value\r\n"),
      session("bytes-0-to-255", "Every byte value once.", Scenario.allBytes + "\r\n"),
    ]
  }

  private static var connections: [Scenario] {
    let half: Payload = "*2\r\n$3\r\nGE"
    let another = [.settle(milliseconds: 50)] + .connected("b") + .ask("b", ping) + [.close("b")]
    return [
      redis("half-close", "A client half-closes after a command.", [.send("a", ping)] + Scenario.readToEnd("a")),
      redis(
        "half-close-amid", "A client half-closes amid a command.",
        [.send("a", half), .settle()] + Scenario.readToEnd("a")),
      redis(
        "close-amid", "A client leaves amid a command; another one connects.",
        [.send("a", half), .settle(), .close("a")] + another),
      redis(
        "reset-amid", "A client resets amid a command; another one connects.",
        [.send("a", half), .settle(), .reset("a")] + another),
      redis(
        "reset-amid-answer", "A client resets before it reads the answer; another one connects.",
        [.send("a", ping), .settle(), .reset("a")] + another),
      redis(
        "two-clients", "A client stalls amid a command, while another one is served.",
        [.send("a", half), .settle()] + another + .ask("a", "T\r\n$3\r\nkey\r\n") + [.close("a")]),
      redis(
        "shared-key", "A client gets what another one has set.",
        .ask("a", set) + .connected("b") + .ask("b", get) + [.close("b"), .close("a")]),
      redis(
        "left-in-multi", "A client leaves amid a transaction; another one gets the key.",
        .ask("a", each: [resp("MULTI"), set]) + [.close("a"), .settle()] + .connected("b") + .ask("b", get) + [
          .close("b")
        ]),
    ]
  }
}
