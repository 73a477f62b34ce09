/// The result of a service's step, `struct ipc_service_result`.
public struct ServiceResult: Equatable, Sendable {
  /// What a service needs after a step, `enum ipc_service_next`.
  public enum Next: Int32, CaseIterable, Sendable {
    /// More input.
    case input
    /// Another step after its reply is sent, even without input.
    case output
    /// The end of the connection after its reply is sent.
    case end
  }

  /// Bytes of input that were used. Pass the rest again, followed by newer input.
  public var consumed = 0
  /// Bytes of the reply.
  public var produced = 0
  /// The reply is the first `produced` bytes of the input; otherwise it is in the output.
  public var echoes = false
  /// Print the consumed input (`Engine.messageText`) before the reply is sent.
  public var prints = false
  /// The message has no end within `Limit.line` bytes.
  public var cut = false
  public var next = Next.input

  public init(consumed: Int = 0, next: Next = .input) {
    self.consumed = consumed
    self.next = next
  }
}
