// Files that the engine creates: their bytes; and their mode, which bind(2) and mkfifo(3) reduce by the umask.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

enum File {
  /// Changes the mode of the file itself. fchmod(2) refuses a descriptor of O_PATH, but /proc has a name for it that no
  /// other process can redirect.
  private static func changeMode(_ file: borrowing Descriptor, _ mode: mode_t) throws(Cause) {
    try Cause.check(System.setMode(following: Array("/proc/self/fd/\(file.number)".utf8), mode))
  }

  /// Gives a file of our own exactly this mode, whatever the umask was, and does not follow a symbolic link. `type` is
  /// S_IFSOCK and so on.
  /// - Throws: ESTALE if another file has the path.
  static func setMode(_ path: [UInt8], _ type: mode_t, _ mode: mode_t) throws(Cause) {
    var status = stat()
    // Needs no access to the file.
    let file = try Descriptor(System.open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC))
    try Cause.check(System.status(file.number, &status))
    guard status.st_mode & S_IFMT == type else { throw .system(.staleNFSFileHandle) }
    if status.st_mode & ~S_IFMT == mode { return }
    guard status.st_uid == geteuid() else { throw .system(.staleNFSFileHandle) }
    try changeMode(file, mode)
  }

  /// A file is always ready, so EAGAIN is an error like any other: nobody can wait until it passes.
  private static func neverAgain(_ result: Int) throws(Cause) -> Int {
    try Cause.check(System.wouldBlock(result) ? -Int(EIO) : result)
  }

  /// Reads a value from a file; returns how many of its bytes were there.
  static func read<Value: BitwiseCopyable>(_ file: CInt, at offset: Int, _ value: inout Value) throws(Cause) -> Int {
    try neverAgain(System.read(file, at: offset, &value))
  }

  /// Writes a value into a file.
  static func write<Value: BitwiseCopyable>(_ file: CInt, at offset: Int, _ value: Value) throws(Cause) {
    _ = try neverAgain(System.write(file, at: offset, value))
  }
}
