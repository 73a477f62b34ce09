// Endpoints for links.
internal import Glibc
internal import IPC
internal import SystemPackage

/// The kinds of links: the transports between processes of one machine that are not sockets.
enum LinkKind: String, CaseIterable, Codable, Sendable {
  case pipe, queue, memory

  /// Makes an endpoint that no other test uses.
  func makeEndpoint() throws(Errno) -> LinkTestEndpoint { try LinkTestEndpoint(self) }
}

/// An endpoint that no other test uses. `deinit` removes the objects that are left of it.
struct LinkTestEndpoint: ~Copyable {
  let endpoint: Endpoint
  /// The names of the link's objects. The server's lock is on the first one.
  let names: [[UInt8]]
  private let folder: TemporaryFolder?

  init(_ kind: LinkKind) throws(Errno) {
    switch kind {
    case .pipe:
      let folder = try TemporaryFolder()
      let path = folder.path + Array("/pipe")
      names = ["pipe.lock", "pipe.in", "pipe.out"].map { folder.path($0) }
      endpoint = .pipe(path: path)
      self.folder = consume folder
    case .queue:
      let name = Array("/diptych-\(UInt64.random(in: 0...UInt64.max))")
      names = [name + Array(".in"), name + Array(".out")]
      endpoint = .queue(name: name)
      folder = nil
    case .memory:
      let name = Array("/diptych-\(UInt64.random(in: 0...UInt64.max))")
      names = [Array("/dev/shm") + name]
      endpoint = .memory(name: name)
      folder = nil
    }
  }

  /// The names of the objects that exist.
  var present: [[UInt8]] {
    names.filter { name in
      if case .queue = endpoint { return (try? TestSystem.openQueue(name, TestSystem.readOnly)) != nil }
      return (try? TestSystem.status(name)) != nil
    }
  }

  /// Makes the objects that a killed server leaves.
  func makeLeftovers() throws(Errno) {
    if case .queue = endpoint {
      for name in names { try TestSystem.makeQueue(name) }
      return
    }
    if case .memory = endpoint { return try makeObject(Engines.MemoryObjectTests.head(capacity: 4096), size: 16_384) }
    let rendezvous = try TestSystem.open(path: names[0], TestSystem.readWrite, create: 0o600)
    _ = try TestSystem.write(rendezvous.number, (Array("IPCP".utf8) + [1] + [UInt8](repeating: 0, count: 19))[...])
    for name in names[1...] { try TestSystem.makeFIFO(name) }
  }

  /// Makes an object of shared memory, as another program could have made it.
  func makeObject(_ bytes: [UInt8], size: Int) throws(Errno) {
    let object = try TestSystem.open(path: names[0], TestSystem.readWrite | O_EXCL, create: 0o600)
    try TestSystem.write(object, bytes, at: 0)
    try TestSystem.setSize(object, size)
  }

  /// The number of locks on the first object. A server has two, the client that it serves has two, and each waiting client has
  /// one.
  func locks() throws -> Int {
    if case .queue = endpoint {
      let queue = try TestSystem.openQueue(names[0], TestSystem.readOnly)
      return TestSystem.locks(ofInode: try TestSystem.inode(of: queue))
    }
    return TestSystem.locks(ofInode: try TestSystem.status(names[0]).st_ino)
  }

  func awaitLocks(_ count: Int) throws {
    for _ in 0..<timeoutSeconds * 1000 {
      if try locks() == count { return }
      try TestSystem.pause(milliseconds: 1)
    }
    throw TimeoutError("waiting for \(count) locks")
  }

  deinit {
    if case .queue = endpoint { for name in names { try? TestSystem.unlinkQueue(name) } }
    if case .memory = endpoint { try? TestSystem.removeFile(names[0]) }
  }
}
