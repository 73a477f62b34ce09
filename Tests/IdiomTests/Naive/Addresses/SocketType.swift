import Glibc

func tcpSocket() -> CInt {
  let fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)
  return fd < 0 ? -errno : fd
}
