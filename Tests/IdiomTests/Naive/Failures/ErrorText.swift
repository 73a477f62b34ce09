import Glibc

func errorText(_ what: String, _ error: CInt) -> String {
  var buffer = [CChar](repeating: 0, count: 128)
  let reason = strerror_r(error, &buffer, buffer.count)
  return what + ": " + String(cString: reason)
}

func report(_ what: String) {
  perror(what)
}
