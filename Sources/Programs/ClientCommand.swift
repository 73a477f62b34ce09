internal import ArgumentParser
internal import IPC
internal import SystemPackage

struct ClientCommand<E: Engine>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "\(E.name)-client",
      abstract: "Talk to a server over a socket, a pipe, a message queue or shared memory.",
      discussion: """
        Without arguments: connects to 127.0.0.1 port 5000. Sends standard input as it comes, and half-closes at its end; \
        prints what the server sends as it comes; exits when the server ends, whether or not input is left.

        EXAMPLES
          \(E.name)-client                       127.0.0.1 port 5000
          \(E.name)-client localhost 8080        each of its addresses in turn
          \(E.name)-client tcp:[::1]:7
          \(E.name)-client unix:/run/hello.sock  a Unix socket
          \(E.name)-client unix:@hello           an abstract one
          \(E.name)-client pipe:/run/hello       two FIFOs
          \(E.name)-client queue:/hello          two message queues
          \(E.name)-client memory:/hello         shared memory

        EXIT STATUS
          0 the server ended, 1 failed, 64 wrong usage, 71 no /proc
        """,
      version: "\(E.name)-client \(version)")
  }

  @Argument(help: Address.help, transform: Address.checked)
  var address: [String] = []

  @Option(
    help: ArgumentHelp(
      "In which to be connected, all addresses together; looking a name up takes what the resolver takes. (default: 10)",
      valueName: "seconds"),
    transform: seconds)
  var timeout: Duration = Limit.connectTimeout

  @Flag(
    help: """
      Over a pipe, a queue or shared memory: fail at once where another client has its turn; else wait for it, within \
      --timeout.
      """)
  var noWait = false

  @OptionGroup var talk: TalkOptions

  func validate() throws {
    let endpoint = try Address.endpoint(of: address, engine: E.self)
    if case .tcp(_, port: 0) = endpoint {
      throw ValidationError("port '0': a port to connect to is a number from 1 to 65535")
    }
    guard endpoint.isLocal || !noWait else {
      throw ValidationError(
        "--no-wait goes with pipe:, queue: and memory:, where clients take turns; a socket has a backlog")
    }
  }

  func run() throws {
    let endpoint = try Address.endpoint(of: address, engine: E.self)
    let report = Report<E>(options: talk, sentences: .client)
    let observer = report.observer()
    do throws(Failure) {
      if endpoint.isLocal { return try talk(over: endpoint, report, observer) }
      let candidates = try E.resolve(endpoint)
      let connection = try E.openClient(candidates, timeout: timeout, observer: observer)
      let closing = Event(.close, on: connection.descriptor.number, endpoint: connection.endpoint)
      try E.relay(connection, input: .standardInput, output: .standardOutput, observer: observer)
      try E.close(connection.release())
      report.event(closing)
    } catch {
      report.error(error)
      throw ExitCode.failure
    }
  }

  private func talk(over endpoint: Endpoint, _ report: Report<E>, _ observer: Observer) throws(Failure) {
    let link = try E.connect(to: endpoint, waits: !noWait, timeout: timeout, observer: observer)
    let closing = Event(.close, on: link.number, endpoint: endpoint)
    var failure: Failure?
    do throws(Failure) {
      try E.relay(link, input: .standardInput, output: .standardOutput, observer: observer)
    } catch {
      failure = error
    }
    // Also after a failure: it tells the server that this client left, and did not die.
    try E.close(link)
    if let failure { throw failure }
    report.event(closing)
  }
}
