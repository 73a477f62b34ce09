import Glibc

/// Ignores a signal, such as SIGPIPE: write(2) to a closed connection then
/// fails with EPIPE. Returns 1 if it was ignored before, 0 if it was not, or
/// a negative errno.
func ignoreSignal(_ number: CInt) -> CInt {
  let before = address(of: signal(number, SIG_IGN))
  if before == address(of: SIG_ERR) { return -errno }
  return before == address(of: SIG_IGN) ? 1 : 0
}

/// Swift can't compare function pointers, but their addresses. The one of
/// SIG_DFL is 0, and so nil.
private func address(of handler: (@convention(c) (CInt) -> Void)?) -> Int {
  unsafe unsafeBitCast(handler, to: Int.self)
}
