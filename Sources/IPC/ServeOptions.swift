public import SystemPackage

/// What a server allows its clients, `struct ipc_client_limits`; nil is no limit, and so is zero.
public struct ClientLimits: Equatable, Sendable {
  /// Served at once; further ones wait in the backlog.
  public var clients: Int?
  /// Of a worker's over TCP from one address; a further one is closed, which is EUSERS of accept.
  public var clientsPerAddress: Int?
  /// Without a byte in either direction; then ETIMEDOUT of receive.
  public var idle: Duration?
  /// Received and sent for one client, together; then EFBIG of receive.
  public var bytes: UInt64?

  public init(clients: Int? = nil, clientsPerAddress: Int? = nil, idle: Duration? = nil, bytes: UInt64? = nil) {
    self.clients = clients
    self.clientsPerAddress = clientsPerAddress
    self.idle = idle
    self.bytes = bytes
  }
}

/// How to serve, `struct ipc_serve_options`.
public struct ServeOptions: Sendable {
  /// Serve all clients, at once; a client's failure is told to the observer only, the output's ends it.
  public var keepOpen: Bool
  /// What to read stops from.
  public var stop: FileDescriptor?
  /// That a first stop leaves the served clients to end.
  public var drain: Duration
  /// Loops, each in a thread of its own with its part of `limits.clients`; one runs in the caller's.
  public var workers: Int
  /// What to read notices from: each makes the server tell its counters.
  public var statusRequest: FileDescriptor?
  /// Where the message service prints.
  public var output: FileDescriptor
  public var limits: ClientLimits

  public init(
    keepOpen: Bool = false, stop: FileDescriptor? = nil, drain: Duration = .zero,
    workers: Int = 1, statusRequest: FileDescriptor? = nil, output: FileDescriptor = .standardOutput,
    limits: ClientLimits = ClientLimits()
  ) {
    self.keepOpen = keepOpen
    self.stop = stop
    self.drain = drain
    self.workers = workers
    self.statusRequest = statusRequest
    self.output = output
    self.limits = limits
  }
}
