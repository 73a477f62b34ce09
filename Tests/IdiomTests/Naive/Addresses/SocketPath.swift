import Glibc

func socketPath(_ path: String) -> sockaddr_un {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  strcpy(address.sun_path, path)
  return address
}
