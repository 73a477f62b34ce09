// What shared memory is made of: the object, its mapping, and the rings in it.
internal import CLinux
internal import Glibc
internal import IPC

/// The lobby's layout, `struct ipc_memory_rendezvous`: two numbers of 32 bits, the words of a pipe's lobby, the capacity; and
/// behind it the rings.
enum MemoryLobby {
  static let magic: UInt32 = 0x4D43_5049
  static let version: UInt32 = 1
  static let head = UInt64(version) << 32 | UInt64(magic)
  static let capacityOffset = 24
  static let rings = 4096

  /// Bytes of an object with rings of that capacity, or 0 where there are none such.
  static func size(_ capacity: UInt64) -> Int {
    guard let capacity = Int(exactly: capacity), Ring.isCapacity(capacity) else { return 0 }
    return rings + RingLayout.header + 2 * capacity
  }
}

extension MemoryEnd {
  private func openObject(_ flags: CInt = 0, trustsRoot: Bool) -> Int {
    let result = System.openObject(name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | flags, S_IRUSR | S_IWUSR)
    if result < 0 { return result == -Int(EINVAL) ? -Int(LocalError.kind.rawValue) : Hold.kind(result) }
    let error = Hold.check(CInt(result), S_IFREG, trustsRoot: trustsRoot)
    if error < 0 { _ = System.close(CInt(result)) }
    return error < 0 ? error : result
  }

  private func checkSize() -> Int {
    var status = stat()
    let result = System.status(lobby, &status)
    if result < 0 { return result }
    return status.st_size == MemoryLobby.size(UInt64(capacity)) ? 0 : -Int(LocalError.kind.rawValue)
  }

  // MARK: The server's and the client's object

  /// Gives a new object its head, and then its size; all of it is there at once, as a page that is missing later would be
  /// SIGBUS.
  private func furnish() -> Int {
    var result = System.setMode(lobby, S_IRUSR | S_IWUSR)  // whatever the umask has left of it
    let numbers = [(0, MemoryLobby.head), (MemoryLobby.capacityOffset, UInt64(capacity))]
    for (offset, number) in numbers where result == 0 { result = System.write(lobby, at: offset, number) }
    return result < 0 ? result : System.allocate(lobby, MemoryLobby.size(UInt64(capacity)))
  }

  /// Whether what stands there is a lobby, or was about to become one.
  private func checkLeftover() -> Int {
    var magic: UInt32 = 0
    let count = System.read(lobby, at: 0, &magic)
    if count <= 0 { return count }
    return count == MemoryLayout<UInt32>.size && magic == MemoryLobby.magic ? 0 : -Int(LocalError.kind.rawValue)
  }

  /// Makes the server's object, and holds it. One that is left over is replaced, by a server that held it: of two that
  /// find it, the other one sees that it lost its name, and begins again.
  func makeObject() -> Int {
    while true {
      let made = openObject(O_CREAT | O_EXCL, trustsRoot: false)
      let opened = made == -Int(EEXIST) ? openObject(trustsRoot: false) : made
      if made == -Int(EEXIST), opened == -Int(ENOENT) { continue }
      if opened < 0 { return opened }
      lobby = CInt(opened)
      var result = made >= 0 ? furnish() : checkLeftover()
      if result < 0, made >= 0 { remove() }
      if result >= 0 { result = Hold.take(lobby, &holder) }
      let holds = result == 0 && Hold.hasName(lobby)
      if holds, made >= 0 { return 0 }
      if holds { result = System.unlinkObject(name) }
      lobby = closed(lobby)
      if result < 0, result != -Int(ENOENT) { return result }
    }
  }

  /// Finds the client's, and maps it. Errors: `LocalFault`, ECONNREFUSED.
  func findObject() -> Int {
    var result = openObject(trustsRoot: true)
    if result < 0 { return result }
    lobby = CInt(result)
    guard Hold.isTaken(lobby) else { return -Int(ECONNREFUSED) }
    var (head, found): (UInt64, UInt64) = (0, 0)
    result = System.read(lobby, at: 0, &head)
    if result >= 0 { result = System.read(lobby, at: MemoryLobby.capacityOffset, &found) }
    if result < 0 { return result }
    guard result == MemoryLayout<UInt64>.size, head == MemoryLobby.head, MemoryLobby.size(found) > 0 else {
      return -Int(LocalError.kind.rawValue)
    }
    capacity = Int(found)
    result = checkSize()
    return result < 0 ? result : map()
  }

  // MARK: The mapping

  func map() -> Int {
    Mapping.make(lobby, size: MemoryLobby.size(UInt64(capacity)), head: MemoryLobby.rings, &mapping)
  }

  /// Takes this end's side of the rings; the server makes them new. Errors: EKIND (the object's size), EPROTO.
  func begin() -> Int {
    guard let mapping else { return -Int(ENOTCONN) }
    let result = checkSize()  // beyond its end there is nothing but SIGBUS
    if result < 0 { return result }
    do {
      if serves { try SwiftEngine.prepareRing(mapping.rings, capacity: capacity) }
      ring.hold(try SwiftEngine.openRing(mapping.rings, as: side))
    } catch {
      return -Int(error.cause.code)
    }
    isGone = false
    return 0
  }
}
