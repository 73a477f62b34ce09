// Calls to libc for what neither the standard library nor swift-system has; Foundation would double the programs'
// memory. The `unsafe` code here is sound: the environment is read before a second thread starts, and never changed.
internal import Glibc

enum ProcessEnvironment {
  /// getpid(2).
  static var processIdentifier: CInt { getpid() }

  /// getgrnam(3); nil if there is no such group.
  static func group(named name: String) -> UInt32? { unsafe getgrnam(name).map { unsafe $0.pointee.gr_gid } }

  /// getenv(3).
  static func variable(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}
