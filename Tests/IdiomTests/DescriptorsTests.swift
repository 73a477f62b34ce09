import CIdioms
import Glibc
import Testing

@testable import Idioms

/// Descriptors: C and Swift give the same values.
struct DescriptorsTests {
  @Test("A listener is returned open, and a failed one leaves no descriptor behind") func ownedDescriptor() async {
    await #expect(processExitsWith: .success) {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
      let before = Self.sockets()
      let first = unsafe listen_on(&address, 1)
      #expect(first >= 0)
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let named = unsafe withUnsafeMutableBytes(of: &address) {
        unsafe getsockname(first, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, &size)
      }
      #expect(named == 0 && address.sin_port != 0)
      // The port is in use now, so bind(2) fails.
      #expect(unsafe listen_on(&address, 1) == -EADDRINUSE)
      #expect(listenOn(address, backlog: 1) == -EADDRINUSE)
      #expect(Self.sockets() == before + 1)
      close(first)
      address.sin_port = 0
      let second = listenOn(address, backlog: 1)
      #expect(second >= 0 && Self.sockets() == before + 1)
      close(second)
      #expect(Self.sockets() == before)
    }
  }

  /// How many sockets the process has. The runtime may open other descriptors at any time.
  static func sockets() -> Int {
    var count = 0
    _ = listFolder("/proc/self/fd") { name in
      var target = [UInt8](repeating: 0, count: 64)
      let path = "/proc/self/fd/" + String(decoding: name, as: UTF8.self)
      let length = unsafe target.withUnsafeMutableBytes {
        unsafe readlink(path, $0.assumingMemoryBound(to: CChar.self).baseAddress!, $0.count)
      }
      if target.prefix(max(length, 0)).starts(with: "socket:".utf8) { count += 1 }
    }
    return count
  }

  @Test("All bytes are written in several calls, and a full pipe is reported", arguments: [0, 1, 65_536, 1_000_000])
  func writeAll(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 3) }
    for swift in [false, true] {
      let (reader, writer) = try Self.pipe()
      let sink = Background {
        var buffer = [UInt8](repeating: 0, count: 7_000)
        var (done, right) = (0, true)
        while case let n = unsafe read(reader, &buffer, buffer.count), n > 0 {
          right = (0..<n).allSatisfy { buffer[$0] == UInt8(truncatingIfNeeded: (done + $0) / 3) } && right
          done += n
        }
        #expect(right && done == count)
        close(reader)
      }
      let result = unsafe swift ? Idioms.writeAll(writer, bytes.span) : write_all(writer, bytes, count)
      #expect(result == 0)
      close(writer)
      sink.join()
    }
    guard count > 65_536 else { return }
    for swift in [false, true] {
      let (reader, writer) = try Self.pipe(O_NONBLOCK)
      let result = unsafe swift ? Idioms.writeAll(writer, bytes.span) : write_all(writer, bytes, count)
      #expect(result == -EAGAIN)
      var pending: CInt = 0
      #expect(unsafe ioctl(reader, UInt(FIONREAD), &pending) == 0 && pending == 65_536)
      close(reader)
      close(writer)
    }
  }

  static func pipe(_ flags: CInt = 0) throws -> (reader: CInt, writer: CInt) {
    var ends: InlineArray<2, CInt> = [-1, -1]
    try #require(Idioms.pipePair(&ends) == 0)
    for end in ends.indices { _ = fcntl(ends[end], F_SETFL, flags) }
    return (ends[0], ends[1])
  }

  @Test("A read ends when the buffer is full, or at the end of the input", arguments: [0, 3, 8, 20])
  func readExactly(count: Int) throws {
    let bytes = [UInt8]((0..<count).map { UInt8($0 + 1) })
    for swift in [false, true] {
      let (reader, writer) = try Self.pipe()
      // A part of the bytes arrives while the call waits for more.
      let half = Array(bytes[..<min(count / 2, 4)]), rest = Array(bytes[half.count...])
      let source = Background {
        _ = Idioms.writeAll(writer, half.span)
        var pending: CInt = 1
        while pending > 0 { _ = unsafe ioctl(reader, UInt(FIONREAD), &pending) }
        _ = Idioms.writeAll(writer, rest.span)
        close(writer)
      }
      var buffer = [UInt8](repeating: 0, count: 8)
      var n = 0
      let result = Self.fill(swift, reader, &buffer, &n)
      #expect(result == (count < 8 ? 0 : 1) && n == min(count, 8) && Array(buffer[..<n]) == Array(bytes.prefix(8)))
      source.join()
      close(reader)
    }
  }

  private static func fill(_ swift: Bool, _ fd: CInt, _ buffer: inout [UInt8], _ done: inout Int) -> CInt {
    if !swift { return unsafe read_exactly(fd, &buffer, buffer.count, &done) }
    var span = buffer.mutableSpan
    return Idioms.readExactly(fd, into: &span, done: &done)
  }

  @Test("A read that would block keeps its bytes, and the next call goes on", arguments: [false, true])
  func readExactlyInParts(swift: Bool) throws {
    let (reader, writer) = try Self.pipe(O_NONBLOCK)
    defer { for fd in [reader, writer] { close(fd) } }
    var (buffer, done) = ([UInt8](repeating: 0, count: 4), 0)
    for (bytes, result) in [([], -EAGAIN), ([1, 2, 3], -EAGAIN), ([4, 5], 1), ([], 1)] as [([UInt8], CInt)] {
      try TestSockets.write(writer, bytes)
      #expect(Self.fill(swift, reader, &buffer, &done) == result)
    }
    #expect(done == 4 && buffer == [1, 2, 3, 4])
    done = 0
    #expect(Self.fill(swift, -1, &buffer, &done) == -EBADF)
  }

  @Test("Both ends of a pair are non-blocking, closed on exec, and connected") func pipePair() {
    for swift in [false, true] {
      for sockets in [false, true] {
        var ends: InlineArray<2, CInt> = [-1, -1]
        var c: [CInt] = [-1, -1]
        switch (swift, sockets) {
        case (true, false): #expect(Idioms.pipePair(&ends) == 0)
        case (true, true): #expect(Idioms.socketPair(&ends) == 0)
        case (false, false): #expect(unsafe pipe_pair(&c) == 0)
        case (false, true): #expect(unsafe socket_pair(&c) == 0)
        }
        if !swift { ends = [c[0], c[1]] }
        for end in ends.indices {
          #expect(fcntl(ends[end], F_GETFD) == FD_CLOEXEC && fcntl(ends[end], F_GETFL) & O_NONBLOCK != 0)
        }
        var byte: UInt8 = 0
        #expect(unsafe read(ends[0], &byte, 1) == -1 && errno == EAGAIN)
        #expect(unsafe write(ends[1], [7], 1) == 1 && read(ends[0], &byte, 1) == 1 && byte == 7)
        // A pipe has one direction.
        #expect(unsafe (write(ends[0], [7], 1) == 1) == sockets)
        close(ends[0])
        close(ends[1])
      }
    }
  }

  @Test("A connection is closed once, and reports a bad descriptor") func closeOnce() throws {
    let (a, b) = try Self.pipe()
    var c = connection(fd: a)
    #expect(unsafe connection_close(&c) == 0 && connection_close(&c) == 0 && c.fd == -1)
    var swift = ClosingConnection(b)
    #expect(swift.close() == 0)
    #expect(swift.close() == 0 && swift.fd == -1)
    var bad = connection(fd: CInt.max)
    #expect(unsafe connection_close(&bad) == -EBADF && connection_close(&bad) == 0)
    var badSwift = ClosingConnection(CInt.max)
    #expect(badSwift.close() == -EBADF)
    #expect(badSwift.close() == 0)
  }
}
