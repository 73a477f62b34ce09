import CIdioms
import CLinux
import Glibc
import Testing

@testable import Idioms

/// Waiting for descriptors: C and Swift give the same values.
struct ReadinessTests {
  #if arch(x86_64)
    @Test("An event of epoll is packed") func packedEvent() {
      #expect(unsafe MemoryLayout<epoll_event>.size == 12)
    }
  #endif

  @Test("epoll gives each event with the token of its descriptor, until the handler ends the loop")
  func epollLoop() throws {
    for isC in [true, false] {
      let epoll = epoll_create1(CInt(EPOLL_CLOEXEC))
      let (one, other) = (try TestSockets.pipe(), try TestSockets.pipe())
      defer { for fd in [epoll, one.reader, one.writer, other.reader, other.writer] { close(fd) } }
      func watch(_ fd: CInt, _ token: UInt64) -> CInt {
        isC
          ? epoll_watch(epoll, fd, EPOLLIN.rawValue, token)
          : epollWatch(epoll, fd, events: EPOLLIN.rawValue, token: token)
      }
      #expect(watch(one.reader, .max) == 0)
      #expect(watch(other.reader, 7) == 0)
      #expect(watch(other.reader, 8) == -EEXIST)
      #expect(watch(-1, 9) == -EBADF)
      #expect(Self.run(epoll, isC, until: 1, 20) == (-ETIMEDOUT, []))
      for fd in [one.writer, other.writer] { try TestSockets.write(fd, [1]) }
      let (result, tokens) = Self.run(epoll, isC, until: 2, 10_000)
      #expect(result == 0)
      #expect(Set(tokens) == [.max, 7])
      // The descriptors are still ready, and the handler ends the loop after the first event.
      #expect(Self.run(epoll, isC, until: 1, 10_000).1.count == 1)
      #expect(Self.run(-1, isC, until: 1, 20) == (-EBADF, []))
    }
  }

  /// Runs the loop until the handler has had a number of events; returns their tokens.
  private static func run(_ epoll: CInt, _ isC: Bool, until count: Int, _ time: CInt) -> (CInt, [UInt64]) {
    var tokens: [UInt64] = []
    if !isC {
      let result = epollRun(epoll, milliseconds: time) { token, events in
        #expect(events == EPOLLIN.rawValue)
        tokens.append(token)
        return tokens.count < count
      }
      return (result, tokens)
    }
    var context = (tokens: tokens, count: count)
    let result = unsafe withUnsafeMutablePointer(to: &context) { context in
      unsafe epoll_run(
        epoll, time,
        { token, _, context in
          let context = unsafe context!.assumingMemoryBound(to: (tokens: [UInt64], count: Int).self)
          unsafe context.pointee.tokens.append(token)
          return unsafe context.pointee.tokens.count < context.pointee.count
        }, context)
    }
    return (result, context.tokens)
  }

  @Test("A timer counts how often it expired, one of 0 never does, and a negative time is refused")
  func timerDescriptor() throws {
    for isC in [true, false] {
      func timer(_ time: Int) -> CInt { isC ? interval_timer(time) : intervalTimer(milliseconds: time) }
      func expirations(_ fd: CInt) -> Int64 { isC ? timer_expirations(fd) : timerExpirations(fd) }
      let start = SuspendingClock.now
      let (fast, slow, never) = (timer(5), timer(3_600_000), timer(0))
      defer { for fd in [fast, slow, never] { close(fd) } }
      #expect(fcntl(fast, F_GETFD) == FD_CLOEXEC)
      var total: Int64 = 0
      while total < 4 {
        try TestSockets.ready(fast)
        total += expirations(fast)
      }
      let elapsed = SuspendingClock.now - start
      #expect(elapsed >= .milliseconds(20))
      #expect(total <= Int64(elapsed / .milliseconds(5)))
      #expect(expirations(slow) == 0)
      #expect(expirations(never) == 0)
      #expect(timer(-1) == -EINVAL)
      #expect(expirations(-1) == -Int64(EBADF))
    }
  }

  @Test("A counter collects the notifications of both languages, and leaves errno as it was")
  func eventCounter() throws {
    for fd in [event_counter(), Idioms.eventCounter()] {
      defer { close(fd) }
      #expect(fcntl(fd, F_GETFD) == FD_CLOEXEC)
      for isC in [true, false] {
        func take() -> Int64 { isC ? take_events(fd) : takeEvents(fd) }
        func notify(_ fd: CInt) -> CInt { isC ? notify_event(fd) : notifyEvent(fd) }
        #expect(take() == 0)
        #expect(notify_event(fd) == 0 && notifyEvent(fd) == 0 && notify(fd) == 0)
        try TestSockets.ready(fd)
        #expect(take() == 3)
        errno = ENOENT
        let results = (notify(-1), errno)
        #expect(results == (-EBADF, ENOENT))

        var most = UInt64.max - 1
        #expect(unsafe write(fd, &most, 8) == 8)
        #expect(notify(fd) == 0)
        #expect(take() == .max)
        #expect((isC ? take_events(-1) : takeEvents(-1)) == -Int64(EBADF))
      }
    }
  }

  @Test("A descriptor becomes non-blocking and blocking, and keeps its other flags") func nonBlocking() throws {
    for set in [set_nonblocking, setNonBlocking] {
      let (reader, writer) = try TestSockets.pipe()
      defer { for fd in [reader, writer] { close(fd) } }
      #expect(fcntl(reader, F_SETFL, O_APPEND) == 0)
      #expect(set(reader, true) == 0)
      #expect(fcntl(reader, F_GETFL) & (O_APPEND | O_NONBLOCK) == O_APPEND | O_NONBLOCK)
      var byte: UInt8 = 0
      #expect(unsafe read(reader, &byte, 1) == -1)
      #expect(errno == EAGAIN)
      #expect(set(reader, true) == 0)
      #expect(set(reader, false) == 0)
      #expect(fcntl(reader, F_GETFL) & (O_APPEND | O_NONBLOCK) == O_APPEND)
      #expect(set(-1, true) == -EBADF)
    }
  }

  @Test("The bytes of a pipe and the next datagram are counted, and a listener has none") func bytesReady() throws {
    for count in [bytes_ready, Idioms.bytesReady] {
      let (reader, writer) = try TestSockets.pipe()
      let (server, client) = try TestSockets.udp()
      let listener = try TestSockets.listener()
      defer { for fd in [reader, writer, server, client, listener.fd] { close(fd) } }
      #expect(count(reader) == 0)
      try TestSockets.write(writer, [1, 2, 3, 4, 5])
      #expect(count(reader) == 5)
      for bytes in [[1, 2, 3], [4]] as [[UInt8]] { try TestSockets.write(client, bytes) }
      try TestSockets.ready(server)
      #expect(count(server) == 3)
      #expect(count(listener.fd) == -EINVAL)
      #expect(count(-1) == -EBADF)
    }
  }
}
