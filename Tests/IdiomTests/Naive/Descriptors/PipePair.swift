import Glibc

func pipePair(_ ends: inout (CInt, CInt)) -> CInt {
  return pipe2(&ends, O_CLOEXEC | O_NONBLOCK) < 0 ? -errno : 0
}

func socketPair(_ ends: inout (CInt, CInt)) -> CInt {
  let type = CInt(SOCK_STREAM.rawValue)
  return socketpair(AF_UNIX, type, 0, &ends) < 0 ? -errno : 0
}
