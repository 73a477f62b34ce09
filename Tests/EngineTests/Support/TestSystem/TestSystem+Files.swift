// Files and descriptors. The rule in TestSystem.swift applies here too.
internal import Glibc
internal import IPC
internal import SystemPackage

extension TestSystem {
  static func status(_ path: [UInt8]) throws(Errno) -> stat {
    var status = stat()
    try check { withPath(path) { unsafe lstat($0, &status) } }
    return status
  }

  static func makeFolder(_ path: [UInt8]) throws(Errno) { try check { withPath(path) { unsafe mkdir($0, 0o700) } } }

  static func removeFolder(_ path: [UInt8]) throws(Errno) { try check { withPath(path) { unsafe rmdir($0) } } }

  static func removeFile(_ path: [UInt8]) throws(Errno) { try check { withPath(path) { unsafe unlink($0) } } }

  static func makeFile(_ path: [UInt8]) throws(Errno) {
    let flags = O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC
    _ = Descriptor(owning: CInt(try check { withPath(path) { unsafe Glibc.open($0, flags, 0o600) } }))
  }

  static func makeLink(_ path: [UInt8], to target: [UInt8]) throws(Errno) {
    try check { withPath(target) { target in withPath(path) { unsafe symlink(target, $0) } } }
  }

  static func open(_ path: StaticString, _ flags: CInt) throws(Errno) -> Descriptor {
    let path = Array(path.description.utf8)
    return Descriptor(owning: CInt(try check { withPath(path) { unsafe Glibc.open($0, flags | O_CLOEXEC) } }))
  }

  static func datagramSocket() throws(Errno) -> Descriptor {
    Descriptor(owning: CInt(try check { Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0) }))
  }

  /// Duplicates a descriptor. The corresponding C function is fcntl(2) with F_DUPFD_CLOEXEC.
  static func duplicate(_ descriptor: borrowing Descriptor) throws(Errno) -> CInt {
    let number = descriptor.number
    return CInt(try check { fcntl(number, F_DUPFD_CLOEXEC, 0) })
  }

  /// The capacity of a pipe in bytes (F_GETPIPE_SZ).
  static func capacity(ofPipe number: CInt) throws(Errno) -> Int { try check { fcntl(number, 1032) } }

  @safe static func withPath<R>(_ path: [UInt8], _ body: (UnsafePointer<CChar>) -> R) -> R {
    let terminated = path.map { CChar(bitPattern: $0) } + [0]
    return unsafe terminated.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
  }
}
