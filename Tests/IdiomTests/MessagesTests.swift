import CIdioms
import CLinux
import Glibc
import Testing

@testable import Idioms

/// Messages with ancillary data: C and Swift give the same values.
struct MessagesTests {
  @Test(
    "A descriptor passes from C to Swift and back, and is closed on exec", arguments: [true, false], [true, false])
  func passesDescriptors(sendsC: Bool, receivesC: Bool) throws {
    let (one, other) = try TestSockets.pair()
    let (reader, writer) = try TestSockets.pipe()
    defer { for fd in [one, other, reader, writer] { close(fd) } }
    #expect((sendsC ? send_descriptor(one, writer) : sendDescriptor(one, writer)) == 0)
    let received = receivesC ? receive_descriptor(other) : receiveDescriptor(other)
    try #require(received >= 0)
    #expect(received != writer)
    #expect(fcntl(received, F_GETFD) == FD_CLOEXEC)
    try TestSockets.write(received, [1, 2, 3])
    close(received)
    #expect(try TestSockets.read(reader) == [1, 2, 3])
  }

  @Test("The end, a message without descriptor, and errors of the socket are reported")
  func refusesOtherMessages() throws {
    for receive in [receive_descriptor, receiveDescriptor] {
      let (one, other) = try TestSockets.pair()
      try TestSockets.write(one, [0])
      #expect(receive(other) == -EBADMSG)
      close(one)
      #expect(receive(other) == -ENODATA)
      close(other)
      #expect(receive(-1) == -EBADF)
    }
    for send in [send_descriptor, sendDescriptor] {
      let (one, other) = try TestSockets.pair()
      #expect(send(one, -1) == -EBADF)
      close(other)
      #expect(send(one, 0) == -EPIPE)
      close(one)
    }
  }

  @Test("No descriptor of a refused message stays open", arguments: [true, false], [0, 1])
  func closesRefusedDescriptors(isC: Bool, size: Int) throws {
    let (one, other) = try TestSockets.pair(SOCK_SEQPACKET)
    let (reader, writer) = try TestSockets.pipe()
    defer { for fd in [one, other, reader] { close(fd) } }
    // One descriptor in an empty message, or two in a message of a byte.
    try Self.send(one, [UInt8](repeating: 0, count: size), [CInt](repeating: writer, count: size + 1))
    close(writer)
    #expect((isC ? receive_descriptor(other) : receiveDescriptor(other)) == -EBADMSG)
    #expect(try TestSockets.read(reader) == [])
  }

  private static func send(_ socket: CInt, _ bytes: [UInt8], _ descriptors: [CInt]) throws {
    var (bytes, size) = (bytes, descriptors.count * MemoryLayout<CInt>.size)
    var control = [UInt8](repeating: 0, count: linux_cmsg_space(size))
    let result = unsafe bytes.withUnsafeMutableBytes { bytes in
      var part = unsafe iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
      return unsafe withUnsafeMutablePointer(to: &part) { part in
        unsafe control.withUnsafeMutableBytes { control in
          var message = unsafe msghdr()
          unsafe (message.msg_iov, message.msg_iovlen) = (part, 1)
          unsafe (message.msg_control, message.msg_controllen) = (control.baseAddress, control.count)
          let header = unsafe linux_cmsg_first(&message)!
          unsafe header.pointee = cmsghdr()
          unsafe header.pointee.cmsg_len = linux_cmsg_len(size)
          unsafe header.pointee.cmsg_level = SOL_SOCKET
          unsafe header.pointee.cmsg_type = CInt(SCM_RIGHTS)
          unsafe memcpy(linux_cmsg_data(header), descriptors, size)
          return unsafe sendmsg(socket, &message, 0)
        }
      }
    }
    size = bytes.count
    try #require(result == size)
  }

  @Test("The peer of a Unix socket is this process, and a TCP socket has no such peer")
  func peerCredentials() throws {
    let (one, other) = try TestSockets.pair()
    let (client, server) = try TestSockets.tcp()
    defer { for fd in [one, other, client, server] { close(fd) } }
    var (process, user, group) = (pid_t(0), uid_t(0), gid_t(0))
    #expect(unsafe peer_credentials(one, &process, &user, &group) == 0)
    #expect((process, user, group) == (getpid(), geteuid(), getegid()))
    let (result, peer) = Idioms.peerCredentials(one)
    #expect(result == 0)
    #expect((peer.pid, peer.uid, peer.gid) == (process, user, group))

    #expect(unsafe peer_credentials(client, &process, &user, &group) == -ENODATA)
    #expect(Idioms.peerCredentials(client).result == -ENODATA)
    var (raw, size) = (linux_ucred(), socklen_t(MemoryLayout<linux_ucred>.size))
    #expect(unsafe getsockopt(client, SOL_SOCKET, SO_PEERCRED, &raw, &size) == 0)
    #expect((raw.pid, raw.uid) == (0, .max))
    #expect(unsafe peer_credentials(-1, &process, &user, &group) == -EBADF)
    #expect(Idioms.peerCredentials(-1).result == -EBADF)
  }

