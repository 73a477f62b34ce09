import Glibc

/// Ends this side of a connection, and reads the rest of the other side.
/// Returns the number of bytes, or a negative errno: -EMSGSIZE if the rest
/// is larger than the buffer. The socket is blocking.
func finishAndRead(_ fd: CInt, into buffer: inout MutableSpan<UInt8>) -> Int {
  guard shutdown(fd, CInt(SHUT_WR)) == 0 else { return -Int(errno) }
  return unsafe buffer.withUnsafeMutableBytes { buffer in
    var total = 0
    while true {
      var extra: UInt8 = 0
      let isFull = total == buffer.count
      // Only a read into free room tells the end from a full buffer.
      let count =
        isFull
        ? unsafe read(fd, &extra, 1)
        : unsafe read(fd, buffer.baseAddress! + total, buffer.count - total)
      if count < 0 && errno == EINTR { continue }
      if count < 0 { return -Int(errno) }
      if count == 0 { return total }
      if isFull { return -Int(EMSGSIZE) }
      total += count
    }
  }
}
