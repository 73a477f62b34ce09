internal import ArgumentParser
internal import IPC

/// What a client copies, and for how long.
struct RelayingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Give up after this time in which nothing was sent or received. (default: never)", valueName: "seconds"),
    transform: OptionValue.seconds)
  var idleTimeout: Duration?

  @Flag(
    help: """
      Send all of standard input, and discard what the server sends. Implies --keep-sending. The client exits when its \
      input and the server have ended.
      """)
  var sendOnly = false

  @Flag(help: "Print what the server sends. Do not read standard input, and do not half-close.")
  var receiveOnly = false

  @Flag(
    help: """
      Go on sending when the server has ended, until the input ends. It is an error if the server does not accept all \
      of the input.
      """)
  var keepSending = false

  func validate() throws {
    if receiveOnly, let option = firstGiven(["--send-only": sendOnly, "--keep-sending": keepSending]) {
      throw ValidationError("\(option) and --receive-only exclude each other")
    }
  }

  /// The first option that was given, or nil.
  var firstOption: String? {
    firstGiven([
      "--idle-timeout": idleTimeout != nil, "--send-only": sendOnly, "--receive-only": receiveOnly,
      "--keep-sending": keepSending,
    ])
  }

  var relayOptions: RelayOptions {
    let direction: RelayOptions.Direction
    if sendOnly {
      direction = .send
    } else {
      direction = receiveOnly ? .receive : .both
    }
    return RelayOptions(direction: direction, keepsSending: keepSending, idle: idleTimeout)
  }
}
