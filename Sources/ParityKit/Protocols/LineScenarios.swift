/// The scenarios of servers that answer a line with a line, such as echo and ident.
enum LineScenarios {
  static var all: [Scenario] { lines + pieces + malformed + connections }

  private static func line(_ name: String, _ about: String, _ steps: [Step]) -> Scenario {
    Scenario("line-\(name)", about: about, steps: .connected("a") + steps)
  }

  /// A client sends each text after the answer, and half-closes.
  private static func session(_ name: String, _ about: String, _ texts: Payload...) -> Scenario {
    line(name, about, .ask("a", each: texts) + Scenario.readToEnd("a"))
  }

  private static var lines: [Scenario] {
    [
      session("crlf", "A line ends with CR and LF.", "hello\r\n"),
      session("lf", "A line ends with LF.", "hello\n"),
      session("two-in-turn", "A second line follows the answer.", "hello\r\n", "world\r\n"),
      session(
        "words", "A line has several words, spaces, a tab, and a number.", "  Hello \t WORLD  \r\n", " \r\n",
        "18446744073709551616\r\n"),
      session(
        "ident", "A client asks for the owner of a connection, as RFC 1413 says.", "6191, 23\r\n", " 6191 ,23 \r\n"),
      session(
        "ident-bad-port", "The ports of a query are invalid.", "0, 23\r\n", "99999, 23\r\n", "-1, 23\r\n", "6191, x\r\n"
      ),
    ]
  }

  private static var pieces: [Scenario] {
    let three = Payload.lines("one", "two", "three")
    return [
      line(
        "every-byte", "A line arrives one byte at a time.",
        .ask("a", "hello\r\n", Pieces(.everyByte)) + Scenario.readToEnd("a")),
      line(
        "between-cr-and-lf", "A line is cut between CR and LF.",
        .ask("a", "hello\r\nworld\r\n", Pieces(.at([6]))) + Scenario.readToEnd("a")),
      line("line-by-line", "Three lines arrive separately.", .ask("a", three, three.byLine) + Scenario.readToEnd("a")),
      session("several-at-once", "Three lines arrive at once.", three),
      session("mixed-ends", "Lines that arrive at once end with LF, CR and LF, and CR.", "one\ntwo\r\nthree\rfour\r\n"),
      session("one-and-a-half", "A line and a half arrive at once.", "one\r\ntw", "o\r\n"),
      line(
        "stall", "A client pauses in a line.",
        [.send("a", "hel"), Scenario.expectSilence("a", 300)] + .ask("a", "lo\r\n") + Scenario.readToEnd("a")),
    ]
  }

  private static var malformed: [Scenario] {
    [
      session("empty", "A line is empty.", "\r\n", "\n"),
      session("no-end", "A client half-closes without the end of its line.", "hello"),
      session("bare-cr", "A line ends with CR alone.", "hello\r", "world\n"),
      session("nul", "A line contains a NUL byte.", "hel\0lo\r\n"),
      session(
        "above-127", "A line has letters beyond ASCII, and one is not UTF-8.", "grüße €\r\n",
        Payload(.bytes([0x68, 0xFF, 0xC3, 0x28, 0x0D, 0x0A]))),
      session("percent", "A line looks like a format of printf(3).", "%s%n%d%%\r\n"),
      session("control", "A line has control characters.", "\u{1B}[31m\u{7F}\u{08}\u{04}\r\n"),
      session("long", "A line has 1,000 bytes.", .long("", 1000, "\r\n"), "hello\r\n"),
      session("overlong", "A line has 10,000 bytes.", .long("", 10_000, "\r\n"), "hello\r\n"),
    ]
  }

  private static var connections: [Scenario] {
    let another = [.settle(milliseconds: 50)] + .connected("b") + .ask("b", "hello\r\n") + Scenario.readToEnd("b")
    return [
      line(
        "half-close", "A client half-closes at once after a line.", [.send("a", "hello\r\n")] + Scenario.readToEnd("a")),
      line(
        "close-amid", "A client leaves amid a line; another one connects.",
        [.send("a", "hel"), .settle(), .close("a")] + another),
      line(
        "reset-amid", "A client resets amid a line; another one connects.",
        [.send("a", "hel"), .settle(), .reset("a")] + another),
      line(
        "reset-amid-answer", "A client resets before it reads the answer; another one connects.",
        [.send("a", "hello\r\n"), .settle(), .reset("a")] + another),
      line(
        "after-another", "A client connects after another one has left.",
        .ask("a", "hello\r\n") + Scenario.readToEnd("a") + another),
      line(
        "two-clients", "A client stalls amid a line, while another one is served.",
        [.send("a", "hel"), .settle()] + another + .ask("a", "lo\r\n") + Scenario.readToEnd("a")),
    ]
  }
}
