/// What a server has done since it started, `struct ipc_counters`.
public struct Counters: Equatable, Sendable {
  /// Clients that were served.
  public var accepted: UInt64 = 0
  /// Clients that were closed at once because of `ClientLimits`, or of a stop.
  public var refused: UInt64 = 0
  /// Accepted clients that are connected now.
  public var active: UInt64 = 0
  /// Accepted clients whose connection ended with an error.
  public var failed: UInt64 = 0
  /// Bytes received from clients.
  public var received: UInt64 = 0
  /// Bytes sent to clients.
  public var sent: UInt64 = 0

  public init() {}
}
