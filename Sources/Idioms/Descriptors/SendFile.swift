import CLinux
import Glibc

/// Sends a file from its first byte to its end. Returns how many bytes were
/// sent, or a negative errno; then a part may be sent. Both are blocking.
func sendWholeFile(to: CInt, from file: CInt) -> off_t {
  var offset: off_t = 0
  while true {
    let n = unsafe sendfile(to, file, &offset, 1 << 20)
    if n == 0 { return offset }
    if n < 0 {
      let error = errno
      if error != EINTR { return off_t(-error) }
    }
  }
}

/// Moves all that is in a pipe, until its writers close it, to another
/// descriptor. Returns how many bytes were moved, or a negative errno; then
/// a part may be moved. Both are blocking.
func drainPipe(_ pipe: CInt, to: CInt) -> off_t {
  var total: off_t = 0
  while true {
    let n = splice(pipe, nil, to, nil, 1 << 16, 0)
    if n == 0 { return total }
    if n > 0 {
      total += off_t(n)
    } else {
      let error = errno
      if error != EINTR { return off_t(-error) }
    }
  }
}
