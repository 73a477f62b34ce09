// Signals change the whole process: each test has one of its own.
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct SignalsTests {
    @Test(arguments: Which.allCases)
    func aClosedPipeIsAnErrorFromNowOn(_ which: Which) async {
      await #expect(processExitsWith: .success) { [which] in
        let e = which.engine
        try e.ignoreWriteSignals()
        let ends = try Kernel.pipe().release()
        _ = Descriptor(owning: ends.first)
        let writer = Descriptor(owning: ends.second)
        expectFailure(.output, .brokenPipe) { try e.write(writer, "x") }
      }
    }

    @Test(arguments: Which.allCases)
    func aClosedPipeIsDeathOtherwise(_ which: Which) async {
      await #expect(processExitsWith: .signal(SIGPIPE)) { [which] in
        Kernel.handle(SIGPIPE, ignore: false)
        let ends = try Kernel.pipe().release()
        _ = Descriptor(owning: ends.first)
        let writer = Descriptor(owning: ends.second)
        try which.engine.write(writer, "x")
      }
    }

    @Test(arguments: Which.allCases)
    func aSignalIsAStop(_ which: Which) async {
      await #expect(processExitsWith: .success) { [which] in
        let e = which.engine
        for signal in [SIGINT, SIGTERM] { Kernel.handle(signal, ignore: false) }
        let stop = try e.stopSignals()
        #expect(Kernel.descriptorFlags(stop.number) == Kernel.Flags(closeOnExec: true, nonBlocking: true))
        let idle = try Kernel.pipe()
        for signal in [SIGINT, SIGTERM] {
          expectFailure(.wait, .timedOut) {
            _ = try e.wait(idle.first.lent, for: .readable, stop: stop.lent, timeout: .milliseconds(1))
          }
          Kernel.raiseHere(signal)
          expectFailure(.wait, .canceled) {
            _ = try e.wait(idle.first.lent, for: .readable, stop: stop.lent, timeout: .seconds(patience))
          }
          // struct signalfd_siginfo starts with the signal.
          #expect(try e.read(stop, atMost: 128)?.first == UInt8(signal))
        }
      }
    }

    @Test(arguments: Which.allCases)
    func aSignalStopsServing(_ which: Which) async {
      await #expect(processExitsWith: .success) { [which] in
        let e = which.engine
        Kernel.handle(SIGTERM, ignore: false)
        let stop = try e.stopSignals()
        Kernel.raiseHere(SIGTERM)
        let server = try e.openServer([.anyIPv4], backlog: 1, observer: nil)
        try e.serve(server, .echo, ServeOptions(keepOpen: true, stop: stop.lent), observer: nil)
        try e.close(server)
      }
    }

    /// A shell starts background jobs with SIGINT ignored, so that ^C spares them.
    @Test(arguments: Which.allCases)
    func ignoredSignalsStayIgnored(_ which: Which) async {
      await #expect(processExitsWith: .success) { [which] in
        Kernel.handle(SIGINT, ignore: true)
        Kernel.handle(SIGTERM, ignore: false)
        let stop = try which.engine.stopSignals()
        #expect(!Kernel.isBlocked(SIGINT))
        #expect(Kernel.isBlocked(SIGTERM))
        Kernel.raiseHere(SIGINT)
        #expect(!(try Kernel.isReadable(stop.number, within: 0)))
        Kernel.raiseHere(SIGTERM)
        #expect(try Kernel.isReadable(stop.number, within: 0))
      }
    }
  }
}
