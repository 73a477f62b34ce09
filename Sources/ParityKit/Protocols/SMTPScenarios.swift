/// The scenarios of SMTP. Each begins with the server's greeting.
enum SMTPScenarios {
  static var all: [Scenario] { commands + mails + pieces + malformed + connections }

  /// An answer to its last line, which has a space or nothing after its number.
  private static func answer(_ peer: String) -> Step {
    .receive(peer, .regex("(?:^|\\n)[0-9]{3}(?: [^\\n]*)?\\r?\\n"), within: 100)
  }

  private static func greeted(_ peer: String) -> [Step] { [.connect(peer), answer(peer)] }

  /// Sends each command after the answer to the one before it.
  private static func say(_ commands: [Payload], by peer: String = "a") -> [Step] {
    commands.flatMap { [.send(peer, $0), answer(peer)] }
  }

  private static func smtp(_ name: String, _ about: String, _ steps: [Step]) -> Scenario {
    Scenario("smtp-\(name)", about: about, steps: greeted("a") + steps + ending("a"))
  }

  /// A client says HELO, and then each command after the answer.
  private static func session(_ name: String, _ about: String, _ commands: Payload...) -> Scenario {
    smtp(name, about, say([helo] + commands))
  }

  private static func ending(_ peer: String) -> [Step] {
    [.send(peer, "QUIT\r\n"), .receive(peer, .end, within: 300), .close(peer)]
  }

  private static let helo = Payload.lines("HELO client.example.org")
  private static let ehlo = Payload.lines("EHLO client.example.org")
  private static let from = Payload.lines("MAIL FROM:<ann@example.org>")
  private static let to = Payload.lines("RCPT TO:<bob@localhost>")
  private static let data = Payload.lines("DATA")
  private static let message = Payload.lines("Subject: hello", "", "A line.", ".")

  private static var commands: [Scenario] {
    [
      smtp("greeting", "A client reads the greeting, and quits.", []),
      smtp("ehlo", "A client says EHLO, and then HELO.", say([ehlo, "helo client\r\n"])),
      session("noop", "A client says NOOP, VRFY and HELP.", "NOOP\r\n", "NOOP text\r\n", "VRFY bob\r\n", "HELP\r\n"),
      session("rset", "A client resets a mail, and goes on without its sender.", from, "RSET\r\n", to),
      session("unknown-command", "A command is unknown.", "BREW tea\r\n"),
    ]
  }

  private static var mails: [Scenario] {
    [
      session("mail", "A client sends a mail.", from, to, data, message),
      session(
        "two-mails", "A client sends a second mail, without a line, to two recipients.", from, to, data, message, from,
        to,
        .lines("RCPT TO:<eve@localhost>"), data, ".\r\n"),
      session("null-sender", "A mail has no sender, as a bounce.", .lines("MAIL FROM:<>"), to, data, message),
      session(
        "dot-stuffing", "Lines of a mail begin with dots.", from, to, data, .lines("..", "..hello", "...", "a.", ".")),
      session("binary-mail", "A mail has every byte value once.", from, to, data, Scenario.allBytes + "\r\n.\r\n"),
      smtp(
        "bare-lf-dot", "A dot stands between bare LFs, which does not end a mail.",
        say([helo, from, to, data]) + .ask("a", "a\n.\nb\r\n") + say([".\r\n"])),
    ]
  }

  private static var pieces: [Scenario] {
    let whole = ehlo + from + to + data
    return [
      smtp(
        "every-byte", "A command arrives one byte at a time.",
        [.send("a", "HELO client\r\n", Pieces(.everyByte)), answer("a")]),
      smtp(
        "end-in-pieces", "The end of a mail arrives one byte at a time.",
        say([helo, from, to, data]) + .ask("a", "a\r\n.\r\n", Pieces(.everyByte))),
      smtp(
        "line-by-line", "Each line of a mail arrives separately.",
        say([helo, from, to, data]) + .ask("a", message, message.byLine)),
      smtp("pipelined", "A client sends all commands at once, then the mail.", .ask("a", each: [whole, message])),
      smtp(
        "all-at-once", "The commands, the mail and QUIT arrive at once.",
        [.send("a", whole + message + "QUIT\r\n"), .receive("a", .end, within: 300)]),
    ]
  }

  private static var malformed: [Scenario] {
    [
      smtp("no-helo", "A client sends a mail without HELO.", say([from, to])),
      session("out-of-order", "The commands of a mail come in a wrong order.", to, data, from, data, from, to),
      session(
        "bad-arguments", "Commands have no arguments, or malformed ones.", "HELO\r\n", "MAIL\r\n",
        .lines("MAIL FROM:ann"),
        .lines("MAIL FROM:<ann"), .lines("MAIL FROM: <a b@c>"), .lines("MAIL FROM:<ann@example.org> TEA=GREEN"),
        "RCPT\r\n"),
      smtp(
        "huge-size", "A mail is announced as huge.",
        say([ehlo, .lines("MAIL FROM:<ann@example.org> SIZE=99999999999999999999")])),
      session("overlong-line", "A command has 3,000 bytes.", .long("NOOP ", 3000, "\r\n"), "NOOP\r\n"),
      smtp(
        "bare-lf", "A command ends with LF alone, and one contains CR.",
        say([helo]) + .ask("a", each: ["NOOP\n", "\r\n", "NOOP\rNOOP\r\n"])),
      smtp("empty-line", "A line is empty.", say([helo]) + .ask("a", each: ["\r\n", "NOOP\r\n"])),
      smtp(
        "nul", "A command contains a NUL byte, and one a letter beyond ASCII.",
        say([helo]) + .ask("a", each: ["NO\0OP\r\n", "NOOP é\r\n"])),
    ]
  }

  private static var connections: [Scenario] {
    func cut(_ name: String, _ about: String, _ steps: [Step]) -> Scenario {
      Scenario("smtp-\(name)", about: about, steps: greeted("a") + steps)
    }
    let another = [.settle(milliseconds: 50)] + greeted("b") + say([helo], by: "b") + ending("b")
    let amid = say([helo, from, to, data]) + [.send("a", "Subject: hel"), .settle()]
    return [
      cut("close-at-once", "A client leaves after the greeting; another one connects.", [.close("a")] + another),
      cut("half-close", "A client half-closes after a command.", [.send("a", helo)] + Scenario.readToEnd("a")),
      cut("close-amid", "A client leaves amid a mail; another one connects.", amid + [.close("a")] + another),
      cut("half-close-amid", "A client half-closes amid a mail.", amid + Scenario.readToEnd("a")),
      cut("reset-amid", "A client resets amid a mail; another one connects.", amid + [.reset("a")] + another),
      cut(
        "reset-amid-answer", "A client resets before it reads an answer; another one connects.",
        [.send("a", ehlo), .settle(), .reset("a")] + another),
      cut(
        "two-clients", "A client stalls amid a mail, while another one is served.",
        amid + another + .ask("a", "lo\r\n.\r\n") + ending("a")),
      Scenario(
        "smtp-too-early", about: "A client speaks before the greeting.",
        steps: [.connect("a"), .send("a", helo), Scenario.expectSilence("a")] + ending("a")),
    ]
  }
}
