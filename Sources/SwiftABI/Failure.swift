// Failures and steps: `include/ipc/observer.h`.
internal import IPC
internal import IPCContract

extension ipc_step {
  init(_ step: Step) { self = ipc_step(rawValue: UInt32(step.rawValue))! }
}

extension ipc_failure {
  init(_ failure: Failure) {
    self.init(
      step: ipc_step(failure.step), has_endpoint: failure.endpoint != nil,
      endpoint: failure.endpoint.map(ipc_endpoint.init) ?? ipc_endpoint(), holder: failure.holder ?? 0)
  }
}

/// Runs a function of several steps; returns 0, or the negated error and which step failed. The failure is not written
/// if no step failed.
func status(_ failed: UnsafeMutablePointer<ipc_failure>, _ body: () throws(Failure) -> Void) -> CInt {
  do {
    try body()
    return 0
  } catch {
    unsafe failed.pointee = ipc_failure(error)
    return -error.cause.code
  }
}
