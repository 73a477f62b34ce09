import Glibc

func notifySupervisor(_ name: UnsafePointer<CChar>, _ state: String) -> CInt {
  var address = sockaddr_un()
  address.sun_family = AF_UNIX
  strcpy(&address.sun_path, name)
  if name[0] == "@" { address.sun_path[0] = 0 }
  let fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)
  let size = socklen_t(2 + strlen(name))
  let n = sendto(fd, state, strlen(state), MSG_NOSIGNAL, &address, size)
  close(fd)
  return n < 0 ? -errno : 1
}
