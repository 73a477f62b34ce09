import Testing

/// What a client sends to a service, and what the client and the server must then print.
struct Exchange: CustomTestStringConvertible, Sendable {
  let service: Service
  var input = Command.Input.bytes("")
  var output = Command.Output.all
  /// Standard output of the server.
  var printed: Bytes = ""
  var clientOutcome: Outcome

  var testDescription: String { "\(service)" }

  /// One for each service.
  static let all = [
    Exchange(service: .greeting, clientOutcome: Outcome(.exited(0), output: "Server Message")),
    Exchange(
      service: .message, input: .bytes("hello, world\n"), printed: "Here is the message: hello, world\n\n",
      clientOutcome: Outcome(.exited(0), output: "I got your message")),
    Exchange(service: .echo, input: .bytes(data), clientOutcome: Outcome(.exited(0), output: data)),
    Exchange(service: .discard, input: .bytes(data), clientOutcome: Outcome(.exited(0))),
    Exchange(
      service: .chargen, input: .open, output: .first(20_000),
      clientOutcome: Outcome(
        .exited(1), output: .chargen(20_000), error: "Error : fputs error: standard output: Broken pipe\n")),
  ]

  private static let data = Bytes.random(300_000)
}
