import Glibc

/// Why a function failed. The numbers of the two are different things.
enum NetworkFailure: Error, Equatable {
  case system(errno: CInt)
  case name(code: CInt)  // an EAI_ constant

  /// What the failure means.
  var text: String {
    switch self {
    case .system(let error): unsafe String(cString: strerror(error))
    case .name(let code): unsafe String(cString: gai_strerror(code))
    }
  }
}

/// Makes the address of a TCP service from two numbers in text.
func numericAddress(
  _ host: String, _ port: String
) throws(NetworkFailure) -> sockaddr_storage {
  var hints = unsafe addrinfo()
  unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
  unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
  var list: UnsafeMutablePointer<addrinfo>?
  let code = unsafe getaddrinfo(host, port, &hints, &list)
  let error = errno
  if code == EAI_SYSTEM { throw .system(errno: error) }
  guard code == 0, let first = unsafe list else { throw .name(code: code) }
  defer { unsafe freeaddrinfo(first) }
  var address = sockaddr_storage()
  // An address of any family fits into the storage.
  unsafe withUnsafeMutableBytes(of: &address) { storage in
    let size = unsafe Int(first.pointee.ai_addrlen)
    let start = unsafe first.pointee.ai_addr
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: size)
    unsafe storage.copyMemory(from: bytes)
  }
  return address
}
