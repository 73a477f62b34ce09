/// How to connect, `struct ipc_connect_options`.
public struct ConnectOptions: Sendable {
  /// The time for all candidates together; nil for no limit.
  public var timeout: Duration?
  /// The client's own endpoint, with an address; port 0 lets the kernel choose. If nil, the kernel chooses all of it.
  public var source: Endpoint?

  public init(timeout: Duration? = nil, source: Endpoint? = nil) {
    self.timeout = timeout
    self.source = source
  }
}

extension Engine {
  /// Connects to the first candidate that accepts, from any address.
  public static func openClient(
    _ candidates: [Endpoint], timeout: Duration?, observer: Observer?
  ) throws(Failure) -> Connection {
    try openClient(candidates, ConnectOptions(timeout: timeout), observer: observer)
  }
}
