// Calls to libc for what neither the standard library nor swift-system has; Foundation would double the programs'
// memory. The `unsafe` code here is sound: the environment is read before a second thread starts, and never changed; fstat(2)
// writes one structure during the call.
internal import Glibc
internal import SystemPackage

enum ProcessEnvironment {
  /// getpid(2).
  static var processIdentifier: CInt { getpid() }

  /// getgrnam(3); nil if there is no such group.
  static func group(named name: String) -> UInt32? { unsafe getgrnam(name).map { unsafe $0.pointee.gr_gid } }

  /// getenv(3).
  static func variable(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// Whether two descriptors are the same socket, by fstat(2).
  static func isSameSocket(_ first: FileDescriptor, _ second: FileDescriptor) -> Bool {
    var one = stat()
    var other = stat()
    guard unsafe fstat(first.rawValue, &one) == 0, unsafe fstat(second.rawValue, &other) == 0 else { return false }
    return one.st_mode & S_IFMT == S_IFSOCK && one.st_dev == other.st_dev && one.st_ino == other.st_ino
  }

  /// Makes a descriptor /dev/null.
  static func discard(_ descriptor: FileDescriptor) {
    guard let null = try? FileDescriptor.open(FilePath("/dev/null"), .readWrite) else { return }
    _ = try? null.duplicate(as: descriptor)
    try? null.close()
  }
}
