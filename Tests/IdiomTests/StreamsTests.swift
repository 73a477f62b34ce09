import CIdioms
import Glibc
import Synchronization
import Testing

@testable import Idioms

/// Streams: C and Swift send and receive the same bytes.
struct StreamsTests {
  @Test(
    "A message is written whole, also where each write is short", arguments: [true, false],
    [(0, 0), (0, 1), (1, 0), (4, 300_000), (200_000, 200_000)])
  func scatterGather(isC: Bool, sizes: (Int, Int)) throws {
    let head = (0..<sizes.0).map { UInt8(truncatingIfNeeded: $0) }
    let body = (0..<sizes.1).map { UInt8(truncatingIfNeeded: $0 / 3) }
    let (reader, writer) = try TestSockets.pipe()
    defer { close(reader) }
    #expect(fcntl(writer, F_SETFL, O_NONBLOCK) == 0)
    let received = Mutex<[UInt8]>([])
    let thread = Background {
      while let bytes = try? TestSockets.read(reader, atMost: 10_000), !bytes.isEmpty {
        received.withLock { $0 += bytes }
      }
    }
    let result =
      isC
      ? unsafe write_message(writer, head, head.count, body, body.count, 10_000)
      : writeMessage(writer, head: head.span, body: body.span, milliseconds: 10_000)
    close(writer)
    thread.join()
    #expect(result == 0)
    #expect(received.withLock { $0 } == head + body)
  }

  @Test("A descriptor that stays full and one that is closed are reported", arguments: [true, false])
  func writeErrors(isC: Bool) throws {
    let (reader, writer) = try TestSockets.pipe()
    defer { for fd in [reader, writer] { close(fd) } }
    #expect(fcntl(writer, F_SETFL, O_NONBLOCK) == 0)
    let body = [UInt8](repeating: 1, count: 100_000)
    func write(_ fd: CInt) -> CInt {
      isC
        ? unsafe write_message(fd, body, 4, body, body.count, 20)
        : writeMessage(fd, head: body.span.extracting(first: 4), body: body.span, milliseconds: 20)
    }
    #expect(write(writer) == -ETIMEDOUT)
    #expect(write(-1) == -EBADF)
  }

  @Test("One read fills the header and then the body", arguments: [true, false])
  func readVector(isC: Bool) throws {
    let (reader, writer) = try TestSockets.pipe()
    defer { close(reader) }
    func read() throws -> (count: Int, head: [UInt8], body: [UInt8]) {
      var (head, body) = ([UInt8](repeating: 0, count: 4), [UInt8](repeating: 0, count: 6))
      try TestSockets.ready(reader, POLLIN)
      if isC { return (unsafe read_parts(reader, &head, 4, &body, 6), head, body) }
      var headSpan = head.mutableSpan
      var bodySpan = body.mutableSpan
      let count = readParts(reader, head: &headSpan, body: &bodySpan)
      return (count, head, body)
    }
    try TestSockets.write(writer, Array(1...12))
    #expect(try read() == (10, [1, 2, 3, 4], [5, 6, 7, 8, 9, 10]))
    #expect(try read() == (2, [11, 12, 0, 0], [0, 0, 0, 0, 0, 0]))
    close(writer)
    #expect(try read().count == 0)
  }

