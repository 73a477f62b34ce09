/// One step, told once it is done or has failed: `struct ipc_event`.
public struct Event: Equatable, Sendable {
  public let step: Step
  /// On which it was done, or -1.
  public let descriptor: CInt
  /// Bytes moved; of listen the backlog.
  public let count: Int
  /// Of create, bind, listen and connect the own or the target; else the peer.
  public let endpoint: Endpoint?
  /// The step's own. EMSGSIZE of a receive: the message has no end within `Limit.line` bytes. Of a server's close: what the
  /// client failed with, where serving goes on.
  public let failure: Failure?

  public init(
    _ step: Step, on descriptor: CInt, count: Int = 0, endpoint: Endpoint? = nil, failure: Failure? = nil
  ) {
    self.step = step
    self.descriptor = descriptor
    self.count = count
    self.endpoint = endpoint
    self.failure = failure
  }
}

/// Who is told.
public typealias Observer = (Event) -> Void
