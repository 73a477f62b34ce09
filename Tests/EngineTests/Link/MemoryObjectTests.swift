internal import Glibc
internal import IPC
internal import SystemPackage
internal import Testing

extension Engines {
  /// What shared memory is made of: the object, its size, its lobby; and what is none of ours.
  @Suite struct MemoryObjectTests {
    /// A lobby as the header has it, without words.
    static func head(
      magic: String = "IPCM", version: UInt8 = 1, capacity: Int = 4096
    ) -> [UInt8] {
      let numbers = (0..<8).map { UInt8(truncatingIfNeeded: capacity >> (8 * $0)) }
      return Array(magic) + [version, 0, 0, 0] + [UInt8](repeating: 0, count: 16) + numbers
    }

    @Test(arguments: Which.allCases)
    func theObjectIsPrivateAndExact(_ which: Which) throws {
      let place = try LocalPlace(.memory)
      for ring in [64, Limit.defaultRing] {
        _ = try host(which, .echo, at: place.endpoint, sizes: LinkSizes(ring: ring)) { server in
          let status = try Kernel.status(place.names[0])
          #expect(status.st_mode == S_IFREG | 0o600)
          #expect(status.st_size == 8192 + 2 * ring)
          #expect(Int(status.st_blocks) * 512 >= 8192 + 2 * ring, "all of it is there")
          let lobby = try Kernel.open(path: place.names[0], Kernel.readOnly).readAll(atMost: 32)
          #expect(lobby == Self.head(capacity: ring))
          server.stop()
        }
        #expect(place.present.isEmpty)
      }
    }

    /// Larger than what is left of /dev/shm is told at once, and not by a signal later.
    @Test func noRoomIsTold() throws {
      let place = try LocalPlace(.memory)
      let room = try Kernel.room(ofFileSystem: Array("/dev/shm"))
      guard room < 2 << 30 else { return }
      let endpoint = place.endpoint
      let refused = both { e in
        _ = try e.listen(at: endpoint, LinkSizes(ring: 1 << 30), observer: nil); return true
      }
      #expect(refused == .failure(Failure(.bind, .noSpace, at: endpoint)))
      #expect(place.present.isEmpty)
    }

    /// Wherever a server was killed, the next one makes a new object.
    @Test(arguments: Which.allCases)
    func leftoversAreReplaced(_ which: Which) throws {
      let leftovers: [([UInt8], Int)] = [
        ([], 0), (Array(Self.head().prefix(8)), 8), (Self.head(), 32), (Self.head(), 16_384),
        (Self.head(version: 9, capacity: 77), 100),
      ]
      for (bytes, size) in leftovers {
        let place = try LocalPlace(.memory)
        let endpoint = place.endpoint
        try place.makeObject(bytes, size: size)
        let before = try Kernel.status(place.names[0]).st_ino
        _ = try host(which, .echo, at: endpoint) { _ in
          #expect(try Kernel.status(place.names[0]).st_ino != before)
          let answer = try Worker { try which.engine.ask(endpoint, [1]) }.value()
          #expect(answer == [1])
        }
        #expect(place.present.isEmpty)
      }
    }

    enum Planted: CaseIterable {
      case mode, owner, link, folder, fifo, short, foreign

      var fault: LocalError {
        switch self {
        case .mode: .mode
        case .owner: .owner
        default: .kind
        }
      }
    }

