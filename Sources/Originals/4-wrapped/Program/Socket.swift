import Glibc

/// A socket that this value owns.
public struct Socket: ~Copyable {
  public let descriptor: CInt

  public init(owning descriptor: CInt) { self.descriptor = descriptor }

  /// Gives the descriptor away: the value no longer closes it.
  public consuming func release() -> CInt {
    let descriptor = descriptor
    discard self
    return descriptor
  }

  deinit { _ = close(descriptor) }
}
