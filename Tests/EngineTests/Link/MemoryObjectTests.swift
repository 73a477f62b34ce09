internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// The object of shared memory: its size, its header with the rendezvous, and objects that are foreign.
  @Suite struct MemoryObjectTests {
    /// The header of an object, as the contract documents it, without handshake states.
    static func head(
      magic: String = "IPCM", version: UInt8 = 1, capacity: Int = 4096
    ) -> [UInt8] {
      let numbers = (0..<8).map { UInt8(truncatingIfNeeded: capacity >> (8 * $0)) }
      return Array(magic) + [version, 0, 0, 0] + [UInt8](repeating: 0, count: 16) + numbers
    }

    @Test("A new object is private, and has its exact size", arguments: EngineName.allCases)
    func newObject(_ which: EngineName) throws {
      let target = try LinkTestEndpoint(.memory)
      for ring in [64, Limit.defaultRing] {
        _ = try serveLink(which, .echo, at: target.endpoint, sizes: LinkSizes(ring: ring)) { server in
          let status = try TestSystem.status(target.names[0])
          #expect(status.st_mode == S_IFREG | 0o600)
          #expect(status.st_size == 8192 + 2 * ring)
          #expect(Int(status.st_blocks) * 512 >= 8192 + 2 * ring, "all of its bytes are allocated")
          let rendezvous = try TestSystem.open(path: target.names[0], TestSystem.readOnly).readAll(atMost: 32)
          #expect(rendezvous == Self.head(capacity: ring))
          server.stop()
        }
        #expect(target.present.isEmpty)
      }
    }

    @Test("An object that does not fit in /dev/shm is reported at once, not by a signal later")
    func noSpace() throws {
      let target = try LinkTestEndpoint(.memory)
      let freeBytes = try TestSystem.freeBytes(ofFileSystem: Array("/dev/shm"))
      guard freeBytes < 2 << 30 else { return }
      let endpoint = target.endpoint
      let refused = resultFromBoth { e in
        _ = try e.listen(at: endpoint, LinkSizes(ring: 1 << 30), observer: nil); return true
      }
      #expect(refused == .failure(Failure(.bind, .noSpace, at: endpoint)))
      #expect(target.present.isEmpty)
    }

    @Test("An object that can't be mapped is an error of both ends, and leaves no name")
    func noMapping() throws {
      let target = try LinkTestEndpoint(.memory)
      let endpoint = target.endpoint
      for which in EngineName.allCases {
        let refused = FaultInjection.during([.fail(.FAULTS_MMAP, .noMemory)]) {
          failure { _ = try which.engine.listen(at: endpoint, LinkSizes(), observer: nil) }
        }
        #expect(refused == Failure(.bind, .noMemory, at: endpoint), "\(which)")
        #expect(target.present.isEmpty)
        _ = try serveLink(which, .echo, at: endpoint) { _ in
          let refused = FaultInjection.during([.fail(.FAULTS_MMAP, .noMemory)]) {
            failure { _ = try which.engine.connectClient(to: endpoint) }
          }
          #expect(refused == Failure(.connect, .noMemory, at: endpoint), "\(which)")
          let answer = try TestThread { try which.engine.request(endpoint, [1]) }.value()
          #expect(answer == [1])
        }
      }
    }

    @Test("A server replaces the object that a killed server left in any state", arguments: EngineName.allCases)
    func leftovers(_ which: EngineName) throws {
      let leftovers: [([UInt8], Int)] = [
        ([], 0), (Array(Self.head().prefix(8)), 8), (Self.head(), 32), (Self.head(), 16_384),
        (Self.head(version: 9, capacity: 77), 100),
      ]
      for (bytes, size) in leftovers {
        let target = try LinkTestEndpoint(.memory)
        let endpoint = target.endpoint
        try target.makeObject(bytes, size: size)
        let before = try TestSystem.status(target.names[0]).st_ino
        _ = try serveLink(which, .echo, at: endpoint) { _ in
          #expect(try TestSystem.status(target.names[0]).st_ino != before)
          let answer = try TestThread { try which.engine.request(endpoint, [1]) }.value()
          #expect(answer == [1])
        }
        #expect(target.present.isEmpty)
      }
    }

    /// The ways in which an object is foreign.
    enum Planted: CaseIterable {
      case mode, owner, link, folder, fifo, short, foreign

      var error: LocalError {
        switch self {
        case .mode: .mode
        case .owner: .owner
        default: .kind
        }
      }
    }

    @Test(
      "Both ends reject an object of another user, mode or type, and leave it unchanged",
      arguments: EngineName.allCases, Planted.allCases)
    func whatIsNoneOfOursIsRefused(_ which: EngineName, _ planted: Planted) throws {
      if planted == .owner && !TestSystem.isRoot { return }
      let target = try LinkTestEndpoint(.memory)
      let linked = try LinkTestEndpoint(.memory)
      let (endpoint, name) = (target.endpoint, target.names[0])
      switch planted {
      case .mode, .owner:
        try target.makeObject(Self.head(), size: 16_384)
        let object = try TestSystem.open(path: name, TestSystem.readWrite)
        if planted == .mode { try TestSystem.setMode(object, 0o644) } else { try TestSystem.setOwner(object, 1) }
      case .link:
        try linked.makeObject(Self.head(), size: 16_384)
        try TestSystem.makeLink(name, to: linked.names[0])
      case .folder: try TestSystem.makeFolder(name)
      case .fifo: try TestSystem.makeFIFO(name)
      case .short: try target.makeObject([1, 2], size: 2)
      case .foreign: try target.makeObject([UInt8](repeating: 7, count: 100), size: 16_384)
      }
      let before = try TestSystem.status(name)
      let served = failure { _ = try which.engine.listen(at: endpoint, LinkSizes(), observer: nil) }
      #expect(served == Failure(.bind, .local(planted.error), at: endpoint))
      let connected = failure { _ = try which.engine.connectClient(to: endpoint) }
      // A client checks whether a server holds the lock before it reads the contents.
      let noServer = planted == .short || planted == .foreign
      #expect(
        connected == Failure(.connect, noServer ? .system(.connectionRefused) : .local(planted.error), at: endpoint))
      #expect(try TestSystem.status(name).st_ino == before.st_ino)
      #expect(try TestSystem.status(name).st_size == before.st_size)
      if planted == .folder { try TestSystem.removeFolder(name) }
    }

    @Test("A client checks the header and the size before it maps the object", arguments: EngineName.allCases)
    func clientChecks(_ which: EngineName) throws {
      let target = try LinkTestEndpoint(.memory)
      let endpoint = target.endpoint
      _ = try serveLink(which, .echo, at: endpoint, sizes: LinkSizes(ring: 4096)) { server in
        let object = try TestSystem.open(path: target.names[0], TestSystem.readWrite)
        let wrong = [
          Self.head(magic: "IPCP"), Self.head(version: 2), Self.head(capacity: 0), Self.head(capacity: 2048),
          Self.head(capacity: 8192), Self.head(capacity: 1 << 31), Self.head(capacity: -4096),
          Self.head(capacity: 4097),
        ]
        for head in wrong {
          try TestSystem.write(object, head, at: 0)
          #expect(
            failure { _ = try which.engine.connectClient(to: endpoint) }
              == Failure(.connect, .local(.kind), at: endpoint))
        }
        try TestSystem.write(object, Self.head(), at: 0)
        for size in [0, 31, 4096, 16_383, 16_385] {
          try TestSystem.setSize(object, size)
          #expect(
            failure { _ = try which.engine.connectClient(to: endpoint) }
              == Failure(.connect, .local(.kind), at: endpoint))
        }
        server.stop()
      }
    }

    /// An access beyond the end of the object would kill the server.
    @Test("A server checks the size again before it prepares the rings", arguments: EngineName.allCases)
    func serverChecks(_ which: EngineName) throws {
      let target = try LinkTestEndpoint(.memory)
      let endpoint = target.endpoint
      let served = try serveLink(which, .echo, at: endpoint, keepOpen: true, sizes: LinkSizes(ring: 4096)) { server in
        let object = try TestSystem.open(path: target.names[0], TestSystem.readWrite)
        try TestSystem.lock(object, bytes: [1, 77])
        try TestSystem.setSize(object, 100)
        try TestSystem.write(object, [77 << 3 & 0xFF | 1, 77 >> 5, 0, 0, 0, 0, 0, 0], at: 8)
        #expect(try server.hasEnded(within: CInt(timeoutSeconds * 1000)))
      }
      #expect(served.failure == Failure(.accept, .local(.kind), at: endpoint.masked))
    }
  }
}
