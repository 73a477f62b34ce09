import Glibc

/// Waits until one of the descriptors can be read without blocking. Returns
/// its index, or a negative errno: -ETIMEDOUT, or -EINVAL if a descriptor
/// is too large for select(2).
func selectReadable(_ fds: [CInt], milliseconds: Int) -> CInt {
  let deadline = SuspendingClock.now + .milliseconds(milliseconds)
  while true {
    var set = DescriptorSet()
    for fd in fds where !set.insert(fd) { return -EINVAL }
    let left = max(.zero, deadline - SuspendingClock.now).components
    var time = timeval(
      tv_sec: Int(left.seconds),
      tv_usec: Int(left.attoseconds / 1_000_000_000_000))
    let ready = unsafe select(
      (fds.max() ?? -1) + 1, &set.bits, nil, nil, &time)
    if ready == 0 { return -ETIMEDOUT }
    if ready < 0 && errno != EINTR { return -errno }
    if ready > 0, let index = fds.firstIndex(where: set.contains) {
      return CInt(index)
    }
  }
}

/// `fd_set` with FD_SET and FD_ISSET, which are macros.
struct DescriptorSet {
  var bits = fd_set()

  /// FD_SET. Returns whether the set has room for the descriptor.
  mutating func insert(_ fd: CInt) -> Bool {
    guard fd >= 0 && fd < FD_SETSIZE else { return false }
    let (word, bit) = Int(fd).quotientAndRemainder(dividingBy: Int.bitWidth)
    // The C library declares the bits as an array of `long`, which is Int.
    unsafe withUnsafeMutableBytes(of: &bits) {
      unsafe $0.bindMemory(to: Int.self)[word] |= 1 << bit
    }
    return true
  }

  /// FD_ISSET.
  func contains(_ fd: CInt) -> Bool {
    guard fd >= 0 && fd < FD_SETSIZE else { return false }
    let (word, bit) = Int(fd).quotientAndRemainder(dividingBy: Int.bitWidth)
    return unsafe withUnsafeBytes(of: bits) {
      unsafe $0.bindMemory(to: Int.self)[word] & 1 << bit != 0
    }
  }
}
