import CIdioms
import Glibc
import Testing

@testable import Idioms

/// Connections and their options: C and Swift give the same values.
struct ConnectionsTests {
  @Test("The options of a connection are set, a read fails after the time, and other sockets are refused")
  func socketOption() throws {
    for tune in [tune_connection, { tuneConnection($0, milliseconds: $1) }] as [(CInt, Int) -> CInt] {
      let (client, server) = try TestSockets.tcp()
      defer { for fd in [client, server] { close(fd) } }
      #expect(tune(client, 1500) == 0)
      var (on, size) = (CInt(0), socklen_t(MemoryLayout<CInt>.size))
      #expect(unsafe getsockopt(client, CInt(IPPROTO_TCP), TCP_NODELAY, &on, &size) == 0)
      #expect(on == 1)
      for name in [SO_RCVTIMEO, SO_SNDTIMEO] {
        var (limit, size) = (timeval(), socklen_t(MemoryLayout<timeval>.size))
        #expect(unsafe getsockopt(client, SOL_SOCKET, name, &limit, &size) == 0)
        #expect(limit.tv_sec == 1)
        // The kernel rounds to its ticks.
        #expect((490_000...510_000).contains(limit.tv_usec))
      }
      #expect(tune(client, 20) == 0)
      var byte: UInt8 = 0
      #expect(unsafe read(client, &byte, 1) == -1)
      #expect(errno == EAGAIN)

      let (one, other) = try TestSockets.pair()
      defer { for fd in [one, other] { close(fd) } }
      #expect(tune(one, 20) == -EOPNOTSUPP)
      #expect(tune(-1, 20) == -EBADF)
    }
  }

  @Test("A connection is made or refused within the time, and a server that does not answer is too late")
  func connectTimeout() throws {
    for isC in [true, false] {
      func connects(_ address: sockaddr_in, _ time: CInt) -> CInt {
        var address = address
        return isC ? unsafe connect_within(&address, time) : connectWithin(Int(time), to: address)
      }
      let (listener, address) = try TestSockets.listener(backlog: 0)
      defer { close(listener) }
      var (open, result): ([CInt], CInt) = ([], 0)
      defer { for fd in open { close(fd) } }
      // The queue of a backlog of 0 has room for one connection or two; the server drops the packets of the next.
      while open.count < 8 {
        let start = SuspendingClock.now
        result = connects(address, open.isEmpty ? 10_000 : 100)
        if result < 0 {
          #expect(SuspendingClock.now - start >= .milliseconds(99))
          break
        }
        #expect(fcntl(result, F_GETFL) & O_NONBLOCK == 0)
        #expect(fcntl(result, F_GETFD) == FD_CLOEXEC)
        open.append(result)
      }
      #expect(!open.isEmpty)
      #expect(result == -ETIMEDOUT)

      let (closed, refusing) = try TestSockets.listener()
      close(closed)
      #expect(connects(refusing, 10_000) == -ECONNREFUSED)
    }
  }

  @Test("A connection is closed with a reset, and a Unix socket only ends") func lingerReset() throws {
    for closes in [close_with_reset, closeWithReset] {
      let (client, server) = try TestSockets.tcp()
      defer { close(client) }
      // Linux keeps what arrived before the reset.
      try TestSockets.write(server, [1, 2, 3])
      try TestSockets.ready(client)
      #expect(closes(server) == 0)
      #expect(try TestSockets.read(client) == [1, 2, 3])
      try TestSockets.ready(client)
      var byte: UInt8 = 0
      #expect(unsafe read(client, &byte, 1) == -1)
      #expect(errno == ECONNRESET)

      let (one, other) = try TestSockets.pair()
      defer { close(one) }
      #expect(closes(other) == 0)
      #expect(try TestSockets.read(one) == [])
      #expect(closes(-1) == -EBADF)
    }
  }

  @Test("Both ends of a connection know each other's address, and a socket without peer reports it")
  func peerName() throws {
    let (client, server) = try TestSockets.tcp()
    defer { for fd in [client, server] { close(fd) } }
    for (one, other) in [(client, server), (server, client)] {
      var (peer, local) = (sockaddr_storage(), sockaddr_storage())
      #expect(unsafe peer_address(one, &peer) == 16)
      #expect(unsafe local_address(other, &local) == 16)
      #expect(TestSockets.bytes(peer) == TestSockets.bytes(local))
      #expect(peerAddress(one).length == 16)
      #expect(TestSockets.bytes(peerAddress(one).address) == TestSockets.bytes(peer))
      #expect(TestSockets.bytes(localAddress(other).address) == TestSockets.bytes(local))
    }
    let lone = tcpSocket()
    defer { close(lone) }
    var storage = sockaddr_storage()
    #expect(unsafe peer_address(lone, &storage) == -ENOTCONN)
    #expect(peerAddress(lone).length == -ENOTCONN)
  }

  @Test("A sockaddr has no room for an IPv6 address: the kernel cuts it, and returns the whole length")
  func shortAddress() throws {
    let (listener, _) = try TestSockets.listener6(in6addr_loopback)
    defer { close(listener) }
    var (address, length) = (sockaddr(), socklen_t(MemoryLayout<sockaddr>.size))
    #expect(unsafe getsockname(listener, &address, &length) == 0)
    #expect(length == 28)
    #expect(localAddress(listener).length == 28)
    var c = sockaddr_storage()
    #expect(unsafe local_address(listener, &c) == 28)
  }
}
