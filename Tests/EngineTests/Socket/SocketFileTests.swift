// The file of a Unix socket: its owner, and its removal.
internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct SocketFileTests {
    private static func open(_ which: EngineName, _ path: [UInt8]) throws(Failure) -> Server {
      try which.engine.openServer([.unix(path: path)], backlog: 1, observer: nil)
    }

    private static func expectInUse(_ which: EngineName, _ path: [UInt8]) {
      let refused = failure { _ = try open(which, path) }
      #expect(refused == Failure(.bind, .addressInUse, at: .unix(path: path)))
    }

    @Test("The file is private, and the server removes it", arguments: EngineName.allCases)
    func newFile(_ which: EngineName) throws {
      let folder = try TemporaryFolder()
      let path = folder.path("socket")
      let server = try Self.open(which, path)
      let status = try TestSystem.status(path)
      #expect(status.st_mode & S_IFMT == S_IFSOCK)
      #expect(status.st_mode & 0o777 == 0o600)
      #expect(server.file == Server.File(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
      #expect(server.endpoint == .unix(path: path))
      try which.engine.close(server)
      #expect(throws: Errno.noSuchFileOrDirectory) { try TestSystem.status(path) }
    }

    @Test("A server replaces a leftover file", arguments: EngineName.allCases)
    func leftover(_ which: EngineName) throws {
      let folder = try TemporaryFolder()
      let path = folder.path("socket")
      for _ in 1...2 {
        do { _ = try RawListener(at: .unix(path: path)) }
        let server = try Self.open(which, path)
        #expect(server.file?.inode == UInt64(try TestSystem.status(path).st_ino))
        #expect(try TestSystem.status(path).st_mode & 0o777 == 0o600)
        let client = try RawPeer(to: .unix(path: path))
        #expect(try which.engine.accept(server.descriptor) != nil)
        _ = consume client
        try which.engine.close(server)
        #expect(throws: Errno.noSuchFileOrDirectory) { try TestSystem.status(path) }
      }
    }

    @Test("A server starts if the former one removes its file meanwhile", arguments: EngineName.allCases)
    func removedMeanwhile(_ which: EngineName) throws {
      for call in [faults_call.FAULTS_LSTAT, .FAULTS_CONNECT] {
        let folder = try TemporaryFolder()
        let path = folder.path("socket")
        do { _ = try RawListener(at: .unix(path: path)) }
        try FaultInjection.during([.fail(call, .noSuchFileOrDirectory)]) {
          try which.engine.close(try Self.open(which, path))
        }
      }
    }

    @Test("Interrupted calls on the file are repeated", arguments: EngineName.allCases)
    func interruptedCalls(_ which: EngineName) throws {
      let (lstat, unlink, socket) = (faults_call.FAULTS_LSTAT, faults_call.FAULTS_UNLINK, faults_call.FAULTS_SOCKET)
      let connect = Fault.fail(.FAULTS_CONNECT, Errno(rawValue: EINTR))
      let once = [(lstat, UInt32(0)), (lstat, 1), (lstat, 2), (unlink, 0), (unlink, 1), (unlink, 2), (socket, 1)]
      for fault in [connect] + once.map({ Fault.fail($0.0, Errno(rawValue: EINTR), after: $0.1) }) {
        let folder = try TemporaryFolder()
        let path = folder.path("socket")
        do { _ = try RawListener(at: .unix(path: path)) }
        try FaultInjection.during([fault]) { try which.engine.close(try Self.open(which, path)) }
        #expect(throws: Errno.noSuchFileOrDirectory) { try TestSystem.status(path) }
      }
    }

    /// A server of a single client still waits for that client.
    @Test(
      "A live server keeps its file, and is not disturbed by the check", arguments: EngineName.allCases,
      EngineName.allCases)
    func liveServer(_ which: EngineName, _ extra: EngineName) throws {
      let folder = try TemporaryFolder()
      let path = folder.path("socket")
      let server = try Self.open(which, path)
      let inode = try TestSystem.status(path).st_ino
      Self.expectInUse(extra, path)
      #expect(try TestSystem.status(path).st_ino == inode)
      #expect(try which.engine.accept(server.descriptor) == nil)
      let client = try RawPeer(to: .unix(path: path))
      #expect(try which.engine.accept(server.descriptor) != nil)
      _ = consume client
      try which.engine.close(server)
    }

    @Test("A server with a full backlog keeps its file", arguments: EngineName.allCases)
    func fullServer(_ which: EngineName) throws {
      let folder = try TemporaryFolder()
      let path = folder.path("socket")
      let listener = try RawListener(at: .unix(path: path), backlog: 0)
      let client = try RawPeer(to: .unix(path: path))
      Self.expectInUse(which, path)
      _ = try listener.accept()
      _ = consume client
    }

    @Test("A file that is not a socket is never replaced", arguments: EngineName.allCases)
    func otherFiles(_ which: EngineName) throws {
      let folder = try TemporaryFolder()
      let (file, link, dangling) = (folder.path("file"), folder.path("link"), folder.path("dangling"))
      let socket = folder.path("socket")
      try TestSystem.makeFile(file)
      do { _ = try RawListener(at: .unix(path: socket)) }
      try TestSystem.makeLink(link, to: socket)
      try TestSystem.makeLink(dangling, to: folder.path("nothing"))
      for path in [file, link, dangling, folder.path] {
        let before = try TestSystem.status(path)
        Self.expectInUse(which, path)
        let after = try TestSystem.status(path)
        #expect(before.st_ino == after.st_ino && before.st_mode == after.st_mode)
      }
    }

    @Test("A server does not remove a file that replaced its own", arguments: EngineName.allCases)
    func replacedFile(_ which: EngineName) throws {
      let folder = try TemporaryFolder()
      let path = folder.path("socket")
      let server = try Self.open(which, path)
      try TestSystem.removeFile(path)
      try TestSystem.makeFile(folder.path("other"))  // takes the inode that was freed
      try TestSystem.makeFile(path)
      try which.engine.close(server)
      #expect(try TestSystem.status(path).st_mode & S_IFMT == S_IFREG)
    }

    @Test("A server whose file was removed closes without an error", arguments: EngineName.allCases)
    func missingFile(_ which: EngineName) throws {
      let folder = try TemporaryFolder()
      let path = folder.path("socket")
      let server = try Self.open(which, path)
      try TestSystem.removeFile(path)
      try which.engine.close(server)
      #expect(throws: Errno.noSuchFileOrDirectory) { try TestSystem.status(path) }
    }

    @Test("A path may have the maximum length and no more", arguments: EngineName.allCases)
    func longestPath(_ which: EngineName) throws {
      let folder = try TemporaryFolder()
      let longest = folder.path(ofLength: Limit.path)
      let server = try Self.open(which, longest)
      #expect(server.endpoint == .unix(path: longest))
      let client = try RawPeer(to: server.endpoint)
      #expect(try which.engine.accept(server.descriptor)?.endpoint == .unix(path: longest))
      _ = consume client
      Self.expectInUse(which, longest)
      try which.engine.close(server)
      #expect(throws: Errno.noSuchFileOrDirectory) { try TestSystem.status(longest) }
      let longer = folder.path(ofLength: Limit.path + 1)
      #expect(
        failure { _ = try Self.open(which, longer) }
          == Failure(.create, .syntax(.path), at: .unix(path: longer)))
    }

    @Test("A lock of another user does not delay a server", arguments: EngineName.allCases)
    func foreignLocks(_ which: EngineName) throws {
      let folder = try TemporaryFolder()
      let (path, lock) = (folder.path("socket"), folder.path("socket.starting"))
      do { _ = try RawListener(at: .unix(path: path)) }
      try TestSystem.makeFile(lock)
      let heldFolder = try TestSystem.open(path: folder.path, O_RDONLY)
      let heldFile = try TestSystem.open(path: lock, O_RDONLY)
      try TestSystem.setMode(heldFile, 0o644)  // others can lock a file that they can read
      for number in [heldFolder.number, heldFile.number] { try TestSystem.lockShared(number) }
      let start = ContinuousClock.now
      try which.engine.close(try Self.open(which, path))
      #expect(ContinuousClock.now - start < .milliseconds(900), "it waits for no lock")
      #expect(try TestSystem.status(lock).st_mode & 0o777 == 0o644)
      _ = consume heldFolder
      _ = consume heldFile
    }

    @Test(
      "A killed server's lock does not keep the next one from starting", arguments: EngineName.allCases,
      [0, 0o600] as [mode_t])
    func leftoverLock(_ which: EngineName, _ mode: mode_t) throws {
      let folder = try TemporaryFolder()
      let (path, lock) = (folder.path("socket"), folder.path("socket.starting"))
      try TestSystem.makeFile(lock)
      try TestSystem.setMode(try TestSystem.open(path: lock, O_RDONLY), mode)
      try which.engine.close(try Self.open(which, path))
      #expect(throws: Errno.noSuchFileOrDirectory) { try TestSystem.status(lock) }
    }

    /// The second server starts when the first one has bound its file, and does not listen yet.
    @Test("A server does not replace the file of one that starts", arguments: EngineName.allCases, EngineName.allCases)
    func startingServer(_ which: EngineName, _ extra: EngineName) throws {
      let folder = try TemporaryFolder()
      let path = folder.path("socket")
      let observer = Observer { event in if event.step == .bind { Self.expectInUse(extra, path) } }
      let server = try which.engine.openServer([.unix(path: path)], backlog: 1, observer: observer)
      #expect(server.file?.inode == UInt64(try TestSystem.status(path).st_ino))
      let client = try RawPeer(to: .unix(path: path))
      _ = consume client
      try which.engine.close(server)
    }

    /// The servers are of both engines.
    @Test("Of several servers that find a leftover file, one replaces it")
    func race() throws {
      let folder = try TemporaryFolder()
      let path = folder.path("socket")
      for _ in 1...10 {
        do { _ = try RawListener(at: .unix(path: path)) }
        let threads = try (0..<6).map { index in
          try TestThread {
            let which = EngineName.allCases[index % 2]
            let result = outcome { try Self.open(which, path).release().release() }
            return result.map { FileDescriptor(rawValue: $0) }
          }
        }
        let results = try threads.map { try $0.value() }
        let winners = results.compactMap { try? $0.get() }
        #expect(winners.count == 1)
        for case .failure(let failure) in results { #expect(failure.bare == Failure(.bind, .addressInUse)) }
        let client = try RawPeer(to: .unix(path: path))
        _ = consume client
        for winner in winners { try winner.close() }
        try TestSystem.removeFile(path)
      }
    }

    @Test("An abstract name has no file", arguments: EngineName.allCases)
    func abstractName(_ which: EngineName) throws {
      let own = Array("\(which) \(UInt64.random(in: 0...UInt64.max))")
      let names = [[0, 255] + own, own + [UInt8](repeating: 0, count: Limit.path - own.count)]
      for name in names {
        let server = try which.engine.openServer([.abstract(name: name)], backlog: 1, observer: nil)
        #expect(server.file == nil)
        #expect(server.endpoint == .abstract(name: name))
        let client = try RawPeer(to: server.endpoint)
        #expect(try which.engine.accept(server.descriptor)?.endpoint == .abstract(name: name))
        _ = consume client
        try which.engine.close(server)
      }
    }
  }
}
