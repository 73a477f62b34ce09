internal import ArgumentParser
internal import IPC
internal import SystemPackage

struct ServerCommand<E: Engine>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "\(E.name)-server",
      abstract: "Serve a client over a socket, a pipe, a message queue or shared memory.",
      discussion: """
        Without arguments: listens on 127.0.0.1 port 5000, sends one client `Server Message`, and exits.

        Says `listening ENDPOINT` on standard error once it listens; port 0 takes a free one. Standard output holds only \
        what the message service prints. SIGINT or SIGTERM ends it with status 0; \
        with -k clients that are being served may end first (--drain), and a second signal ends them. SIGUSR1 \
        prints counters.

        EXAMPLES
          \(E.name)-server                          127.0.0.1 port 5000
          \(E.name)-server 8080                     on 127.0.0.1 only
          \(E.name)-server 0.0.0.0 8080             for everybody
          \(E.name)-server -k --service echo 7007   all who come, at once
          \(E.name)-server unix:/run/hello.sock     a Unix socket
          \(E.name)-server unix:@hello              an abstract one
          \(E.name)-server pipe:/run/hello          two FIFOs
          \(E.name)-server -k queue:/hello          message queues; clients take turns
          \(E.name)-server memory:/hello            shared memory

        EXIT STATUS
          0 served or stopped, 1 failed, 64 wrong usage, 71 no /proc
        """,
      version: "\(E.name)-server \(version)")
  }

  @Argument(help: Address.help, transform: Address.checked)
  var address: [String] = []

  @Option(help: ArgumentHelp("What to do for a client.", valueName: "name"))
  var service = ServiceName.greeting

  @Option(
    help: ArgumentHelp("What greeting says. (default: Server Message)", valueName: "text"), transform: Address.checked)
  var message: String?

  @Option(
    help: ArgumentHelp("A file with what greeting says, \(Limit.greeting) bytes at most.", valueName: "path"),
    transform: Address.checked)
  var messageFile: String?

  @OptionGroup(title: "Many clients") var many: ManyOptions

  @OptionGroup(title: "Message queues") var queue: QueueOptions

  @OptionGroup(title: "Shared memory") var ring: RingOptions

  @OptionGroup var talk: TalkOptions

  func validate() throws {
    let endpoint = try Address.endpoint(of: address, engine: E.self)
    try many.validate(for: endpoint)
    try queue.validate(for: endpoint)
    try ring.validate(for: endpoint)
    try Supervisor<E>().validate(address: address)
    guard message == nil || messageFile == nil else {
      throw ValidationError("--message and --message-file: give one of them")
    }
    guard service == .greeting || (message == nil && messageFile == nil) else {
      throw ValidationError("--message and --message-file go with --service greeting, not \(service.rawValue)")
    }
    if let message, message.utf8.count > Limit.greeting { throw tooLong("--message") }
  }

  func run() throws {
    let endpoint = try Address.endpoint(of: address, engine: E.self)
    let service = try chosenService()
    let report = Report<E>(options: talk, sentences: .server, showsFailedClients: many.keepOpen)
    let supervisor = Supervisor<E>()
    let observer = report.observer { if $0.step == .stop { supervisor.notify("STOPPING=1") } }
    let adopted = try adopt(from: supervisor, report)
    do throws(Failure) {
      if endpoint.isLocal { return try serve(over: endpoint, service, supervisor, report, observer) }
      let candidates = supervisor.handsOn ? [] : try E.resolve(endpoint)
      let stop = try E.stopSignals()
      let statusRequest = try E.statusSignals()
      let server =
        switch consume adopted {
        case let server?: server
        case nil: try E.openServer(candidates, backlog: many.queue, observer: observer)
        }
      report.announce("listening", server.endpoint)
      supervisor.notify("READY=1")
      let closing = Event(.close, on: server.descriptor.number, endpoint: server.endpoint)
      var failure: Failure?
      do throws(Failure) {
        try E.serve(
          server, service, many.serving(stop: stop.lent, statusRequest: statusRequest.lent), observer: observer)
      } catch {
        failure = error
      }
      try E.close(server)
      report.event(closing)
      if let failure { throw failure }
    } catch {
      report.error(error)
      throw ExitCode.failure
    }
  }

  private func serve(
    over endpoint: Endpoint, _ service: Service, _ supervisor: Supervisor<E>, _ report: Report<E>, _ observer: Observer
  ) throws(Failure) {
    let stop = try E.stopSignals()
    let statusRequest = try E.statusSignals()
    var sizes = queue.sizes
    sizes.ring = ring.ringSize ?? Limit.defaultRing
    let link = try E.listen(at: endpoint, sizes, observer: observer)
    report.announce("listening", endpoint)
    supervisor.notify("READY=1")
    let closing = Event(.close, on: link.number, endpoint: endpoint)
    var failure: Failure?
    do throws(Failure) {
      try E.serve(link, service, many.serving(stop: stop.lent, statusRequest: statusRequest.lent), observer: observer)
    } catch {
      failure = error
    }
    try E.close(link)
    report.event(closing)
    if let failure { throw failure }
  }

  /// What a supervisor hands on, before anything that is opened gets its number.
  private func adopt(from supervisor: Supervisor<E>, _ report: Report<E>) throws -> Server? {
    guard supervisor.handsOn else { return nil }
    do throws(Failure) {
      return try supervisor.listener()
    } catch {
      report.error("Could not listen", of: "LISTEN_FDS, descriptor \(supervisor.firstListener)", error.cause)
      throw ExitCode.failure
    }
  }

  private func chosenService() throws -> Service {
    switch service {
    case .greeting: .greeting(try greeting())
    case .message: .message
    case .echo: .echo
    case .discard: .discard
    case .chargen: .chargen
    }
  }

  private func greeting() throws -> [UInt8] {
    guard let messageFile else { return Array((message ?? "Server Message").utf8) }
    guard let bytes = try contents(of: messageFile, atMost: Limit.greeting) else { throw tooLong(messageFile) }
    return bytes
  }

  private func tooLong(_ name: String) -> ValidationError {
    ValidationError("\(name): a greeting is at most \(Limit.greeting) bytes")
  }

  /// nil where the file holds more.
  private func contents(of path: String, atMost limit: Int) throws -> [UInt8]? {
    var bytes: [UInt8] = []
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
      defer { try? file.close() }
      var buffer = [UInt8](repeating: 0, count: limit + 1)
      while bytes.count <= limit {
        var span = buffer.mutableSpan
        guard let count = try E.read(file, into: &span), count > 0 else { return bytes }
        bytes += buffer[..<count]
      }
      return nil
    } catch {
      let cause = (error as? Failure)?.cause ?? .system(error as? Errno ?? .ioError)
      Report<E>(options: talk, sentences: .server).error("Read error", of: path, cause)
      throw ExitCode.failure
    }
  }
}

/// `Service`, by the names of the command line.
enum ServiceName: String, CaseIterable, ExpressibleByArgument {
  case greeting, message, echo, discard, chargen
}
