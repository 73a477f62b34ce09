public import SystemPackage

/// The step that an event or a failure tells of, `enum ipc_step`.
public enum Step: Int32, CaseIterable, Sendable {
  case resolve, create, bind, listen, accept, connect, receive, send
  /// Read from the descriptor that feeds the connection.
  case input
  /// Write to the descriptor that prints.
  case output
  /// End one direction of the connection (half-close).
  case halfClose
  case wait, close
  /// A stop was read.
  case stop
  /// A notice was read.
  case statusRequest
}

/// What is wrong with a text that is no endpoint, `enum ipc_syntax_error`.
public enum SyntaxError: Int32, CaseIterable, Sendable {
  /// No prefix of an endpoint.
  case scheme = 20_000
  /// Empty, too long, no name, no address.
  case host
  /// Missing, no number, out of range.
  case port
  /// Empty, too long, holds a NUL.
  case path
  /// The same of a pipe's path.
  case fifo
  /// Without its slash, or with a second one; empty, too long, holds a NUL.
  case object
}

/// What is wrong with what stands under a local name, or which limit of the system forbids it, `enum ipc_local_error`.
public enum LocalError: Int32, CaseIterable, Sendable {
  /// It belongs to somebody else.
  case owner = 30_000
  /// Others may read or write it.
  case mode
  /// It is something else, of another layout or size.
  case kind
  /// `/proc/sys/fs/mqueue/msg_max`.
  case depth
  /// `/proc/sys/fs/mqueue/msgsize_max`.
  case message
  /// `/proc/sys/fs/mqueue/queues_max`.
  case queues
  /// RLIMIT_MSGQUEUE.
  case bytes
}

/// Why a step failed. `Engine.text(of:)` says it in English.
public enum Cause: Error, Hashable, Sendable {
  /// The kernel's reason, errno(3).
  case system(Errno)
  /// The resolver's, a code of getaddrinfo(3) such as `EAI_NONAME`.
  case name(CInt)
  /// The text is no endpoint.
  case syntax(SyntaxError)
  /// What stands under a local name is not to be trusted, or the system's limits forbid it.
  case local(LocalError)

  private static let nameBase: CInt = 10_000

  /// The contract's error, positive.
  public init(code: CInt) {
    if let fault = SyntaxError(rawValue: code) {
      self = .syntax(fault)
    } else if let fault = LocalError(rawValue: code) {
      self = .local(fault)
    } else if code >= Self.nameBase {
      self = .name(Self.nameBase - code)
    } else {
      self = .system(Errno(rawValue: code))
    }
  }

  /// The contract's error, positive.
  public var code: CInt {
    switch self {
    case .system(let errno): errno.rawValue
    case .name(let code): Self.nameBase - code
    case .syntax(let fault): fault.rawValue
    case .local(let fault): fault.rawValue
    }
  }
}

/// A step that failed, why, and with whom where that is known.
public struct Failure: Error, Hashable, Sendable {
  public let step: Step
  public let cause: Cause
  public let endpoint: Endpoint?
  /// Of a link's EADDRINUSE: the process that holds the name, where that could be found.
  public let holder: CInt?

  public init(_ step: Step, _ cause: Cause, at endpoint: Endpoint? = nil, holder: CInt? = nil) {
    self.step = step
    self.cause = cause
    self.endpoint = endpoint
    self.holder = holder
  }

  public init(_ step: Step, _ errno: Errno, at endpoint: Endpoint? = nil) {
    self.init(step, .system(errno), at: endpoint)
  }
}
