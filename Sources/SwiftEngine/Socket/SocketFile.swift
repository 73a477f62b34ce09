// The file of a Unix socket, which outlives a server that did not remove it.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

enum SocketFile {
  /// Locks the folder that contains the path, so that only one of two servers replaces the same stale file.
  private static func lockFolder(_ path: [UInt8]) throws(Failure) -> Descriptor {
    let (tries, pause) = (100, Duration.milliseconds(10))
    let slash = path.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { $0 == 0 ? path[...0] : path[..<$0] } ?? [UInt8(ascii: ".")]
    let lock = Descriptor(owning: CInt(try SwiftEngine.check(.bind, System.openFolder(Array(folder)))))
    var isLocked = try SwiftEngine.ready(.bind, System.tryLock(lock.number)) != nil
    for _ in 0..<tries where !isLocked {
      // The other server is about to bind; poll(2) can't wait for a lock.
      _ = try? SwiftEngine.wait(on: -1, for: [], stop: nil, until: Deadline(after: pause))
      isLocked = try SwiftEngine.ready(.bind, System.tryLock(lock.number)) != nil
    }
    guard isLocked else { throw Failure(.bind, .addressInUse) }
    return lock
  }

  /// Returns whether the path is a socket of this user on which no process listens. A datagram socket finds out: a
  /// listening stream socket answers it with EPROTOTYPE, but would accept a stream socket, and so use up a server of
  /// one client.
  private static func isStale(_ path: [UInt8]) -> Bool {
    guard let file = status(path), file.st_mode & S_IFMT == S_IFSOCK, file.st_uid == geteuid(),
      let address = try? Address.encode(.unix(path: path), for: .bind)
    else { return false }
    let result = System.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | SocketFlags.closeOnExec)
    guard result >= 0 else { return false }
    let probe = Descriptor(owning: CInt(result))
    var error = -Int(EINTR)
    while error == -Int(EINTR) { error = System.connect(probe.number, address) }  // a datagram socket can repeat it
    return error == -Int(ECONNREFUSED)
  }

  /// Removes the socket file that an ended server left; returns a lock that the caller must keep until it has bound its
  /// own socket. Throws EADDRINUSE if a server still uses the file, if it is not a socket of this user, or if another
  /// server has the lock for a second.
  static func removeStale(_ path: [UInt8]) throws(Failure) -> Descriptor {
    let lock = try lockFolder(path)
    guard isStale(path) else { throw Failure(.bind, .addressInUse) }
    try SwiftEngine.check(.bind, System.unlink(path))
    return lock
  }

  /// Records which file a server has bound, if it is a Unix socket with a path.
  static func record(_ endpoint: Endpoint) -> Server.File? {
    guard case .unix(let path) = endpoint else { return nil }
    return status(path).map { Server.File(device: UInt64($0.st_dev), inode: UInt64($0.st_ino)) }
  }

  /// Removes a server's file, unless another file has replaced it.
  static func remove(_ file: Server.File?, of endpoint: Endpoint) {
    guard let file, case .unix(let path) = endpoint, record(endpoint) == file else { return }
    _ = System.unlink(path)
  }

  private static func status(_ path: [UInt8]) -> stat? {
    var status = stat()
    return System.status(path, &status) == 0 ? status : nil
  }
}
