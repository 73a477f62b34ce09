internal import CIPC
public import IPC
internal import SystemPackage

/// The C engine: each requirement calls the C function of the contract.
public enum CEngine: Engine {
  public static let name = "c"

  public static func text(of cause: Cause) -> String {
    ipc_error_text(0 &- cause.code)  // wraps around, since the least errno has no negative
  }

  /// Converts a result of a C function: throws an error, returns any other result.
  @discardableResult
  static func check<Result: FixedWidthInteger & SignedInteger>(
    _ step: Step, _ result: Result
  ) throws(Failure) -> Result {
    guard result < 0 else { return result }
    throw Failure(step, Cause(code: CInt(-result)))
  }

  /// As `check`, but returns nil if the call would block.
  static func ready<Result: FixedWidthInteger & SignedInteger>(
    _ step: Step, _ result: Result
  ) throws(Failure) -> Result? {
    result == Result(-Errno.resourceTemporarilyUnavailable.rawValue) ? nil : try check(step, result)
  }

  /// Throws the failure that the C function has recorded. The failure is the second argument, since arguments are
  /// evaluated in order and the call is the first.
  static func check(_ result: CInt, _ failure: ipc_failure) throws(Failure) {
    if result < 0 { throw Failure(failure, error: result) }
  }
}
