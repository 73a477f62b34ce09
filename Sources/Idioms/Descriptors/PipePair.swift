import CLinux
import Glibc

/// Makes a pipe: ends[0] reads what is written into ends[1]. Returns 0, or
/// a negative errno.
func pipePair(_ ends: inout InlineArray<2, CInt>) -> CInt {
  var span = ends.mutableSpan
  let result = unsafe span.withUnsafeMutableBufferPointer {
    unsafe pipe2($0.baseAddress!, O_CLOEXEC | O_NONBLOCK)
  }
  return result < 0 ? -errno : 0
}

/// Makes two sockets that are connected to each other. Returns 0, or a
/// negative errno.
func socketPair(_ ends: inout InlineArray<2, CInt>) -> CInt {
  let flags = SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
  let type = CInt(SOCK_STREAM.rawValue | flags)
  var span = ends.mutableSpan
  let result = unsafe span.withUnsafeMutableBufferPointer {
    unsafe socketpair(AF_UNIX, type, 0, $0.baseAddress)
  }
  return result < 0 ? -errno : 0
}
