/// How a program ended.
public enum Exit: Hashable, Sendable {
  case exited(CInt)
  case signaled(CInt)
  case running

  /// Decodes a status of wait(2).
  init(status: CInt) { self = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signaled(status & 0x7F) }
}
