internal import ArgumentParser
internal import IPC
internal import SystemPackage

struct ClientCommand<E: Engine>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "\(E.name)-client",
      abstract: "Connect to a server over a socket, a pipe, a message queue or shared memory.",
      discussion: """
        The client sends standard input to the server, and prints what the server sends. When its input ends, it \
        half-closes: it sends no more, and still receives. It exits when the server ends the connection, even if its \
        input has not ended; --keep-sending changes that. Without arguments it connects to 127.0.0.1 port 5000.

        \(AddressArgument.section(ports: "", hosts: "the addresses of a name are tried side by side"))

        EXAMPLES
          \(E.name)-client                        print the greeting of a server
          \(E.name)-client localhost 8080         send what you type
          \(E.name)-client unix:/run/echo <A >B   send file A, save the answer in B
          \(E.name)-client -z 8080                check that a server accepts clients

        EXIT STATUS
          0   The server ended the connection, or accepted it (--probe).
          1   It failed, or --idle-timeout has passed; the reason is on
              standard error.
          64  Wrong usage.
          71  It could not read its arguments, because /proc is not mounted.
        """,
      version: "\(E.name)-client \(version)")
  }

  @Argument(help: AddressArgument.help, transform: OptionValue.utf8)
  var address: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      How long to try to connect, for all addresses of a name together. Name resolution does not count. (default: 10)
      """, valueName: "seconds"),
    transform: OptionValue.seconds)
  var timeout: Duration = Limit.connectTimeout

  @Option(
    help: ArgumentHelp(
      """
      Connect from this address of this machine, such as 127.0.0.1:4000 or [::1]:0. With port 0 the kernel chooses \
      the port. TCP only.
      """, valueName: "host:port"),
    transform: OptionValue.utf8)
  var source: String?

  @Flag(
    help: """
      Over a pipe, a queue or shared memory: fail at once if the server is serving another client. Without it, the \
      client waits up to --timeout.
      """)
  var noWait = false

  @Flag(
    name: [.customShort("z"), .long],
    help: """
      Only find out whether the server accepts clients: connect, and close. The input is not read, and nothing is \
      printed. The exit status says whether it succeeded; -v prints the address that accepted.
      """)
  var probe = false

  @OptionGroup(title: "Copying") var relaying: RelayingOptions

  @OptionGroup var verbosity: VerbosityOptions

  func validate() throws {
    let endpoint = try AddressArgument.endpoint(of: address, engine: E.self)
    if case .tcp(_, port: 0) = endpoint {
      throw ValidationError("port '0': a port to connect to is a number from 1 to 65535")
    }
    if case .tcp("*", _) = endpoint {
      throw ValidationError(
        "'\(address.joined(separator: " "))': a client needs the server's host; * is for a server on all addresses")
    }
    guard endpoint.isLocal || !noWait else {
      throw ValidationError(
        "--no-wait applies to pipe:, queue: and memory: endpoints only: over a socket, clients wait in the backlog")
    }
    if probe, let option = relaying.firstOption {
      throw ValidationError("\(option) and --probe exclude each other: a probe copies no data")
    }
    if let source = try SourceArgument.endpoint(of: source, engine: E.self) {
      try SourceArgument.check(source, connectingTo: endpoint)
    }
  }

  func run() throws {
    let endpoint = try AddressArgument.endpoint(of: address, engine: E.self)
    let source = try SourceArgument.endpoint(of: source, engine: E.self)
    let diagnostics = Diagnostics<E>(options: verbosity, sentences: .client, waitsForReader: true)
    let failures = ConnectFailures()
    let observer = diagnostics.observer(failures.add)
    var candidates: [Endpoint] = []
    do throws(Failure) {
      if endpoint.isLocal { return try use(linkAt: endpoint, diagnostics, observer) }
      candidates = SourceArgument.reachable(try E.resolve(endpoint), from: source)
      let options = ConnectOptions(timeout: timeout, source: source)
      let connection = try E.openClient(candidates, options, observer: observer)
      let closing = Event(.close, on: connection.descriptor.number, endpoint: connection.endpoint)
      try use(connection, observer)
      try E.close(connection.release())
      diagnostics.report(closing)
    } catch {
      if candidates.count > 1, ConnectFailures.steps.contains(error.step) {
        diagnostics.report(failures.all, of: endpoint, untried: candidates.count - failures.all.count)
      } else {
        diagnostics.report(error)
      }
      throw ExitCode.failure
    }
  }

  private func use(_ connection: borrowing Connection, _ observer: Observer) throws(Failure) {
    if probe { return Probe<E>.end(connection) }
    try E.relay(
      connection, input: .standardInput, output: .standardOutput, options: relaying.relayOptions, observer: observer)
  }

  private func use(linkAt endpoint: Endpoint, _ diagnostics: Diagnostics<E>, _ observer: Observer) throws(Failure) {
    let link = try E.connect(to: endpoint, waits: !noWait, timeout: timeout, observer: observer)
    let closing = Event(.close, on: link.number, endpoint: endpoint)
    var failure: Failure?
    do throws(Failure) {
      if probe {
        Probe<E>.end(link)
      } else {
        try E.relay(
          link, input: .standardInput, output: .standardOutput, options: relaying.relayOptions, observer: observer)
      }
    } catch {
      failure = error
    }
    // Closes also after a failure, so that the server does not take this client for a killed one.
    try E.close(link)
    if let failure { throw failure }
    diagnostics.report(closing)
  }
}
