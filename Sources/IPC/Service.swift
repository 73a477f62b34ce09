/// What a server does for a client, `struct ipc_service`.
public enum Service: Hashable, Sendable {
  /// Sends its message, at most `Limit.greeting` bytes, then ends (RFC 865 is the same job).
  case greeting([UInt8])
  /// Receives until newline, end or `Limit.line` bytes, prints them, answers, ends.
  case message
  /// Sends back all that comes until the client's end (RFC 862).
  case echo
  /// Takes all until the client's end (RFC 863).
  case discard
  /// Sends rotating lines of 72 characters until the client goes (RFC 864).
  case chargen
}

/// What a service did in a turn, `struct ipc_service_result`.
public struct ServiceResult: Equatable, Sendable {
  /// What a service wants after a turn, `enum ipc_service_next`.
  public enum Next: Int32, CaseIterable, Sendable {
    /// More input.
    case input
    /// Another turn once its reply is sent, whether or not there is input.
    case output
    /// The connection to end once its reply is sent.
    case end
  }

  /// Bytes of input used up; the rest must be given again, with what comes after it.
  public var consumed = 0
  /// Bytes of reply.
  public var produced = 0
  /// The reply is the first `produced` bytes of the input; else it stands in the output.
  public var echoes = false
  /// The consumed input is to be printed (`Engine.messageText`) before the reply is sent.
  public var prints = false
  /// The message had no end within `Limit.line` bytes.
  public var cut = false
  public var next = Next.input

  public init(consumed: Int = 0, next: Next = .input) {
    self.consumed = consumed
    self.next = next
  }
}
