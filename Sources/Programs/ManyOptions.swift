internal import ArgumentParser
internal import IPC
internal import SystemPackage

/// A server that stays, and what it allows its clients.
struct ManyOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Serve all clients, at once, until SIGINT or SIGTERM; else one, then end.")
  var keepOpen = false

  @Option(
    help: ArgumentHelp(
      "How many clients may wait to be accepted. (default: \(Limit.defaultBacklog); with -k what the system allows)",
      valueName: "number"),
    transform: { try number($0, in: 1...65_535) })
  var backlog: Int?

  @Option(
    help: ArgumentHelp(
      "Serve so many at once; further ones wait in the backlog. (default: \(Limit.defaultClients))", valueName: "number"
    ),
    transform: { try number($0, in: 1...1_000_000) })
  var maxClients: Int?

  @Option(
    help: ArgumentHelp(
      "With -k: so many threads, each with its part of --max-clients, and of TCP's clients. (default: 1)",
      valueName: "number"),
    transform: { try number($0, in: 1...256) })
  var workers: Int?

  @Option(
    help: ArgumentHelp(
      "Serve so many from one address over TCP; a further one is closed at once. (default: no limit)",
      valueName: "number"),
    transform: { try number($0, in: 1...1_000_000) })
  var maxClientsPerAddress: Int?

  @Option(
    help: ArgumentHelp(
      "Close a client that moves no byte for so long, either way. (default: never)", valueName: "seconds"),
    transform: seconds)
  var idleTimeout: Duration?

  @Option(
    help: ArgumentHelp(
      "Close a client after so many bytes, received and sent together. (default: no limit)", valueName: "number"),
    transform: { try number($0, in: 1...Int.max) })
  var maxBytes: Int?

  @Option(
    help: ArgumentHelp(
      "With -k: how long the first signal leaves clients to end; 0 is not at all. (default: 10)", valueName: "seconds"),
    transform: { $0 == "0" ? .zero : try seconds($0) })
  var drain: Duration = Limit.defaultDrain

  var queue: Int {
    // listen(2) takes the system's limit, net.core.somaxconn, for more than that.
    backlog ?? (keepOpen ? 65_535 : Limit.defaultBacklog)
  }

  func validate() throws {
    guard workers ?? 1 == 1 || keepOpen else { throw ValidationError("--workers goes with --keep-open") }
    guard workers ?? 1 == 1 || maxClientsPerAddress == nil else {
      throw ValidationError(
        "--max-clients-per-address goes with one worker: several would not know of each other's clients")
    }
  }

  /// A link has one client at a time: what is about several is refused, with the reason.
  func validate(for endpoint: Endpoint) throws {
    guard endpoint.isLocal else { return }
    let prefix =
      switch endpoint {
      case .pipe: "pipe:"
      case .queue: "queue:"
      default: "memory:"
      }
    let given = [
      ("--workers", workers), ("--backlog", backlog), ("--max-clients", maxClients),
      ("--max-clients-per-address", maxClientsPerAddress),
    ]
    if let option = given.first(where: { $0.1 != nil })?.0 {
      throw ValidationError("\(option) goes with sockets: over \(prefix) clients are served one after the other")
    }
  }

  func serving(stop: FileDescriptor, statusRequest: FileDescriptor) -> ServeOptions {
    ServeOptions(
      keepOpen: keepOpen, stop: stop, drain: keepOpen ? drain : .zero,
      workers: workers ?? 1, statusRequest: statusRequest, output: .standardOutput,
      limits: ClientLimits(
        clients: maxClients ?? Limit.defaultClients, clientsPerAddress: maxClientsPerAddress, idle: idleTimeout,
        bytes: maxBytes.map(UInt64.init)))
  }
}
