import Synchronization

/// A counter in memory that several processes share: all bytes zero at
/// first.
@safe struct SharedCounter {
  private let count: UnsafePointer<Atomic<UInt32>>

  /// The memory is a multiple of four, and remains mapped while the counter
  /// is used: that the compiler can't check.
  @unsafe init(at memory: UnsafeRawPointer) {
    unsafe count = memory.assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  /// Adds to the counter. Returns its value before that.
  func add(_ n: UInt32) -> UInt32 {
    unsafe count.pointee.wrappingAdd(n, ordering: .relaxed).oldValue
  }

  /// Adds 1 unless that would exceed a limit. Returns whether it did.
  func enter(limit: UInt32) -> Bool {
    var expected = unsafe count.pointee.load(ordering: .relaxed)
    while expected < limit {
      // If it fails, the original is what another process has stored.
      let (exchanged, original) = unsafe count.pointee.weakCompareExchange(
        expected: expected, desired: expected + 1,
        successOrdering: .acquiringAndReleasing, failureOrdering: .relaxed)
      if exchanged { return true }
      expected = original
    }
    return false
  }
}
