/// How a relay copies, `struct ipc_relay_options`.
public struct RelayOptions: Equatable, Sendable {
  /// The directions in which a relay copies, `enum ipc_relay_direction`.
  public enum Direction: Equatable, Sendable {
    /// Sends the input, and writes the output.
    case both
    /// Sends all of the input, and discards what it receives.
    case send
    /// Writes the output; neither reads the input nor half-closes.
    case receive
  }

  public var direction: Direction
  /// Whether it sends after the server's end, until the end of the input; `.send` always does so.
  public var keepsSending: Bool
  /// The time without a byte in either direction after which it fails: ETIMEDOUT of `.wait`.
  public var idle: Duration?

  public init(direction: Direction = .both, keepsSending: Bool = false, idle: Duration? = nil) {
    self.direction = direction
    self.keepsSending = keepsSending
    self.idle = idle
  }
}
