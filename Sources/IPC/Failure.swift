public import SystemPackage

/// A step that failed: why, and with which endpoint, `struct ipc_failure`.
public struct Failure: Error, Hashable, Sendable {
  public let step: Step
  public let cause: Cause
  public let endpoint: Endpoint?
  /// If a link is EADDRINUSE: the process that holds the name, or nil if it is unknown.
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
