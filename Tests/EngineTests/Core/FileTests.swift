// The files that a server creates: their modes, and errors of their reads and writes.
internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct FileTests {
    /// In a process of its own, because the umask is the process's.
    @Test(
      "A server's files get mode 0600 whatever the umask", arguments: EngineName.allCases,
      [0o777, 0o277, 0] as [mode_t])
    func umask(_ which: EngineName, _ mask: mode_t) async {
      await #expect(processExitsWith: .success) { [which, mask] in
        let folder = try TemporaryFolder()
        Glibc.umask(mask)
        let server = try which.engine.openServer([.unix(path: folder.path("hello"))], backlog: 1, observer: nil)
        let pipe = try which.engine.listen(at: .pipe(path: folder.path("hello")), LinkSizes(), observer: nil)
        for (name, type) in [("", S_IFSOCK), (".lock", S_IFREG), (".in", S_IFIFO), (".out", S_IFIFO)] {
          #expect(try TestSystem.status(folder.path("hello" + name)).st_mode == type | 0o600, "\(name)")
        }
        try which.engine.close(server)
        try which.engine.close(pipe)
        for name in ["", ".starting", ".lock", ".in", ".out", ".new"] {
          #expect(throws: Errno.noSuchFileOrDirectory) { try TestSystem.status(folder.path("hello" + name)) }
        }
      }
    }

    private static let errors: [(error: Errno, reported: Errno)] = [
      (.ioError, .ioError), (.noMemory, .noMemory), (.resourceTemporarilyUnavailable, .ioError),
    ]

    @Test(
      "An error of writing a file ends a server's start, and EAGAIN is EIO, as a file can't be waited for",
      arguments: HandshakeTests.transports, errors)
    func failedWrite(_ kind: LinkKind, fault: (error: Errno, reported: Errno)) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      for which in EngineName.allCases {
        let refused = FaultInjection.during([.fail(.FAULTS_PWRITE, fault.error)]) {
          failure { _ = try which.engine.listen(at: endpoint, LinkSizes(), observer: nil) }
        }
        #expect(refused == Failure(.bind, .system(fault.reported), at: endpoint), "\(which)")
        #expect(target.present.isEmpty)
      }
    }

    @Test(
      "An error of writing a welcome or a hello, or of reading the header, is reported by its end",
      arguments: HandshakeTests.transports, errors)
    func failedHandshake(_ kind: LinkKind, fault: (error: Errno, reported: Errno)) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      _ = try fromBoth { which in
        let welcome = try serveLink(
          which, .echo, at: endpoint, faults: [.fail(.FAULTS_PWRITE, fault.error, after: 1)]
        ) { _ in
          let refused = failure { _ = try which.engine.connectClient(to: endpoint) }
          #expect(refused == Failure(.connect, .connectionRefused, at: endpoint))
        }
        #expect(welcome.failure == Failure(.accept, .system(fault.reported), at: endpoint.masked))
        return try serveLink(which, .echo, at: endpoint) { _ in
          for call in [faults_call.FAULTS_PREAD, .FAULTS_PWRITE] {
            let refused = FaultInjection.during([.fail(call, fault.error)]) {
              failure { _ = try which.engine.connectClient(to: endpoint) }
            }
            #expect(refused == Failure(.connect, .system(fault.reported), at: endpoint))
          }
          let answer = try TestThread { try which.engine.request(endpoint, [1]) }.value()
          #expect(answer == [1])
        }
      }
    }

    @Test("Writes that the kernel shortens are completed", arguments: EngineName.allCases, HandshakeTests.transports)
    func shortWrites(_ which: EngineName, _ kind: LinkKind) throws {
      let target = try kind.makeEndpoint()
      let endpoint = target.endpoint
      let served = try serveLink(which, .echo, at: endpoint, faults: [.cap(.FAULTS_PWRITE, 8)]) { _ in
        let answer = try TestThread { try which.engine.request(endpoint, [1]) }.value()
        #expect(answer == [1])
      }
      #expect(served.failure == nil)
    }
  }
}
