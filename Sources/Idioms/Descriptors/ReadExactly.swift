import Glibc

/// Reads until the buffer is full or the input ends. Returns how many bytes
/// were read: fewer than the buffer has only at the end; or a negative
/// errno.
func readExactly(_ fd: CInt, into buffer: inout MutableSpan<UInt8>) -> Int {
  var done = 0
  while done < buffer.count {
    // The buffer is not empty, so it has an address.
    let n = unsafe buffer.withUnsafeMutableBytes {
      unsafe read(fd, $0.baseAddress! + done, $0.count - done)
    }
    if n == 0 { break }
    if n > 0 {
      done += n
    } else {
      let error = errno
      if error != EINTR { return Int(-error) }
    }
  }
  return done
}
