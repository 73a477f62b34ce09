// Each test runs in a process of its own, because a signal's action applies to the whole process.
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

/// `sizeof(struct signalfd_siginfo)`, which `import Glibc` omits.
private let signalInfoSize = 128

extension Engines {
  @Suite struct SignalsTests {
    @Test("Writing to a closed pipe fails once write signals are ignored", arguments: EngineName.allCases)
    func ignoredSIGPIPE(_ which: EngineName) async {
      await #expect(processExitsWith: .success) { [which] in
        let e = which.engine
        try e.ignoreWriteSignals()
        let ends = try TestSystem.pipe().release()
        _ = Descriptor(owning: ends.first)
        let writer = Descriptor(owning: ends.second)
        expectFailure(.output, .brokenPipe) { try e.write(writer, "x") }
      }
    }

    @Test("Writing to a closed pipe kills the process by default", arguments: EngineName.allCases)
    func defaultSIGPIPE(_ which: EngineName) async {
      await #expect(processExitsWith: .signal(SIGPIPE)) { [which] in
        TestSystem.handle(SIGPIPE, ignore: false)
        let ends = try TestSystem.pipe().release()
        _ = Descriptor(owning: ends.first)
        let writer = Descriptor(owning: ends.second)
        try which.engine.write(writer, "x")
      }
    }

    @Test("SIGINT, SIGTERM and SIGHUP make the stop descriptor readable", arguments: EngineName.allCases)
    func stopSignals(_ which: EngineName) async {
      await #expect(processExitsWith: .success) { [which] in
        let e = which.engine
        for signal in [SIGINT, SIGTERM, SIGHUP] { TestSystem.handle(signal, ignore: false) }
        let stop = try e.stopSignals()
        #expect(TestSystem.descriptorFlags(stop.number) == TestSystem.Flags(closeOnExec: true, nonBlocking: true))
        let idle = try TestSystem.pipe()
        for signal in [SIGINT, SIGTERM, SIGHUP] {
          expectFailure(.wait, .timedOut) {
            _ = try e.wait(idle.first.lent, for: .readable, stop: stop.lent, timeout: .milliseconds(1))
          }
          TestSystem.raiseHere(signal)
          expectFailure(.wait, .canceled) {
            _ = try e.wait(idle.first.lent, for: .readable, stop: stop.lent, timeout: .seconds(timeoutSeconds))
          }
          // The signal's number is the first field of the structure.
          #expect(try e.read(stop, atMost: signalInfoSize)?.first == UInt8(signal))
        }
      }
    }

    @Test("SIGUSR1 makes the status descriptor readable, and ends nothing", arguments: EngineName.allCases)
    func statusSignals(_ which: EngineName) async {
      await #expect(processExitsWith: .success) { [which] in
        let e = which.engine
        TestSystem.handle(SIGUSR1, ignore: false)
        let status = try e.statusSignals()
        #expect(TestSystem.descriptorFlags(status.number) == TestSystem.Flags(closeOnExec: true, nonBlocking: true))
        #expect(!(try TestSystem.isReadable(status.number, within: 0)))
        TestSystem.raiseHere(SIGUSR1)
        #expect(try e.read(status, atMost: signalInfoSize)?.first == UInt8(SIGUSR1))
      }
    }

    @Test("A signal ends serving", arguments: EngineName.allCases)
    func signalEndsServing(_ which: EngineName) async {
      await #expect(processExitsWith: .success) { [which] in
        let e = which.engine
        TestSystem.handle(SIGTERM, ignore: false)
        let stop = try e.stopSignals()
        TestSystem.raiseHere(SIGTERM)
        let server = try e.openServer([.anyIPv4], backlog: 1, observer: nil)
        try e.serve(server, .echo, ServeOptions(keepOpen: true, stop: stop.lent), observer: nil)
        try e.close(server)
      }
    }

    /// A shell starts background jobs with SIGINT ignored, so that ^C does not end them.
    @Test("A signal that was ignored at the start stays ignored", arguments: EngineName.allCases)
    func ignoredSignals(_ which: EngineName) async {
      await #expect(processExitsWith: .success) { [which] in
        for signal in [SIGINT, SIGHUP] { TestSystem.handle(signal, ignore: true) }
        TestSystem.handle(SIGTERM, ignore: false)
        let stop = try which.engine.stopSignals()
        #expect(!TestSystem.isBlocked(SIGINT) && !TestSystem.isBlocked(SIGHUP))
        #expect(TestSystem.isBlocked(SIGTERM))
        for signal in [SIGINT, SIGHUP] { TestSystem.raiseHere(signal) }
        #expect(!(try TestSystem.isReadable(stop.number, within: 0)))
        TestSystem.raiseHere(SIGTERM)
        #expect(try TestSystem.isReadable(stop.number, within: 0))
      }
    }
  }
}
