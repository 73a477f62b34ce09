import CIdioms
import CLinux
import Glibc
import Testing

@testable import Idioms

/// Calls that signals interrupt: C and Swift go on, and keep their deadlines.
struct InterruptedTests {
  @Test("A wait that signals interrupt ends at its time", arguments: [true, false])
  func deadlines(isC: Bool) async {
    await #expect(processExitsWith: .exitCode(7)) { [isC] in
      let (_, writer) = try TestSockets.pipe()
      guard setNonBlocking(writer, true) == 0 else { exit(1) }
      let full = [UInt8](repeating: 0, count: 4096)
      while unsafe write(writer, full, full.count) > 0 {}
      let calls: [@Sendable () -> CInt] = [
        {
          var interest = select_interest()
          _ = unsafe select_watch(&interest, writer, CInt(SELECT_WRITE))
          return unsafe select_ready(&interest, 100, { _, _, _ in }, nil)
        },
        {
          var set = [pollfd(fd: writer, events: Int16(POLLOUT), revents: 0)]
          return unsafe poll_ready(&set, 1, 100, { _, _, _, _ in }, nil)
        },
        { unsafe write_message(writer, [1], 1, [2], 1, 100) },
        { unsafe epoll_run(epoll_create1(0), 100, { _, _, _ in true }, nil) },
        {
          var interest = SelectInterest()
          _ = interest.watch(writer, .write)
          return interest.ready(milliseconds: 100) { _, _, _ in }
        },
        {
          var set = [pollfd(fd: writer, events: Int16(POLLOUT), revents: 0)]
          return pollReady(&set, milliseconds: 100) { _, _, _ in }
        },
        { writeMessage(writer, head: [1].span, body: [2].span, milliseconds: 100) },
        { epollRun(epoll_create1(0), milliseconds: 100) { _, _ in true } },
      ]
      for (index, call) in (isC ? calls[..<4] : calls[4...]).enumerated() {
        let start = SuspendingClock.now
        guard try Interrupted.run({ Int(call()) }) == -Int(ETIMEDOUT) else { exit(10 + CInt(index)) }
        guard SuspendingClock.now - start >= .milliseconds(99) else { exit(20 + CInt(index)) }
      }
      exit(7)
    }
  }

  @Test("A connection that a signal interrupts is made in the end", arguments: [true, false])
  func resolveName(isC: Bool) async {
    await #expect(processExitsWith: .exitCode(7)) { [isC] in
      let (listener, address) = try TestSockets.listener(backlog: 0)
      let service = "\(UInt16(bigEndian: address.sin_port))"
      // The server drops the packets of a connection that its queue has no room for; the client repeats them.
      while connectWithin(100, to: address) >= 0 {}
      let result = try Interrupted.run {
        Int(unsafe isC ? connect_to_host("127.0.0.1", service) : connectToHost("127.0.0.1", service: service))
      } meanwhile: {
        guard setNonBlocking(listener, true) == 0 else { exit(1) }
        while acceptPeer(listener).fd >= 0 {}
      }
      guard let result, result >= 0 else { exit(2) }
      // It is connected, and blocking.
      guard peerAddress(CInt(result)).length > 0, fcntl(CInt(result), F_GETFL) & O_NONBLOCK == 0 else { exit(3) }
      exit(7)
    }
  }

  @Test(
    "Lines end with an error where a signal interrupts a read, and no part of a line is given",
    arguments: [true, false])
  func readLines(isC: Bool) async {
    let path = TemporaryFolder()
    await #expect(processExitsWith: .exitCode(7)) { [isC, path = path.file("pipe") as String] in
      guard unsafe mkfifo(path, 0o600) == 0 else { exit(1) }
      let pipe = unsafe open(path, O_RDWR | O_CLOEXEC)
      try TestSockets.write(pipe, Array("a\nb".utf8))
      let result = try Interrupted.run {
        var lines: [[UInt8]] = []
        let count = isC ? TextStreamsTests.lines(path, &lines) : Idioms.readLines(path) { lines.append($0) }
        return lines == [[0x61]] ? Int(count) : 1
      }
      guard result == -Int(EINTR) else { exit(2) }
      exit(7)
    }
  }

  @Test("A line that memory has no room for is an error, and not the end", arguments: [true, false])
  func longLine(isC: Bool) async {
    let folder = TemporaryFolder()
    await #expect(processExitsWith: .exitCode(7)) { [isC, path = folder.file("line", containing: []) as String] in
      guard unsafe truncate(path, 1 << 30) == 0 else { exit(1) }
      let pages = TemporaryFolder.bytes(of: "/proc/self/statm")!.prefix { $0 != 0x20 }
      let used = UInt(String(decoding: pages, as: UTF8.self))! * UInt(getpagesize())
      var limit = rlimit(rlim_cur: rlim_t(used + (100 << 20)), rlim_max: .max)
      guard unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { exit(2) }
      var lines: [[UInt8]] = []
      let count = isC ? TextStreamsTests.lines(path, &lines) : Idioms.readLines(path) { lines.append($0) }
      exit(count == -ENOMEM && lines.isEmpty ? 7 : 3)
    }
  }

  @Test("A state reaches a supervisor whose queue was full, although signals interrupt", arguments: [true, false])
  func notifySupervisor(isC: Bool) async {
    let folder = TemporaryFolder()
    await #expect(processExitsWith: .exitCode(7)) { [isC, path = folder.file("notify") as String] in
      guard let address = socketPath(path) else { exit(1) }
      let supervisor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
      guard withSocketAddress(address, { unsafe bind(supervisor, $0, $1) }) == 0 else { exit(2) }
      let filler = try TestSockets.connected(to: address, family: AF_UNIX, type: SOCK_DGRAM)
      while unsafe send(filler, "x", 1, CInt(MSG_DONTWAIT)) == 1 {}
      var last: [UInt8] = []
      let result = try Interrupted.run {
        Int(unsafe isC ? notify_supervisor(path, "READY=1") : Idioms.notifySupervisor(path, "READY=1"))
      } meanwhile: {
        while last != Array("READY=1".utf8) { last = try TestSockets.read(supervisor) }
      }
      exit(result == 1 ? 7 : 3)
    }
  }

  @Test("A named pipe is opened when its writer comes, although signals interrupt", arguments: [true, false])
  func openOrReport(isC: Bool) async {
    let folder = TemporaryFolder()
    await #expect(processExitsWith: .exitCode(7)) { [isC, path = folder.file("pipe") as String] in
      guard unsafe mkfifo(path, 0o600) == 0 else { exit(1) }
      let result = try Interrupted.run {
        Int(unsafe isC ? open_or_report(path, STDERR_FILENO) : Idioms.openOrReport(path, log: STDERR_FILENO))
      } meanwhile: {
        while unsafe open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC) < 0 { sched_yield() }
      }
      exit(result ?? -1 >= 0 ? 7 : 2)
    }
  }

  @Test("A command's output is complete although signals interrupt the reader", arguments: [true, false])
  func readCommand(isC: Bool) async {
    await #expect(processExitsWith: .exitCode(7)) { [isC] in
      let result = try Interrupted.run {
        let (status, output) = ProcessesTests.read(isC, "sleep 0.2; printf abc", 9)
        return output == Array("abc".utf8) ? Int(status) : 1
      }
      exit(result == 0 ? 7 : 2)
    }
  }
}
