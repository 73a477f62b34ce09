internal import ArgumentParser
internal import IPC
internal import SystemPackage

/// How many clients a server serves, and what it allows them.
struct ServingOptions: ParsableArguments {
  @Flag(
    name: [.short, .long],
    help: "Serve many clients until SIGINT, SIGTERM or SIGHUP. Without it, the server serves one client and exits.")
  var keepOpen = false

  @Option(
    help: ArgumentHelp(
      """
      How many clients may wait to be accepted. (default: \(Limit.defaultBacklog); with -k the limit of the system, \
      net.core.somaxconn)
      """, valueName: "number"),
    transform: { try OptionValue.number($0, in: 1...65_535) })
  var backlog: Int?

  @Option(
    help: ArgumentHelp(
      "With -k: how many clients to serve at once. Others wait in the backlog. (default: \(Limit.defaultClients))",
      valueName: "number"),
    transform: { try OptionValue.number($0, in: 1...1_000_000) })
  var maxClients: Int?

  @Option(
    help: ArgumentHelp(
      """
      With -k: how many threads serve clients. --max-clients is divided among them, and so are the TCP connections. \
      (default: 1)
      """, valueName: "number"),
    transform: { try OptionValue.number($0, in: 1...256) })
  var workers: Int?

  @Option(
    help: ArgumentHelp(
      """
      With -k: how many clients with the same IP address to serve at once over TCP. An IPv6 network of 64 bits counts \
      as one address. Others are closed immediately. \
      (default: no limit)
      """, valueName: "number"),
    transform: { try OptionValue.number($0, in: 1...1_000_000) })
  var maxClientsPerAddress: Int?

  @Option(
    help: ArgumentHelp(
      """
      Close a client after this time without data in either direction. The time in which the server can't print its \
      message does not count. (default: never)
      """, valueName: "seconds"),
    transform: OptionValue.seconds)
  var idleTimeout: Duration?

  @Option(
    help: ArgumentHelp(
      "Close a client after this time, even if it is busy. (default: never)", valueName: "seconds"),
    transform: OptionValue.seconds)
  var maxTime: Duration?

  @Option(
    help: ArgumentHelp(
      """
      Receive and send at most this many bytes for a client, both together; close a client that needs more. \
      (default: no limit)
      """, valueName: "number"),
    transform: { try OptionValue.number($0, in: 1...Int.max) })
  var maxBytes: Int?

  @Option(
    help: ArgumentHelp(
      """
      With -k: how long clients may continue after the first signal to stop. Meanwhile new clients are refused, and \
      another server can start at the same address. 0 closes them immediately. (default: 10)
      """, valueName: "seconds"),
    transform: OptionValue.secondsOrZero)
  var drain: Duration?

  @Option(
    help: ArgumentHelp(
      """
      Over TCP: after how long without data the system checks that a client is alive. A client that is gone is closed \
      \(Limit.keepAliveProbes * Int(Limit.keepAliveInterval.components.seconds)) seconds later. 0 never checks. \
      (default: \(Limit.defaultKeepAlive.components.seconds))
      """, valueName: "seconds"),
    transform: { try OptionValue.number($0, in: 0...Int(Limit.keepAlive.components.seconds)) })
  var keepalive: Int?

  @Option(
    help: ArgumentHelp(
      "The mode of a Unix socket's file: 660 lets its group connect, 666 everybody. (default: 600)", valueName: "octal"),
    transform: OptionValue.mode)
  var mode: UInt32?

  @Option(
    help: ArgumentHelp("The group of a Unix socket's file, by name or number.", valueName: "group"),
    transform: OptionValue.group)
  var group: Group?

  /// The backlog of listen(2), which reduces it to the system's limit, net.core.somaxconn.
  var effectiveBacklog: Int { backlog ?? (keepOpen ? 65_535 : Limit.defaultBacklog) }

  func validate() throws {
    guard workers ?? 1 == 1 || maxClientsPerAddress == nil else {
      throw ValidationError(
        "--max-clients-per-address works with one worker only: workers do not count each other's clients")
    }
  }

  /// Rejects the options about a listener for a server that a supervisor passes one client.
  func validateForOneClient() throws {
    if let option = firstGiven(["--keep-open": keepOpen, "--backlog": backlog != nil]) {
      throw ValidationError("\(option) needs a listener: the supervisor passes a client that it has accepted")
    }
  }

  /// Rejects the options that do not apply to a server's endpoint, or to a server of one client.
  func validate(for endpoint: Endpoint, isInetd: Bool) throws {
    try validateFile(of: endpoint)
    try validateLink(endpoint)
    try validateTCP([endpoint])
    let option = firstGiven([
      "--max-clients": maxClients != nil, "--max-clients-per-address": maxClientsPerAddress != nil,
      "--drain": drain != nil, "--workers": workers ?? 1 > 1,
    ])
    guard !keepOpen, let option else { return }
    throw ValidationError(
      isInetd
        ? "\(option) needs a listener and --keep-open: a client that --inetd passes is the only one"
        : "\(option) needs --keep-open: without it, the server serves one client")
  }

  /// Rejects the options that apply to TCP only if no endpoint, of the server or of its supervisor's listeners, is TCP.
  func validateTCP(_ endpoints: [Endpoint]) throws {
    for case .tcp in endpoints { return }
    guard keepalive == nil else {
      throw ValidationError("--keepalive applies to TCP only: over a Unix socket the kernel reports each client's end")
    }
    guard maxClientsPerAddress == nil else {
      throw ValidationError(
        "--max-clients-per-address applies to TCP only: the clients of a Unix socket have no IP address")
    }
  }

  /// Rejects the options about several clients for a link, which has one client at a time.
  private func validateLink(_ endpoint: Endpoint) throws {
    guard endpoint.isLocal else { return }
    let prefix =
      switch endpoint {
      case .pipe: "pipe:"
      case .queue: "queue:"
      default: "memory:"
      }
    let option = firstGiven([
      "--workers": workers != nil, "--backlog": backlog != nil, "--max-clients": maxClients != nil,
      "--max-clients-per-address": maxClientsPerAddress != nil, "--keepalive": keepalive != nil,
    ])
    if let option {
      throw ValidationError("\(option) applies to sockets only: over \(prefix) the server serves one client at a time")
    }
  }

  private func validateFile(of endpoint: Endpoint) throws {
    if case .unix = endpoint { return }
    guard mode == nil, group == nil else {
      throw ValidationError("--mode and --group apply to unix:PATH endpoints only: they are for the socket's file")
    }
  }

  var listenOptions: ListenOptions {
    ListenOptions(
      backlog: effectiveBacklog, keepAlive: keepalive.map { .seconds($0) } ?? Limit.defaultKeepAlive, mode: mode,
      group: group?.number)
  }

  /// What of the endpoint failed, if that was the group: a server may only set one of the user's own.
  func subject(of failure: Failure) -> String? {
    guard failure.step == .listen, failure.cause == .system(.notPermitted) else { return nil }
    return group.map { "group \($0.text)" }
  }

  func serveOptions(stop: FileDescriptor, statusRequest: FileDescriptor) -> ServeOptions {
    ServeOptions(
      keepOpen: keepOpen, stop: stop, drain: keepOpen ? drain ?? Limit.defaultDrain : .zero,
      workers: workers ?? 1, statusRequest: statusRequest, output: .standardOutput,
      limits: ClientLimits(
        clients: maxClients ?? Limit.defaultClients, clientsPerAddress: maxClientsPerAddress, idle: idleTimeout,
        time: maxTime, bytes: maxBytes.map(UInt64.init)))
  }
}
