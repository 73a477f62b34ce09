public import SystemPackage

/// The step that an event or a failure tells of, `enum ipc_step`.
public enum Step: Int32, CaseIterable, Sendable {
  case resolve, create, bind, listen, accept, connect, receive, send
  /// Read from the descriptor that feeds the connection.
  case input
  /// Write to the descriptor that prints.
  case output
  /// End one direction of the connection (half-close).
  case finish
  case wait, close
  /// A stop was read.
  case stop
  /// A notice was read.
  case notice
}

/// What is wrong with a text that is no endpoint, `enum ipc_syntax`.
public enum SyntaxFault: Int32, CaseIterable, Sendable {
  /// Neither `tcp:` nor `unix:`.
  case scheme = 20_000
  /// Empty, too long, no name, no address.
  case host
  /// Missing, no number, out of range.
  case port
  /// Empty, too long, holds a NUL.
  case path
}

/// Why a step failed. `Engine.text(of:)` says it in English.
public enum Cause: Hashable, Sendable {
  /// The kernel's reason, errno(3).
  case system(Errno)
  /// The resolver's, a code of getaddrinfo(3) such as `EAI_NONAME`.
  case name(CInt)
  /// The text is no endpoint.
  case syntax(SyntaxFault)

  private static let nameBase: CInt = 10_000

  /// The contract's error, positive.
  public init(code: CInt) {
    if let fault = SyntaxFault(rawValue: code) {
      self = .syntax(fault)
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
    }
  }
}

/// A step that failed, why, and with whom where that is known.
public struct Failure: Error, Hashable, Sendable {
  public let step: Step
  public let cause: Cause
  public let endpoint: Endpoint?

  public init(_ step: Step, _ cause: Cause, at endpoint: Endpoint? = nil) {
    self.step = step
    self.cause = cause
    self.endpoint = endpoint
  }

  public init(_ step: Step, _ errno: Errno, at endpoint: Endpoint? = nil) {
    self.init(step, .system(errno), at: endpoint)
  }
}
