// The file of a Unix socket, which outlives a server that did not remove it.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

enum SocketFile {
  /// An open file with a lock. A class, as a noncopyable value can't be assigned in a `do` statement yet.
  final class Lock {
    fileprivate let path: [UInt8]
    fileprivate let file: Descriptor

    fileprivate init(_ path: [UInt8], _ file: consuming Descriptor) {
      self.path = path
      self.file = file
    }
  }

  private static func lockPath(_ path: [UInt8]) -> [UInt8] { path + Array(".starting".utf8) }

  /// Opens or creates the file that servers of this user lock.
  /// - Throws: EPERM if other users could lock it as well.
  private static func openLock(_ path: [UInt8]) throws(Cause) -> Lock {
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let mode: mode_t = S_IRUSR | S_IWUSR
    var result = System.open(path, flags, mode)
    if result == -Int(EACCES), (try? File.setMode(path, S_IFREG, mode)) != nil {
      result = System.open(path, flags, mode)  // a server with a strict umask was killed
    }
    let lock = try Descriptor(result)
    var status = stat()
    try Cause.check(System.status(lock.number, &status))
    guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(), status.st_mode & (S_IRWXG | S_IRWXO) == 0
    else { throw .system(.notPermitted) }
    try Cause.check(System.setMode(lock.number, mode))  // the umask may have removed some
    return Lock(path, lock)
  }

  /// Returns whether an open file still has a name.
  private static func hasName(_ file: CInt) -> Bool {
    var status = stat()
    return System.status(file, &status) == 0 && status.st_nlink > 0
  }

  /// Locks the start of a server at a Unix socket's path, until it listens: another server would take its file for one
  /// that an ended server left. Returns nil if no lock is needed, or if the file PATH.starting can't be ours alone. So
  /// no other user can delay a start.
  /// - Throws: EADDRINUSE if another server has the lock for a second.
  static func lock(_ endpoint: Endpoint) throws(Failure) -> Lock? {
    let (tries, pause) = (100, Duration.milliseconds(10))
    guard case .unix(let path) = endpoint else { return nil }
    for _ in 0..<tries {
      guard let lock = try? openLock(lockPath(path)) else { return nil }
      let result = System.tryLock(lock.file.number)
      if result == 0, hasName(lock.file.number) { return lock }
      if result < 0, !System.wouldBlock(result) { return nil }
      if result < 0 {
        // The other server is about to listen; poll(2) can't wait for a lock.
        _ = try? SwiftEngine.wait(on: -1, for: [], stop: nil, until: Deadline(after: pause))
      }
    }
    throw Failure(.bind, .addressInUse)
  }

  /// Removes the lock's file, which closes with the lock.
  static func unlock(_ lock: Lock?) {
    if let lock { _ = System.unlink(lock.path) }
  }

  /// Returns whether the path is a socket of this user on which no process listens, or has been removed meanwhile. A
  /// datagram socket finds out: a listening stream socket answers it with EPROTOTYPE, but would accept a stream socket,
  /// and so use up a server of one client.
  private static func isStale(_ path: [UInt8]) -> Bool {
    var file = stat()
    let found = System.status(path, &file)
    if found == -Int(ENOENT) { return true }
    guard found == 0, file.st_mode & S_IFMT == S_IFSOCK, file.st_uid == geteuid(),
      let address = try? Address.encode(.unix(path: path), for: .bind)
    else { return false }
    let result = System.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | SocketFlags.closeOnExec)
    guard result >= 0 else { return false }
    let probe = Descriptor(owning: CInt(result))
    var error = -Int(EINTR)
    while error == -Int(EINTR) { error = System.connect(probe.number, address) }  // a datagram socket can repeat it
    return error == -Int(ECONNREFUSED) || error == -Int(ENOENT)
  }

  /// Removes the socket file that an ended server left.
  /// - Throws: EADDRINUSE if a server still uses the file, or if it is not a socket of this user.
  static func removeStale(_ path: [UInt8]) throws(Failure) {
    guard isStale(path) else { throw Failure(.bind, .addressInUse) }
    let result = System.unlink(path)
    if result != -Int(ENOENT) { try SwiftEngine.check(.bind, result) }
  }

  /// Gives a new socket file mode 0600, of which the umask may have removed some; removes the file on failure.
  static func restrict(_ path: [UInt8]) throws(Failure) {
    do { try File.setMode(path, S_IFSOCK, S_IRUSR | S_IWUSR) } catch {
      _ = System.unlink(path)
      throw Failure(.bind, error)
    }
  }

  /// Records which file a server has bound, if it is a Unix socket with a path.
  static func record(_ endpoint: Endpoint) -> Server.File? {
    guard case .unix(let path) = endpoint else { return nil }
    return status(path).map { Server.File(device: UInt64($0.st_dev), inode: UInt64($0.st_ino)) }
  }

  /// Removes a server's file, unless another file has replaced it. No other server can replace it while the socket is
  /// open. `SwiftEngine.refuse` has closed the socket, and removed the file: then the number of its inode may be that of
  /// the next server's file.
  static func remove(_ file: Server.File?, of endpoint: Endpoint, _ socket: CInt) {
    guard let file, case .unix(let path) = endpoint, System.option(socket, SOL_SOCKET, SO_TYPE) >= 0,
      record(endpoint) == file
    else { return }
    _ = System.unlink(path)
  }

  private static func status(_ path: [UInt8]) -> stat? {
    var status = stat()
    return System.status(path, &status) == 0 ? status : nil
  }
}
