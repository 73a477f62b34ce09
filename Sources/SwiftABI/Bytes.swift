// Bytes that C passes. A span borrows them, so that no call copies what it receives or sends.

/// Runs a step with the bytes at a pointer. The pointer is not used if there are none.
@inline(__always)
func withSpan<Result: ~Copyable, Failure: Error>(
  _ bytes: UnsafeRawPointer, _ length: Int, _ body: (Span<UInt8>) throws(Failure) -> Result
) throws(Failure) -> Result {
  let buffer = unsafe UnsafeBufferPointer(start: bytes.assumingMemoryBound(to: UInt8.self), count: length)
  return try body(unsafe buffer.span)
}

/// Runs a step with the room at a pointer.
@inline(__always)
func withRoom<Result: ~Copyable, Failure: Error>(
  _ room: UnsafeMutableRawPointer, _ size: Int, _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
) throws(Failure) -> Result {
  let buffer = unsafe UnsafeMutableBufferPointer(start: room.assumingMemoryBound(to: UInt8.self), count: size)
  var span = unsafe buffer.mutableSpan
  return try body(&span)
}

extension Array<UInt8> {
  /// A copy of text.
  init(_ text: UnsafePointer<CChar>, _ length: Int) {
    self = unsafe Array(UnsafeRawBufferPointer(start: text, count: length))
  }

  /// Writes the bytes to a pointer; returns their number, or nil if they need more than `size` bytes.
  func copy(to text: UnsafeMutablePointer<CChar>, _ size: Int) -> Int? {
    guard count <= size else { return nil }
    unsafe UnsafeMutableRawBufferPointer(start: text, count: size).copyBytes(from: self)
    return count
  }
}
