/// A step that succeeded or failed, `struct ipc_event`.
public struct Event: Equatable, Sendable {
  public let step: Step
  /// The step's descriptor, or -1.
  public let descriptor: CInt
  /// Bytes moved; for `.listen` the backlog.
  public let count: Int
  /// For `.create`, `.bind` and `.listen` our own endpoint; for `.connect` the target; else the peer's.
  public let endpoint: Endpoint?
  /// After `.receive`, EMSGSIZE means that a message has no end within `Limit.line` bytes. After `.close`, it is the
  /// failure of a client that did not stop the server; ECANCELED of `.stop` means that a stop ended an unfinished
  /// session. After `.accept`, ECANCELED means that a stop refused the client.
  public let failure: Failure?
  /// After a server's `.close`.
  public let traffic: Traffic?
  /// With `.statusRequest`.
  public let counters: Counters?

  /// The bytes and the duration of a client's connection.
  public struct Traffic: Equatable, Sendable {
    public let received: UInt64
    public let sent: UInt64
    /// The time since `.accept`.
    public let duration: Duration

    public init(received: UInt64, sent: UInt64, duration: Duration) {
      self.received = received
      self.sent = sent
      self.duration = duration
    }
  }

  public init(
    _ step: Step, on descriptor: CInt, count: Int = 0, endpoint: Endpoint? = nil, failure: Failure? = nil,
    traffic: Traffic? = nil, counters: Counters? = nil
  ) {
    self.step = step
    self.descriptor = descriptor
    self.count = count
    self.endpoint = endpoint
    self.failure = failure
    self.traffic = traffic
    self.counters = counters
  }
}
