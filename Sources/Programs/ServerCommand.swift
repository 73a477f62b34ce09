internal import ArgumentParser
internal import IPC
internal import SystemPackage

struct ServerCommand<E: Engine>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "\(E.name)-server",
      abstract: "Serve clients over a socket, a pipe, a message queue or shared memory.",
      discussion: ServerHelp.discussion(program: "\(E.name)-server"),
      version: "\(E.name)-server \(version)")
  }

  @Argument(help: AddressArgument.help, transform: OptionValue.utf8)
  var address: [String] = []

  @Option(help: ArgumentHelp("What the server does for each client; see SERVICES.", valueName: "name"))
  var service = ServiceName.greeting

  @Option(
    help: ArgumentHelp("The message that greeting sends. (default: Server Message)", valueName: "text"),
    transform: OptionValue.utf8)
  var message: String?

  @Option(
    help: ArgumentHelp(
      "A file with the message that greeting sends, at most \(Limit.greeting) bytes.", valueName: "path"),
    transform: OptionValue.utf8)
  var messageFile: String?

  @Flag(
    help: """
      Serve the client that standard input is connected to, as inetd, xinetd and systemd (StandardInput=socket) pass \
      it. Then give no address.
      """)
  var inetd = false

  @OptionGroup(title: "Many clients") var serving: ServingOptions

  @OptionGroup(title: "Message queues") var queue: QueueOptions

  @OptionGroup(title: "Shared memory") var ring: RingOptions

  @OptionGroup var verbosity: VerbosityOptions

  func validate() throws {
    let endpoint = try AddressArgument.endpoint(of: address, engine: E.self)
    try serving.validate(for: endpoint, isInetd: inetd)
    try queue.validate(for: endpoint)
    try ring.validate(for: endpoint)
    try Supervisor<E>().validate(address: address, backlog: serving.backlog, isInetd: inetd)
    guard message == nil || messageFile == nil else {
      throw ValidationError("--message and --message-file exclude each other")
    }
    guard service == .greeting || (message == nil && messageFile == nil) else {
      throw ValidationError("--message and --message-file apply to --service greeting only, not to \(service.rawValue)")
    }
    if let message, message.utf8.count > Limit.greeting { throw tooLong("--message") }
  }

  func run() throws {
    let endpoint = try AddressArgument.endpoint(of: address, engine: E.self)
    let service = try chosenService()
    let diagnostics = Diagnostics<E>(options: verbosity, sentences: .server, reportsClients: serving.keepOpen)
    let supervisor = Supervisor<E>()
    let adopted = try supervisor.adopt(isInetd: inetd, serving.listenOptions, diagnostics)
    let endpoints = try endpoints(of: adopted) ?? [endpoint]
    try serving.validateTCP(endpoints)
    let observer = diagnostics.observer(stopping: Array(endpoints.dropFirst())) {
      if $0.step == .stop { supervisor.notify("STOPPING=1", diagnostics) }
    }
    do throws(Failure) {
      if endpoint.isLocal { return try serve(over: endpoint, service, supervisor, diagnostics, observer) }
      let candidates = supervisor.passesListeners || inetd ? [] : try E.resolve(endpoint)
      let stop = try E.stopSignals()
      let statusRequest = try E.statusSignals()
      defer { diagnostics.finish(stop: stop.lent) }
      let server =
        switch consume adopted {
        case let server?: server
        case nil: try E.openServer(candidates, serving.listenOptions, observer: observer)
        }
      announce(server, diagnostics)
      supervisor.notify("READY=1", diagnostics)
      let closings = Self.closings(of: server)
      var failure: Failure?
      do throws(Failure) {
        try E.serve(
          server, service, serving.serveOptions(stop: stop.lent, statusRequest: statusRequest.lent), observer: observer)
      } catch {
        failure = error
      }
      try E.close(server)
      for closing in closings { diagnostics.report(closing) }
      if let failure { throw failure }
    } catch {
      diagnostics.report(error, about: serving.subject(of: error))
      diagnostics.finish()
      throw ExitCode.failure
    }
  }

  private func serve(
    over endpoint: Endpoint, _ service: Service, _ supervisor: Supervisor<E>, _ diagnostics: Diagnostics<E>,
    _ observer: Observer
  ) throws(Failure) {
    let stop = try E.stopSignals()
    let statusRequest = try E.statusSignals()
    defer { diagnostics.finish(stop: stop.lent) }
    var sizes = queue.sizes
    sizes.ring = ring.ringSize ?? Limit.defaultRing
    let link = try E.listen(at: endpoint, sizes, observer: observer)
    diagnostics.announce("listening", endpoint)
    supervisor.notify("READY=1", diagnostics)
    let closing = Event(.close, on: link.number, endpoint: endpoint)
    var failure: Failure?
    do throws(Failure) {
      try E.serve(
        link, service, serving.serveOptions(stop: stop.lent, statusRequest: statusRequest.lent), observer: observer)
    } catch {
      failure = error
    }
    try E.close(link)
    diagnostics.report(closing)
    if let failure { throw failure }
  }

  /// Checks the options for what a supervisor has passed. Returns its endpoints, or nil if it has passed nothing.
  private func endpoints(of adopted: borrowing Server?) throws -> [Endpoint]? {
    switch adopted {
    case let server?:
      if server.isConnected { try serving.validateForOneClient() }
      return server.endpoints
    case nil: return nil
    }
  }

  /// Prints where the server listens, or which client it serves.
  private func announce(_ server: borrowing Server, _ diagnostics: Diagnostics<E>) {
    guard !server.isConnected else {
      return diagnostics.announce("serving", (try? E.peer(server.descriptor)) ?? server.endpoint)
    }
    for endpoint in server.endpoints { diagnostics.announce("listening", endpoint) }
  }

  /// The events that its listeners are closed.
  private static func closings(of server: borrowing Server) -> [Event] {
    [Event(.close, on: server.descriptor.number, endpoint: server.endpoint)]
      + (server.next?.borrow { closings(of: $0) } ?? [])
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

  /// The bytes of a file, or nil if it has more than the limit.
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
      Diagnostics<E>(options: verbosity, sentences: .server).reportError("Read error", of: path, cause)
      throw ExitCode.failure
    }
  }
}

/// The services, as `--service` names them.
enum ServiceName: String, CaseIterable, ExpressibleByArgument {
  case greeting, message, echo, discard, chargen
}
