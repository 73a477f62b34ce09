/// A connected socket, `struct ipc_connection`.
public struct Connection: ~Copyable {
  public let descriptor: Descriptor
  /// The peer's endpoint.
  public let endpoint: Endpoint
  /// The server reset the connection at once: `Engine.relay` reports it after the data.
  public let wasReset: Bool

  public init(_ descriptor: consuming Descriptor, to endpoint: Endpoint, wasReset: Bool = false) {
    self.descriptor = descriptor
    self.endpoint = endpoint
    self.wasReset = wasReset
  }

  public consuming func release() -> Descriptor { descriptor }
}