  @Test("A datagram comes with the address to which it was sent", arguments: [true, false])
  func packetInfo(isC: Bool) throws {
    let (server, client) = try TestSockets.udp()
    defer { for fd in [server, client] { close(fd) } }
    func receive() throws -> (Int, in_pktinfo) {
      try TestSockets.ready(server)
      var (buffer, info) = ([UInt8](repeating: 0, count: 4), in_pktinfo())
      if isC {
        let count = unsafe receive_with_info(server, &buffer, 4, &info.ipi_addr, &info.ipi_ifindex)
        return (count, info)
      }
      var span = buffer.mutableSpan
      return receiveWithInfo(server, into: &span)
    }
    try TestSockets.write(client, [1])
    #expect(try receive().0 == -Int(ENODATA))

    #expect((isC ? want_packet_info(server) : wantPacketInfo(server)) == 0)
    for size in [0, 4] {
      try TestSockets.write(client, [UInt8](repeating: 7, count: size))
      let (count, info) = try receive()
      #expect(count == size)
      #expect(info.ipi_addr.s_addr == INADDR_LOOPBACK.bigEndian)
      #expect(unsafe info.ipi_ifindex == CInt(if_nametoindex("lo")))
    }
    try TestSockets.write(client, [1, 2, 3, 4, 5])
    #expect(try receive().0 == -Int(EMSGSIZE))
    #expect((isC ? want_packet_info(-1) : wantPacketInfo(-1)) == -EBADF)
  }

  @Test("A datagram is sent back, also an empty one, and one that was cut is not", arguments: [true, false])
  func datagrams(isC: Bool) throws {
    let (server, client) = try TestSockets.udp()
    defer { for fd in [server, client] { close(fd) } }
    func echo() -> Int { isC ? echo_datagram(server) : echoDatagram(server) }
    for size in [0, 1, 1472, 1473, 9000, 3] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
      try TestSockets.write(client, bytes)
      try TestSockets.ready(server)
      #expect(echo() == (size <= 1472 ? size : -Int(EMSGSIZE)))
      if size <= 1472 { #expect(try TestSockets.read(client) == bytes) }
    }
    #expect(setNonBlocking(server, true) == 0)
    #expect(echo() == -Int(EAGAIN))
  }

  @Test("A batch has the datagrams that wait, at most eight, and marks those that were cut", arguments: [true, false])
  func batchReceive(isC: Bool) throws {
    let (server, client) = try TestSockets.udp()
    defer { for fd in [server, client] { close(fd) } }
    func receive() throws -> [[UInt8]?] {
      try TestSockets.ready(server)
      if !isC {
        let (count, datagrams) = receiveBatch(server)
        #expect(Int(count) == datagrams.count)
        return datagrams
      }
      var (buffer, lengths) = ([CChar](repeating: 0, count: 8 * 1472), [CInt](repeating: 0, count: 8))
      let count = unsafe receive_batch(server, &buffer, &lengths)
      return (0..<max(0, Int(count))).map { index in
        let start = index * 1472
        if lengths[index] == -EMSGSIZE { return nil }
        return buffer[start..<start + Int(lengths[index])].map(UInt8.init(bitPattern:))
      }
    }
    let long = [UInt8](repeating: 9, count: 1473)
    for bytes in [[], [1, 2, 3], long, [4]] { try TestSockets.write(client, bytes) }
    #expect(try receive() == [[], [1, 2, 3], nil, [4]])
    for number in 0..<10 as Range<UInt8> { try TestSockets.write(client, [number]) }
    #expect(try receive() == (0..<8).map { [$0] })
    #expect(try receive() == [[8], [9]])
    #expect(setNonBlocking(server, true) == 0)
    var (buffer, lengths) = ([CChar](repeating: 0, count: 8 * 1472), [CInt](repeating: 0, count: 8))
    #expect((isC ? unsafe receive_batch(server, &buffer, &lengths) : receiveBatch(server).count) == -EAGAIN)
  }
}