    /// What somebody planted is refused by both, and stays as it is.
    @Test(arguments: Which.allCases, Planted.allCases)
    func whatIsNoneOfOursIsRefused(_ which: Which, _ planted: Planted) throws {
      if planted == .owner && !Kernel.isRoot { return }
      let place = try LocalPlace(.memory)
      let target = try LocalPlace(.memory)
      let (endpoint, name) = (place.endpoint, place.names[0])
      switch planted {
      case .mode, .owner:
        try place.makeObject(Self.head(), size: 16_384)
        let object = try Kernel.open(path: name, Kernel.readWrite)
        if planted == .mode { try Kernel.setMode(object, 0o644) } else { try Kernel.setOwner(object, 1) }
      case .link:
        try target.makeObject(Self.head(), size: 16_384)
        try Kernel.makeLink(name, to: target.names[0])
      case .folder: try Kernel.makeFolder(name)
      case .fifo: try Kernel.makeFIFO(name)
      case .short: try place.makeObject([1, 2], size: 2)
      case .foreign: try place.makeObject([UInt8](repeating: 7, count: 100), size: 16_384)
      }
      let before = try Kernel.status(name)
      let served = failure { _ = try which.engine.listen(at: endpoint, LinkSizes(), observer: nil) }
      #expect(served == Failure(.bind, .local(planted.fault), at: endpoint))
      let connected = failure { _ = try which.engine.client(of: endpoint) }
      let nobody = planted == .short || planted == .foreign  // it is looked first whether somebody serves
      #expect(
        connected == Failure(.connect, nobody ? .system(.connectionRefused) : .local(planted.fault), at: endpoint))
      #expect(try Kernel.status(name).st_ino == before.st_ino)
      #expect(try Kernel.status(name).st_size == before.st_size)
      if planted == .folder { try Kernel.removeFolder(name) }
    }

    /// A client looks at the lobby and at the size before it maps anything.
    @Test(arguments: Which.allCases)
    func aClientLooksToo(_ which: Which) throws {
      let place = try LocalPlace(.memory)
      let endpoint = place.endpoint
      _ = try host(which, .echo, at: endpoint, sizes: LinkSizes(ring: 4096)) { server in
        let object = try Kernel.open(path: place.names[0], Kernel.readWrite)
        let wrong = [
          Self.head(magic: "IPCP"), Self.head(version: 2), Self.head(capacity: 0), Self.head(capacity: 2048),
          Self.head(capacity: 8192), Self.head(capacity: 1 << 31), Self.head(capacity: -4096),
          Self.head(capacity: 4097),
        ]
        for head in wrong {
          try Kernel.write(object, head, at: 0)
          #expect(
            failure { _ = try which.engine.client(of: endpoint) } == Failure(.connect, .local(.kind), at: endpoint))
        }
        try Kernel.write(object, Self.head(), at: 0)
        for size in [0, 31, 4096, 16_383, 16_385] {
          try Kernel.setSize(object, size)
          #expect(
            failure { _ = try which.engine.client(of: endpoint) } == Failure(.connect, .local(.kind), at: endpoint))
        }
        server.stop()
      }
    }

    /// A server looks at the size again before it makes the rings new: what lies beyond the end would be its death.
    @Test(arguments: Which.allCases)
    func aServerLooksAgain(_ which: Which) throws {
      let place = try LocalPlace(.memory)
      let endpoint = place.endpoint
      let served = try host(which, .echo, at: endpoint, keepOpen: true, sizes: LinkSizes(ring: 4096)) { server in
        let object = try Kernel.open(path: place.names[0], Kernel.readWrite)
        try Kernel.lock(object, bytes: [1, 77])
        try Kernel.setSize(object, 100)
        try Kernel.write(object, [77 << 3 & 0xFF | 1, 77 >> 5, 0, 0, 0, 0, 0, 0], at: 8)
        #expect(try server.hasEnded(within: CInt(patience * 1000)))
      }
      #expect(served.failure == Failure(.accept, .local(.kind), at: endpoint.masked))
    }
  }
}

extension LocalPlace {
  /// An object as another program could have made it.
  func makeObject(_ bytes: [UInt8], size: Int) throws(Errno) {
    let object = try Kernel.open(path: names[0], Kernel.readWrite | O_EXCL, create: 0o600)
    try Kernel.write(object, bytes, at: 0)
    try Kernel.setSize(object, size)
  }
}
