import Glibc

/// Returns a non-blocking TCP socket that no child process inherits, or a
/// negative errno.
func tcpSocket() -> CInt {
  let type =
    SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
  let fd = socket(AF_INET, CInt(type), 0)
  return fd < 0 ? -errno : fd
}
