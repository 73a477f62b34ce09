import CIdioms
import Glibc
import Testing

@testable import Idioms

/// Addresses: C and Swift give the same values.
struct AddressesTests {
  @Test("A socket has the type, and is non-blocking and closed on exec, in C as in Swift") func socketType() throws {
    for fd in [tcp_socket(), tcpSocket()] {
      try #require(fd >= 0)
      defer { close(fd) }
      var (type, size) = (CInt(0), socklen_t(MemoryLayout<CInt>.size))
      #expect(unsafe getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0)
      #expect(type == CInt(SOCK_STREAM.rawValue))
      #expect(fcntl(fd, F_GETFL) & O_NONBLOCK != 0)
      #expect(fcntl(fd, F_GETFD) == FD_CLOEXEC)
    }
  }

  @Test("The longest path of a socket fits, and one more byte is refused", arguments: [0, 1, 107, 108, 4096])
  func socketPath(length: Int) {
    let path = String(repeating: "p", count: length)
    var c = sockaddr_un()
    let result = unsafe socket_path(path, &c)
    let swift = Idioms.socketPath(path)
    #expect((result == 0) == (swift != nil))
    #expect((result == 0) == (length < 108))
    guard let swift else { return #expect(result == -ENAMETOOLONG) }
    #expect(unsafe withUnsafeBytes(of: c) { unsafe Array($0) } == withUnsafeBytes(of: swift) { unsafe Array($0) })
  }
}
