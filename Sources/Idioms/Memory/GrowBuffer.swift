import Glibc

/// Bytes that are appended to, up to a limit.
struct GrowBuffer {
  private(set) var bytes: [UInt8] = []
  let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Appends bytes. Returns 0, or -ENOBUFS at the limit; then the buffer is
  /// unchanged.
  mutating func append(_ more: Span<UInt8>) -> CInt {
    guard more.count <= limit - bytes.count else { return -ENOBUFS }
    unsafe more.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    return 0
  }

  /// Removes bytes from the front, such as those that were sent.
  mutating func drop(_ count: Int) {
    bytes.removeFirst(min(count, bytes.count))
  }
}
