import Glibc

/// Reads until the buffer is full. `done` is how many bytes it has: 0 at
/// first. Returns 1 if it is full, 0 if the input has ended, or a negative
/// errno; after -EAGAIN the next call reads the rest.
func readExactly(
  _ fd: CInt, into buffer: inout MutableSpan<UInt8>, done: inout Int
) -> CInt {
  while done < buffer.count {
    // The buffer is not empty, so it has an address.
    let n = unsafe buffer.withUnsafeMutableBytes {
      unsafe read(fd, $0.baseAddress! + done, $0.count - done)
    }
    if n == 0 { return 0 }
    if n > 0 {
      done += n
    } else {
      let error = errno
      if error != EINTR { return -error }
    }
  }
  return 1
}
