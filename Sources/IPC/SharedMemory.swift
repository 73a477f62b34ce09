/// Memory that two processes share, mapped into this one. It is borrowed: the code that mapped it unmaps it after its
/// last use. It is safe and sendable because only engines access it, with atomic words and within its size.
@safe public struct SharedMemory: @unchecked Sendable {
  /// The first byte; it is aligned to a page.
  @unsafe public let base: UnsafeMutableRawPointer
  public let size: Int

  /// Sound as long as the memory is mapped.
  @unsafe public init(_ base: UnsafeMutableRawPointer, size: Int) {
    unsafe self.base = base
    self.size = size
  }
}
