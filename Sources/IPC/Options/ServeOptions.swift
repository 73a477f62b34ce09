public import SystemPackage

/// How to serve, `struct ipc_serve_options`.
public struct ServeOptions: Sendable {
  /// Serve all clients, at once; only the observer learns of a client's failure.
  public var keepOpen: Bool
  /// A descriptor with stop requests.
  public var stop: FileDescriptor?
  /// The time that clients have to end after the first stop request; zero ends them at once.
  public var drain: Duration
  /// Threads, each with a loop and its part of `limits.clients`; one of them is the calling thread.
  public var workers: Int
  /// A descriptor with requests to report the counters.
  public var statusRequest: FileDescriptor?
  /// Where the message service prints; a failure to write there stops the server.
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
