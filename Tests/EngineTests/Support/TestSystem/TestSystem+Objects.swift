// Shared objects. The rule in TestSystem.swift applies here too.
internal import Glibc
internal import IPC
internal import SystemPackage

extension TestSystem {
  static func setSize(_ file: borrowing Descriptor, _ size: Int) throws(Errno) {
    let number = file.number
    try check { ftruncate(number, size) }
  }

  /// The free bytes of the file system at a path.
  static func freeBytes(ofFileSystem path: [UInt8]) throws(Errno) -> UInt64 {
    var status = statvfs()
    try check { withPath(path) { unsafe statvfs($0, &status) } }
    return UInt64(status.f_bavail) * UInt64(status.f_bsize)
  }

  /// Locks bytes as a client does (F_OFD_SETLK).
  static func lock(_ file: borrowing Descriptor, bytes: [Int]) throws(Errno) {
    let number = file.number
    for byte in bytes {
      var lock = flock(l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: byte, l_len: 1, l_pid: 0)
      try check { unsafe fcntl(number, 37, &lock) }
    }
  }

  /// Releases all locks, like the end of a process.
  static func unlock(_ number: CInt) throws(Errno) {
    var lock = flock(l_type: Int16(F_UNLCK), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
    try check { unsafe fcntl(number, 37, &lock) }
  }

  /// The number of this process's mappings of a file.
  static func mappings(of name: [UInt8]) throws(Errno) -> Int {
    let file = try open(path: Array("/proc/self/maps".utf8), O_RDONLY)
    let text = String(decoding: try file.readAll(atMost: .max), as: UTF8.self)
    return text.split(separator: "\n").count { $0.contains(String(decoding: name, as: UTF8.self)) }
  }
}
