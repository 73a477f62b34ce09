/// What each client may use, `struct ipc_client_limits`; nil and 0 are unlimited.
public struct ClientLimits: Equatable, Sendable {
  /// Clients that are served at once; further clients wait in the backlog.
  public var clients: Int?
  /// Clients of one TCP address, or of one IPv6 /64, that each worker serves; a further client is closed: EUSERS of
  /// `.accept`.
  public var clientsPerAddress: Int?
  /// The time without a byte in either direction after which a client is closed: ETIMEDOUT of `.wait`.
  public var idle: Duration?
  /// The time since `.accept` after which a client is closed: ETIMEDOUT of `.timeLimit`.
  public var time: Duration?
  /// Bytes received and sent together; a client that needs more is closed: EFBIG of `.receive`.
  public var bytes: UInt64?

  public init(
    clients: Int? = nil, clientsPerAddress: Int? = nil, idle: Duration? = nil, time: Duration? = nil,
    bytes: UInt64? = nil
  ) {
    self.clients = clients
    self.clientsPerAddress = clientsPerAddress
    self.idle = idle
    self.time = time
    self.bytes = bytes
  }
}