  @Test("All bytes are sent, and a peer that is gone is an error instead of a signal", arguments: [true, false])
  func sendQuietly(isC: Bool) throws {
    let (client, server) = try TestSockets.tcp()
    defer { close(client) }
    func send(_ bytes: [UInt8], more: Bool = false) -> CInt {
      var done = 0
      return Self.send(isC, client, bytes, more: more, &done)
    }
    #expect(send([]) == 0)
    let large = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0) }
    let received = Mutex<[UInt8]>([])
    let thread = Background {
      while received.withLock({ $0.count }) < large.count, let bytes = try? TestSockets.read(server) {
        received.withLock { $0 += bytes }
      }
    }
    #expect(send(large) == 0)
    thread.join()
    #expect(received.withLock { $0 } == large)

    // After 200 ms the kernel sends without more, so a slow machine can need another attempt.
    let waited = (0..<50).contains { _ in
      guard send([1], more: true) == 0, bytesReady(server) == 0 else { return false }
      return send([2]) == 0
    }
    #expect(waited)
    close(server)
    var result: CInt = 0
    for _ in 0..<100 where result == 0 {
      result = send([1])
      // The peer's reset can arrive later.
      if result == 0 { try TestSockets.ready(client) }
    }
    #expect(result == -EPIPE || result == -ECONNRESET)
    #expect(send([1]) == -EPIPE)
  }

  private static func send(_ isC: Bool, _ fd: CInt, _ bytes: [UInt8], more: Bool, _ done: inout Int) -> CInt {
    isC
      ? unsafe send_all(fd, bytes, bytes.count, more, &done)
      : sendAll(fd, bytes.span, more: more, done: &done)
  }

  @Test("A send that would block keeps its count, and the next call goes on", arguments: [true, false])
  func sendInParts(isC: Bool) throws {
    let (one, other) = try TestSockets.pair()
    defer { for fd in [one, other] { close(fd) } }
    try #require(setNonBlocking(one, true) == 0)
    let large = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    var (received, done, calls): ([UInt8], Int, Int) = ([], 0, 0)
    while true {
      let result = Self.send(isC, one, large, more: false, &done)
      calls += 1
      while received.count < done { received += try TestSockets.read(other, atMost: done - received.count) }
      if result == 0 { break }
      try #require(result == -EAGAIN && done < large.count)
    }
    #expect(calls > 1 && done == large.count && received == large)
  }

  @Test("Without MSG_NOSIGNAL a write to a peer that is gone ends the process") func brokenPipe() async {
    await #expect(processExitsWith: .signal(SIGPIPE)) {
      signal(SIGPIPE, SIG_DFL)
      let (one, other) = try TestSockets.pair()
      close(other)
      var byte: UInt8 = 0
      _ = unsafe write(one, &byte, 1)
    }
  }

  @Test("After a half-close the rest of the peer's data is read, and more than the buffer is an error")
  func halfClose() throws {
    for isC in [true, false] {
      func finish(_ fd: CInt) -> (Int, [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: 8)
        if isC {
          let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe finish_and_read(fd, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
          }
          return (count, buffer)
        }
        var span = buffer.mutableSpan
        let count = finishAndRead(fd, into: &span)
        return (count, buffer)
      }
      for size in [0, 5, 8, 9] {
        let (client, server) = try TestSockets.tcp()
        defer { for fd in [client, server] { close(fd) } }
        let rest = [UInt8](repeating: 7, count: size)
        try TestSockets.write(server, rest)
        #expect(shutdown(server, CInt(SHUT_WR)) == 0)
        let (count, buffer) = finish(client)
        #expect(count == (size <= 8 ? size : -Int(EMSGSIZE)))
        if size <= 8 { #expect(Array(buffer[..<size]) == rest) }
        #expect(try TestSockets.read(server) == [])
      }
      let lone = tcpSocket()
      defer { close(lone) }
      #expect(finish(lone).0 == -Int(ENOTCONN))
    }
  }

  @Test("An urgent byte comes first, and what was sent before it is dropped", arguments: [true, false], [3, 1500])
  func urgentByte(isC: Bool, size: Int) throws {
    let (client, server) = try TestSockets.tcp()
    defer { for fd in [client, server] { close(fd) } }
    func receive() -> CInt { isC ? receive_urgent(server) : receiveUrgent(server) }
    #expect(receive() == -EINVAL)
    try TestSockets.write(client, [UInt8](repeating: 1, count: size))
    #expect((isC ? send_urgent(client, 33) : sendUrgent(client, 33)) == 0)
    try TestSockets.write(client, [2, 3])
    try TestSockets.ready(server, POLLPRI)
    #expect(receive() == 33)
    #expect(try TestSockets.read(server) == [2, 3])
    #expect(receive() == -EINVAL)
    #expect((isC ? send_urgent(-1, 33) : sendUrgent(-1, 33)) == -EBADF)
  }
}
