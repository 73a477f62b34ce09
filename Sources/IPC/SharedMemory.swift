/// Memory that two processes share, as it is mapped here. It borrows: who mapped it unmaps it, after the last use. It is
/// safe and sendable because nobody reads or writes it but an engine, which does so by atomic words and within its size.
@safe public struct SharedMemory: @unchecked Sendable {
  /// The first byte, which starts a page.
  @unsafe public let base: UnsafeMutableRawPointer
  public let size: Int

  /// Sound as long as the memory is mapped.
  @unsafe public init(_ base: UnsafeMutableRawPointer, size: Int) {
    unsafe self.base = base
    self.size = size
  }
}
