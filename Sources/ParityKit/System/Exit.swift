/// How a program ended.
public enum Exit: Hashable, Sendable {
  case exited(CInt)
  case signaled(CInt)
  case running

  /// From wait(2)'s status.
  init(status: CInt) { self = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signaled(status & 0x7F) }
}
