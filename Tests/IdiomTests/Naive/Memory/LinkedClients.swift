import Glibc

struct Client {
  var fd: CInt
  var requests: CUnsignedInt
  var next: Client?
}

func clientsAdd(_ list: inout Client?, _ fd: CInt) -> CInt {
  list = Client(fd: fd, requests: 0, next: list)
  return 0
}
