import Glibc

/// Received bytes that are not yet parsed.
struct LineInput {
  private var bytes = [UInt8](repeating: 0, count: 256)
  private(set) var count = 0

  /// Reads once, behind the bytes that are in the buffer. Returns how many
  /// were added, 0 at the end, or a negative errno: -ENOBUFS if it is full.
  mutating func fill(from fd: CInt) -> Int {
    guard count < bytes.count else { return Int(-ENOBUFS) }
    let used = count
    while true {
      let n = unsafe bytes.withUnsafeMutableBytes {
        unsafe read(fd, $0.baseAddress! + used, $0.count - used)
      }
      if n >= 0 {
        count += n
        return n
      }
      let error = errno
      if error != EINTR { return Int(-error) }
    }
  }

  /// Removes the first line, and returns it without its newline. Returns
  /// nil while no line is complete.
  mutating func line() -> [UInt8]? {
    let newline = UInt8(ascii: "\n")
    guard let end = bytes[..<count].firstIndex(of: newline) else { return nil }
    let line = Array(bytes[..<end])
    let length = end + 1
    for i in length..<count { bytes[i - length] = bytes[i] }
    count -= length
    return line
  }
}
