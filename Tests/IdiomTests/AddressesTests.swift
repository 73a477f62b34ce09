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

  @Test("The longest path of a socket fits, and one more byte or none is refused", arguments: [0, 1, 107, 108, 4096])
  func socketPaths(length: Int) {
    let path = String(repeating: "p", count: length)
    var c = sockaddr_un()
    let result = unsafe socket_path(path, &c)
    let swift = Idioms.socketPath(path)
    #expect((result == 0) == (swift != nil))
    #expect((result == 0) == (1..<108 ~= length))
    guard let swift else { return #expect(result == (length == 0 ? -EINVAL : -ENAMETOOLONG)) }
    #expect(unsafe withUnsafeBytes(of: c) { unsafe Array($0) } == withUnsafeBytes(of: swift) { unsafe Array($0) })
  }

  @Test("A path that contains a NUL is refused, and C sees its beginning only") func socketPathsWithNUL() {
    var c = sockaddr_un()
    #expect(Idioms.socketPath("a\0b") == nil && Idioms.socketPath("\0b") == nil)
    #expect(unsafe socket_path("a\0b", &c) == 0 && c.sun_path.0 == CChar(UInt8(ascii: "a")) && c.sun_path.1 == 0)
  }

  @Test("An address has family, port and host in network byte order, and no port is cut", arguments: [0, 80, 65535])
  func internetAddress(port: Int) throws {
    var c = sockaddr_in()
    #expect(unsafe loopback_address(port, &c) == 0)
    let swift = try #require(loopbackAddress(port: port))
    #expect(TestSockets.bytes(c) == TestSockets.bytes(swift))
    #expect(Array(TestSockets.bytes(swift)[2...7]) == [UInt8(port >> 8), UInt8(port & 255), 127, 0, 0, 1])
  }

  @Test("A port that does not exist is refused", arguments: [-1, 65536, 65616, .max])
  func portRange(port: Int) {
    var c = sockaddr_in()
    #expect(unsafe loopback_address(port, &c) == -ERANGE)
    #expect(loopbackAddress(port: port) == nil)
  }

  @Test("A conversion of a port that does not exist ends the process, and C's cast gives another port")
  func portConversion() async {
    #expect(UInt16(truncatingIfNeeded: 65616) == 80)
    await #expect(processExitsWith: .failure) {
      let port = Int(getpid()) | 1 << 16
      _ = UInt16(port)
    }
  }

  @Test("A load from a misaligned address ends a debug build") func misalignedLoad() async {
    await #expect(processExitsWith: .failure) {
      let bytes = [UInt8](repeating: 0, count: 4096)
      _ = unsafe bytes.withUnsafeBytes { unsafe $0.load(fromByteOffset: 1, as: UInt32.self) }
    }
  }

  @Test("A header is in network byte order, and is read at any address")
  func byteOrder() throws {
    let header = TimedHeader(type: 0x0102, length: 0x0304_0506, time: 0x0708_090a_0b0c_0d0e)
    var c = [UInt8](repeating: 0, count: TimedHeader.size)
    unsafe encode_header(header.type, header.length, header.time, &c)
    #expect(c == Array(1...14))
    #expect(header.encoded == c)

    let moved = [0] + c
    var (type, length, time) = (UInt16(0), UInt32(0), UInt64(0))
    let result = unsafe moved.withUnsafeBufferPointer { bytes in
      unsafe decode_header(bytes.baseAddress! + 1, bytes.count - 1, &type, &length, &time)
    }
    #expect(result == 0)
    #expect(TimedHeader(type: type, length: length, time: time) == header)
    #expect(TimedHeader(moved.span.extracting(droppingFirst: 1)) == header)
  }

  @Test("A header of too few bytes is refused", arguments: [0, 1, 13])
  func shortHeader(count: Int) {
    let bytes = [UInt8](repeating: 0xff, count: count)
    var (type, length, time) = (UInt16(0), UInt32(0), UInt64(0))
    #expect(unsafe decode_header(bytes, count, &type, &length, &time) == -EBADMSG)
    #expect(TimedHeader(bytes.span) == nil)
  }

  @Test("A server listens at an address, and a port in use or an address of another machine is refused")
  func bindAddress() throws {
    for isC in [true, false] {
      func listens(_ address: sockaddr_in) -> CInt {
        var address = address
        return isC ? unsafe listen_at(&address, 5) : listenAt(address, backlog: 5)
      }
      let fd = listens(TestSockets.loopback())
      try #require(fd >= 0)
      defer { close(fd) }
      let port = try TestSockets.port(of: fd)
      #expect(port != 0)
      #expect(listens(TestSockets.loopback(port)) == -EADDRINUSE)
      var foreign = sockaddr_in()
      foreign.sin_family = sa_family_t(AF_INET)
      foreign.sin_addr.s_addr = UInt32(0xc000_0201).bigEndian  // 192.0.2.1, which no machine has
      #expect(listens(foreign) == -EADDRNOTAVAIL)
    }
    #expect(withSocketAddress(sockaddr_in6()) { $1 } == 28)
  }

  @Test("accept4() gives the address of an IPv4 and of an IPv6 client, and an error of a socket that does not listen")
  func acceptsPeers() throws {
    let (four, address) = try TestSockets.listener()
    let (six, port) = try TestSockets.listener6(in6addr_loopback)
    defer { for fd in [four, six] { close(fd) } }
    for isC in [true, false] {
      var remote = sockaddr_in6()
      remote.sin6_family = sa_family_t(AF_INET6)
      remote.sin6_port = port.bigEndian
      remote.sin6_addr = in6addr_loopback
      let clients = [
        try TestSockets.connected(to: address), try TestSockets.connected(to: remote, family: AF_INET6),
      ]
      for (listener, client) in zip([four, six], clients) {
        var peer = sockaddr_storage()
        let fd: CInt
        if isC { fd = unsafe accept_peer(listener, &peer) } else { (fd, peer) = acceptPeer(listener) }
        #expect(fd >= 0)
        #expect(fcntl(fd, F_GETFD) == FD_CLOEXEC)
        #expect(TestSockets.bytes(peer) == TestSockets.bytes(localAddress(client).address))
        for each in [fd, client] { close(each) }
      }
    }
    let plain = tcpSocket()
    defer { close(plain) }
    var peer = sockaddr_storage()
    #expect(unsafe accept_peer(plain, &peer) == -EINVAL)
    #expect(acceptPeer(plain).fd == -EINVAL)
  }

  @Test("A client connects to each address of a name, and reports a refusal and a name without address")
  func resolveName() throws {
    let (listener, address) = try TestSockets.listener()
    defer { close(listener) }
    let service = "\(UInt16(bigEndian: address.sin_port))"
    // localhost can be ::1 first, where nothing listens.
    for host in ["127.0.0.1", "localhost"] {
      for fd in [unsafe connect_to_host(host, service), connectToHost(host, service: service)] {
        #expect(fd >= 0)
        close(fd)
      }
    }
    let (closed, refusing) = try TestSockets.listener()
    close(closed)
    let port = "\(UInt16(bigEndian: refusing.sin_port))"
    #expect(unsafe connect_to_host("127.0.0.1", port) == -ECONNREFUSED)
    #expect(connectToHost("127.0.0.1", service: port) == -ECONNREFUSED)
    #expect(unsafe connect_to_host("127.0.0.1", "no-such-service") == -ENOENT)
    #expect(connectToHost("127.0.0.1", service: "no-such-service") == -ENOENT)
  }
}
