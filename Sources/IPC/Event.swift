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
  /// Of a server's close.
  public let traffic: Traffic?
  /// Of a notice.
  public let counters: Counters?

  /// What went through a connection.
  public struct Traffic: Equatable, Sendable {
    public let received: UInt64
    public let sent: UInt64
    /// Since the client was accepted.
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

/// What a server has done so far, `struct ipc_counters`.
public struct Counters: Equatable, Sendable {
  /// Clients that were served.
  public var accepted: UInt64 = 0
  /// Clients that were closed at once for one of `ClientLimits`.
  public var refused: UInt64 = 0
  /// Of the accepted, those that are here now.
  public var active: UInt64 = 0
  /// Of the accepted, those that an error ended.
  public var failed: UInt64 = 0
  /// Bytes.
  public var received: UInt64 = 0
  /// Bytes.
  public var sent: UInt64 = 0

  public init() {}
}

/// Who is told, `struct ipc_observer`: by one thread at a time.
public struct Observer: Sendable {
  /// Which steps are told when they are done, a bit each; those that fail are always told.
  public let steps: UInt32
  public let tell: @Sendable (Event) -> Void

  public init(of steps: [Step] = Step.allCases, _ tell: @escaping @Sendable (Event) -> Void) {
    self.steps = steps.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
    self.tell = tell
  }

  /// As the bits of `steps` say.
  public init(steps: UInt32, _ tell: @escaping @Sendable (Event) -> Void) {
    self.steps = steps
    self.tell = tell
  }

  public func wants(_ step: Step) -> Bool { steps >> UInt32(step.rawValue) & 1 != 0 }
}
