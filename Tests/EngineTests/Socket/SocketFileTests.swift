// The file of a Unix socket: whose it is, and when it goes.
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  @Suite struct SocketFileTests {
    private static func open(_ which: Which, _ path: [UInt8]) throws(Failure) -> Server {
      try which.engine.openServer([.unix(path: path)], backlog: 1, observer: nil)
    }

    private static func expectInUse(_ which: Which, _ path: [UInt8]) {
      let refused = failure { _ = try open(which, path) }
      #expect(refused == Failure(.bind, .addressInUse, at: .unix(path: path)))
    }

    @Test(arguments: Which.allCases)
    func theFileIsPrivateAndGoesWithTheServer(_ which: Which) throws {
      let folder = try Folder()
      let path = folder.path("socket")
      let server = try Self.open(which, path)
      let status = try Kernel.status(path)
      #expect(status.st_mode & S_IFMT == S_IFSOCK)
      #expect(status.st_mode & 0o777 == 0o600)
      #expect(server.file == Server.File(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)))
      #expect(server.endpoint == .unix(path: path))
      try which.engine.close(server)
      #expect(throws: Errno.noSuchFileOrDirectory) { try Kernel.status(path) }
    }

    @Test(arguments: Which.allCases)
    func aLeftoverIsReplaced(_ which: Which) throws {
      let folder = try Folder()
      let path = folder.path("socket")
      for _ in 1...2 {
        do { _ = try Listener(at: .unix(path: path)) }
        let server = try Self.open(which, path)
        #expect(server.file?.inode == UInt64(try Kernel.status(path).st_ino))
        #expect(try Kernel.status(path).st_mode & 0o777 == 0o600)
        let client = try Peer(to: .unix(path: path))
        #expect(try which.engine.accept(server.descriptor) != nil)
        _ = consume client
        try which.engine.close(server)
        #expect(throws: Errno.noSuchFileOrDirectory) { try Kernel.status(path) }
      }
    }

    /// Asking a live server costs it nothing: one that serves a single client still waits for it.
    @Test(arguments: Which.allCases, Which.allCases)
    func aLiveServerIsLeftAlone(_ which: Which, _ extra: Which) throws {
      let folder = try Folder()
      let path = folder.path("socket")
      let server = try Self.open(which, path)
      let made = try Kernel.status(path).st_ino
      Self.expectInUse(extra, path)
      #expect(try Kernel.status(path).st_ino == made)
      #expect(try which.engine.accept(server.descriptor) == nil)
      let client = try Peer(to: .unix(path: path))
      #expect(try which.engine.accept(server.descriptor) != nil)
      _ = consume client
      try which.engine.close(server)
    }

    @Test(arguments: Which.allCases)
    func aFullServerIsLeftAlone(_ which: Which) throws {
      let folder = try Folder()
      let path = folder.path("socket")
      let listener = try Listener(at: .unix(path: path), backlog: 0)
      let client = try Peer(to: .unix(path: path))
      Self.expectInUse(which, path)
      _ = try listener.accept()
      _ = consume client
    }

    @Test(arguments: Which.allCases)
    func whatIsNoSocketIsLeftAlone(_ which: Which) throws {
      let folder = try Folder()
      let (file, link, dangling) = (folder.path("file"), folder.path("link"), folder.path("dangling"))
      let socket = folder.path("socket")
      try Kernel.makeFile(file)
      do { _ = try Listener(at: .unix(path: socket)) }
      try Kernel.makeLink(link, to: socket)
      try Kernel.makeLink(dangling, to: folder.path("nothing"))
      for path in [file, link, dangling, folder.path] {
        let before = try Kernel.status(path)
        Self.expectInUse(which, path)
        let after = try Kernel.status(path)
        #expect(before.st_ino == after.st_ino && before.st_mode == after.st_mode)
      }
    }

    @Test(arguments: Which.allCases)
    func aFileThatTookThePlaceStays(_ which: Which) throws {
      let folder = try Folder()
      let path = folder.path("socket")
      let server = try Self.open(which, path)
      try Kernel.removeFile(path)
      try Kernel.makeFile(folder.path("other"))  // so that no inode comes back
      try Kernel.makeFile(path)
      try which.engine.close(server)
      #expect(try Kernel.status(path).st_mode & S_IFMT == S_IFREG)
    }

    @Test(arguments: Which.allCases)
    func aServerWhoseFileIsGoneClosesAllTheSame(_ which: Which) throws {
      let folder = try Folder()
      let path = folder.path("socket")
      let server = try Self.open(which, path)
      try Kernel.removeFile(path)
      try which.engine.close(server)
      #expect(throws: Errno.noSuchFileOrDirectory) { try Kernel.status(path) }
    }

    @Test(arguments: Which.allCases)
    func theLongestPathWorks(_ which: Which) throws {
      let folder = try Folder()
      let longest = folder.path(ofLength: Limit.path)
      let server = try Self.open(which, longest)
      #expect(server.endpoint == .unix(path: longest))
      let client = try Peer(to: server.endpoint)
      #expect(try which.engine.accept(server.descriptor)?.endpoint == .unix(path: longest))
      _ = consume client
      Self.expectInUse(which, longest)
      try which.engine.close(server)
      #expect(throws: Errno.noSuchFileOrDirectory) { try Kernel.status(longest) }
      let longer = folder.path(ofLength: Limit.path + 1)
      #expect(
        failure { _ = try Self.open(which, longer) }
          == Failure(.create, .syntax(.path), at: .unix(path: longer)))
    }

    /// Of many servers that find one leftover, one gets the place, whatever their engines.
    @Test func oneServerReplacesALeftover() throws {
      let folder = try Folder()
      let path = folder.path("socket")
      for _ in 1...10 {
        do { _ = try Listener(at: .unix(path: path)) }
        let workers = try (0..<6).map { index in
          try Worker {
            let which = Which.allCases[index % 2]
            let result = outcome { try Self.open(which, path).release().release() }
            return result.map { FileDescriptor(rawValue: $0) }
          }
        }
        let results = try workers.map { try $0.value() }
        let winners = results.compactMap { try? $0.get() }
        #expect(winners.count == 1)
        for case .failure(let failure) in results { #expect(failure.bare == Failure(.bind, .addressInUse)) }
        let client = try Peer(to: .unix(path: path))
        _ = consume client
        for winner in winners { try winner.close() }
        try Kernel.removeFile(path)
      }
    }

    @Test(arguments: Which.allCases)
    func anAbstractNameHasNoFile(_ which: Which) throws {
      let own = Array("\(which) \(UInt64.random(in: 0...UInt64.max))")
      let names = [[0, 255] + own, own + [UInt8](repeating: 0, count: Limit.path - own.count)]
      for name in names {
        let server = try which.engine.openServer([.abstract(name: name)], backlog: 1, observer: nil)
        #expect(server.file == nil)
        #expect(server.endpoint == .abstract(name: name))
        let client = try Peer(to: server.endpoint)
        #expect(try which.engine.accept(server.descriptor)?.endpoint == .abstract(name: name))
        _ = consume client
        try which.engine.close(server)
      }
    }
  }
}
