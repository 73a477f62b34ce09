// The shared memory object: its name, its size, its mapping, and the rings in it.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

/// The start of the object, `struct ipc_memory_rendezvous`. The rings are behind it.
struct MemoryRendezvous: BitwiseCopyable {
  static let magic: UInt32 = 0x4D43_5049
  static let expectedHead = rendezvousHead(magic: magic)
  /// Where the rings start, `IPC_MEMORY_HEAD`.
  static let rings = 4096

  var head = Self.expectedHead
  var client: UInt64 = 0
  var server: UInt64 = 0
  /// Bytes of each ring.
  var capacity: UInt64
}

final class MemoryObject {
  private let name: [UInt8]
  private let lock: NameLock
  private var capacity: Int
  private(set) var mapping: Mapping?

  /// A client finds the server's capacity.
  init(_ name: [UInt8], capacity: Int, _ lock: NameLock) {
    (self.name, self.capacity, self.lock) = (name, capacity, lock)
  }

  /// This end's side of the rings.
  var side: Ring.Side { lock.isServer ? .first : .second }

  private func openObject(_ flags: CInt) throws(Cause) -> Descriptor {
    do {
      let flags = flags | O_RDWR | O_NOFOLLOW | O_NONBLOCK
      let object = try Descriptor(System.openObject(name, flags, S_IRUSR | S_IWUSR))
      try lock.check(object.number, S_IFREG)
      return object
    } catch {
      throw error == .system(.invalidArgument) ? .local(.kind) : NameLock.openError(error)
    }
  }

  /// Bytes of an object with rings of this capacity, or nil if the capacity is not valid.
  private static func objectSize(_ capacity: UInt64) -> Int? {
    guard let capacity = Int(exactly: capacity), Ring.isCapacity(capacity) else { return nil }
    return MemoryRendezvous.rings + RingLayout.header + 2 * capacity
  }

  private var size: Int { Self.objectSize(UInt64(capacity)) ?? 0 }

  private func checkSize() throws(Cause) {
    var status = stat()
    try Cause.check(System.status(lock.number, &status))
    if status.st_size != size { throw .local(.kind) }
  }

  // MARK: The server's and the client's object

  /// Writes the head of a new object, and allocates the rest: a page that is missing later would raise SIGBUS.
  private func initialize(_ object: borrowing Descriptor) throws(Cause) {
    try Cause.check(System.setMode(object.number, S_IRUSR | S_IWUSR))  // the umask may have removed some
    try File.write(object.number, at: 0, MemoryRendezvous(capacity: UInt64(capacity)))
    try Cause.check(System.allocate(object.number, size))
  }

  /// Checks that an object that already has the name is a rendezvous, or is still empty.
  private func checkLeftover(_ object: borrowing Descriptor) throws(Cause) {
    var magic: UInt32 = 0
    let count = try File.read(object.number, at: 0, &magic)
    guard count == 0 || (count == MemoryLayout<UInt32>.size && magic == MemoryRendezvous.magic) else {
      throw .local(.kind)
    }
  }

  /// Removes the object, if it still has its name.
  func remove() {
    if lock.hasName { _ = System.unlinkObject(name) }
  }

  /// Opens an object that already exists, or returns nil if it has been removed meanwhile.
  private func openLeftover() throws(Cause) -> Descriptor? {
    do {
      let object = try openObject(0)
      try checkLeftover(object)
      return object
    } catch {
      guard error == .system(.noSuchFileOrDirectory) else { throw error }
      return nil
    }
  }

  private func createNew() throws(Cause) -> Descriptor? {
    let object: Descriptor
    do { object = try openObject(O_CREAT | O_EXCL) } catch {
      guard error == .system(.fileExists) else { throw error }
      return nil
    }
    do { try initialize(object) } catch {
      if NameLock.hasName(object.number) { _ = System.unlinkObject(name) }
      throw error
    }
    return object
  }

  /// Creates and locks the object. A server that finds an old one locks it, removes it, and retries; another server
  /// that has the old one open sees that it has lost its name, and retries as well.
  func create() throws(Cause) {
    while true {
      if let object = try createNew() {
        try lock.acquireServer(object) { remove() }
        if lock.hasName { return }
        lock.drop()
      } else if let object = try openLeftover() {
        try lock.acquireServer(object)
        defer { lock.drop() }
        if !lock.hasName { continue }
        do { try Cause.check(System.unlinkObject(name)) } catch {
          guard error == .system(.noSuchFileOrDirectory) else { throw error }
        }
      }
    }
  }

  /// Opens and maps a client's object.
  /// - Throws: `LocalError`, ECONNREFUSED.
  func find() throws(Cause) {
    lock.open(try openObject(0))
    guard lock.hasServer else { throw .system(.connectionRefused) }
    var found = MemoryRendezvous(capacity: 0)
    let count = try File.read(lock.number, at: 0, &found)
    guard count == MemoryLayout<MemoryRendezvous>.size, found.head == MemoryRendezvous.expectedHead,
      Self.objectSize(found.capacity) != nil
    else { throw .local(.kind) }
    capacity = Int(found.capacity)
    try checkSize()
    try map()
  }

  // MARK: The mapping

  func map() throws(Cause) {
    try Cause.check(Mapping.make(lock.number, size: size, head: MemoryRendezvous.rings, &mapping))
  }

  /// Opens this end's side of the rings; a server prepares new ones first.
  /// - Throws: `LocalError.kind` (the object's size), EPROTO.
  func openRing() throws(Cause) -> Ring {
    guard let mapping else { throw .system(.socketNotConnected) }
    try checkSize()  // access beyond the end would raise SIGBUS
    do {
      if lock.isServer { try SwiftEngine.prepareRing(mapping.rings, capacity: capacity) }
      return try SwiftEngine.openRing(mapping.rings, as: side)
    } catch {
      throw error.cause
    }
  }

  func unmap() { mapping = nil }
}
