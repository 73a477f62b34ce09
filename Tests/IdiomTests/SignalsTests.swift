import CIdioms
import CLinux
import Glibc
import Synchronization
import Testing

@testable import Idioms

/// The signals that the handlers of BlockedThreads received, each as two digits.
private let received = Atomic<Int>(0)

private func receive(_ number: CInt) -> Bool {
  received.store(received.load(ordering: .relaxed) * 100 + Int(number), ordering: .relaxed)
  return number != SIGUSR2
}

/// Signals: C and Swift give the same values. Each test has a process of its own, since an action is the process's.
struct SignalsTests {
  static func flags(of number: CInt) -> CInt {
    var action = sigaction()
    unsafe sigaction(number, nil, &action)
    return action.sa_flags
  }

  /// Tests run in threads of Dispatch, which block signals.
  static func unblock() {
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
  }

  static func isBlocked(_ number: CInt) -> Bool {
    var set = sigset_t()
    unsafe pthread_sigmask(SIG_BLOCK, nil, &set)
    return unsafe sigismember(&set, number) == 1
  }

  @Test("SIGINT and SIGTERM set the flag, by actions that restart no call") func stopFlag() async {
    await #expect(processExitsWith: .success) {
      SignalsTests.unblock()
      for (install, requested) in [(catch_stop_signals, stop_requested), (catchStopSignals, stopRequested)] {
        #expect(install() == 0)
        #expect(requested() == 0)
        for number in [SIGTERM, SIGINT] {
          #expect(SignalsTests.flags(of: number) & SA_RESTART == 0)
          raise(number)
          #expect(requested() == number)
        }
      }
    }
  }

  @Test("A descriptor gives each pending signal once, with its sender") func signalDescriptor() async {
    await #expect(processExitsWith: .success) {
      for isC in [true, false] {
        func open(_ signals: [CInt]) -> CInt {
          isC ? unsafe signal_descriptor(signals, CInt(signals.count)) : Idioms.signalDescriptor(signals)
        }
        func take(_ fd: CInt) -> [CInt] {
          if !isC { return [takeSignal(fd).number, takeSignal(fd).sender] }
          var sender: pid_t = 0
          let first = unsafe take_signal(fd, &sender)
          return unsafe [first, take_signal(fd, &sender) == 0 ? 0 : sender]
        }
        let fd = open([SIGUSR1, SIGUSR2])
        defer { close(fd) }
        #expect(fcntl(fd, F_GETFD) == FD_CLOEXEC)
        #expect(take(fd) == [0, 0])
        // A signal that is pending already is not queued once more.
        for number in [SIGUSR1, SIGUSR1] { raise(number) }
        try TestSockets.ready(fd)
        #expect(take(fd) == [SIGUSR1, 0])
        for number in [SIGUSR1, SIGUSR2] { raise(number) }
        #expect(take(fd) == [SIGUSR1, getpid()])
        #expect(open([0]) == -EINVAL)
        #expect(take(-1)[0] == -EBADF)
      }
    }
  }

  @Test("A handler notes the sender, by an action that restarts calls") func signalAction() async {
    await #expect(processExitsWith: .success) {
      SignalsTests.unblock()
      for (install, sender) in [(catch_sender, signal_sender), (catchSender, signalSender)] {
        #expect(install(SIGUSR1) == 0)
        #expect(sender() == 0)
        raise(SIGUSR1)
        #expect(sender() == getpid())
        #expect(SignalsTests.flags(of: SIGUSR1) & (SA_RESTART | SA_SIGINFO) == SA_RESTART | SA_SIGINFO)
        #expect(install(SIGKILL) == -EINVAL)
      }
    }
  }

  @Test("An ignored SIGPIPE lets write() fail with EPIPE, and the former action is reported") func ignorePipe() async {
    await #expect(processExitsWith: .success) {
      for ignore in [ignore_signal, ignoreSignal] {
        signal(SIGPIPE, SIG_DFL)
        #expect(ignore(SIGPIPE) == 0)
        #expect(ignore(SIGPIPE) == 1)
        #expect(ignore(SIGKILL) == -EINVAL)
        let (reader, writer) = try TestSockets.pipe()
        defer { close(writer) }
        close(reader)
        let result = (unsafe write(writer, "x", 1), errno)
        #expect(result == (-1, EPIPE))
      }
    }
  }

  @Test("SIGPIPE ends a process that does not ignore it") func defaultPipe() async {
    await #expect(processExitsWith: .signal(SIGPIPE)) {
      SignalsTests.unblock()
      signal(SIGPIPE, SIG_DFL)
      let (reader, writer) = try TestSockets.pipe()
      close(reader)
      _ = unsafe write(writer, "x", 1)
    }
  }

  /// Calls the C in a child, since SIGALRM interrupts any thread. The child calls only system calls.
  private static func readInChild(_ fd: CInt, _ time: Int) -> Int {
    let child = fork()
    if child == 0 {
      var byte: UInt8 = 0
      let count = unsafe read_before(fd, &byte, 1, time)
      _exit(CInt(truncatingIfNeeded: count < 0 ? 0 &- count : 200 &+ count))
    }
    let status = Int(wait_for_child(child))
    return status >= 200 ? status - 200 : -status
  }

  @Test("A read with a time limit returns the bytes, the end, the error, or ETIMEDOUT after that time")
  func intervalTimer() async {
    await #expect(processExitsWith: .success) {
      SignalsTests.unblock()
      for isC in [true, false] {
        func read(_ fd: CInt, _ time: Int) -> Int {
          if isC { return SignalsTests.readInChild(fd, time) }
          var bytes: [UInt8] = [0]
          var span = bytes.mutableSpan
          return readBefore(fd, &span, milliseconds: time)
        }
        let (reader, writer) = try TestSockets.pipe()
        defer { close(reader) }
        let start = SuspendingClock.now
        #expect(read(reader, 30) == -Int(ETIMEDOUT))
        #expect(SuspendingClock.now - start >= .milliseconds(29))
        try TestSockets.write(writer, [1])
        #expect(read(reader, 10_000) == 1)
        close(writer)
        #expect(read(reader, 10_000) == 0)
        #expect(read(1 << 20, 10_000) == -Int(EBADF))
      }
    }
  }

  @Test("A pipe gives the signals in their order, and a full one leaves errno as it was") func selfPipe() async {
    await #expect(processExitsWith: .success) {
      SignalsTests.unblock()
      for isC in [true, false] {
        func take(_ fd: CInt) -> CInt { isC ? take_piped_signal(fd) : takePipedSignal(fd) }
        let signals = [SIGUSR1, SIGUSR2]
        let fd = isC ? unsafe signal_pipe(signals, 2) : signalPipe(signals)
        #expect(fcntl(fd, F_GETFD) == FD_CLOEXEC)
        #expect(take(fd) == 0)
        for number in [SIGUSR2, SIGUSR1, SIGUSR1] { raise(number) }
        try TestSockets.ready(fd)
        #expect([take(fd), take(fd), take(fd), take(fd)] == [SIGUSR2, SIGUSR1, SIGUSR1, 0])
        // More than a pipe has room for.
        for _ in 0..<70_000 { raise(SIGUSR1) }
        errno = ENOENT
        raise(SIGUSR1)
        let after = errno
        #expect(after == ENOENT)
        var count = 0
        while take(fd) == SIGUSR1 { count += 1 }
        #expect((4096...65_536).contains(count))
        #expect(take(-1) == -EBADF)
      }
    }
  }

  @Test("A thread takes the signals that all later threads block") func blockedThreads() async {
    await #expect(processExitsWith: .success) {
      for isC in [true, false] {
        var thread = pthread_t()
        func start(_ signals: [CInt]) -> CInt {
          isC
            ? unsafe start_signal_thread(signals, CInt(signals.count), { receive($0) }, &thread)
            : startSignalThread(signals, &thread, handle: receive)
        }
        #expect(start([0]) == -EINVAL)
        #expect(start([SIGUSR1, SIGUSR2]) == 0)
        received.store(0, ordering: .relaxed)
        Background { if !SignalsTests.isBlocked(SIGUSR1) { abort() } }.join()
        for number in [SIGUSR1, SIGUSR2] { pthread_kill(thread, number) }
        pthread_join(thread, nil)
        let both = Int(SIGUSR1 * 100 + SIGUSR2)
        #expect(received.load(ordering: .relaxed) == both)
      }
    }
  }
}
