// Queues, FIFOs and locks. The rule in TestSystem.swift applies here too.
internal import CFaults
internal import Glibc
internal import IPC
internal import SystemPackage

extension TestSystem {
  static let readOnly = O_RDONLY
  static let readWrite = O_RDWR

  static func openQueue(_ name: [UInt8], _ flags: CInt) throws(Errno) -> Descriptor {
    let flags = flags | O_NONBLOCK | O_CLOEXEC
    return Descriptor(owning: CInt(try check { withPath(name) { unsafe queues_open($0, flags) } }))
  }

  static func makeQueue(_ name: [UInt8], message: Int = 8192, depth: Int = 10, mode: mode_t = 0o600) throws(Errno) {
    var attributes = mq_attr()
    (attributes.mq_msgsize, attributes.mq_maxmsg) = (message, depth)
    let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC
    _ = Descriptor(owning: CInt(try check { withPath(name) { unsafe queues_make($0, flags, mode, &attributes) } }))
  }

  static func unlinkQueue(_ name: [UInt8]) throws(Errno) { try check { withPath(name) { unsafe mq_unlink($0) } } }

  static func sizes(ofQueue queue: borrowing Descriptor) throws(Errno) -> LinkSizes {
    let number = queue.number
    var attributes = mq_attr()
    try check { unsafe mq_getattr(number, &attributes) }
    return LinkSizes(message: attributes.mq_msgsize, depth: attributes.mq_maxmsg)
  }

  static func sendMessage(_ queue: borrowing Descriptor, _ message: [UInt8]) throws(Errno) {
    let number = queue.number
    try check {
      unsafe message.withUnsafeBytes {
        let pointer = unsafe ($0.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!).assumingMemoryBound(to: CChar.self)
        return unsafe mq_send(number, pointer, $0.count, 0)
      }
    }
  }

  static func receiveMessage(_ queue: borrowing Descriptor) throws(Errno) -> [UInt8] {
    let number = queue.number
    var message = [UInt8](repeating: 0, count: 65_536)
    let count = try check {
      unsafe message.withUnsafeMutableBytes {
        unsafe mq_receive(number, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count, nil)
      }
    }
    return Array(message.prefix(count))
  }

  static func inode(of descriptor: borrowing Descriptor) throws(Errno) -> ino_t {
    let number = descriptor.number
    var status = stat()
    try check { unsafe fstat(number, &status) }
    return status.st_ino
  }

  static func setMode(_ descriptor: borrowing Descriptor, _ mode: mode_t) throws(Errno) {
    let number = descriptor.number
    try check { fchmod(number, mode) }
  }

  /// flock(2) as any process can take it that may read the file.
  static func lockShared(_ number: CInt) throws(Errno) { try check { flock(number, LOCK_SH | LOCK_NB) } }

  static func setOwner(_ descriptor: borrowing Descriptor, _ user: uid_t) throws(Errno) {
    let number = descriptor.number
    try check { fchown(number, user, gid_t.max) }
  }

  static var isRoot: Bool { geteuid() == 0 }

  /// Sets the effective user: not root, so that the system's limits apply, or root again.
  static func become(_ user: uid_t) throws(Errno) { try check { seteuid(user) } }

  /// Limits the bytes that the user's queues may occupy (RLIMIT_MSGQUEUE). The process can't raise the limit again.
  static func limitQueues(to bytes: UInt) throws(Errno) {
    var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
    try check { unsafe setrlimit(12, &limit) }
  }

  static func write(_ file: borrowing Descriptor, _ bytes: [UInt8], at offset: Int) throws(Errno) {
    let number = file.number
    try check { unsafe bytes.withUnsafeBytes { unsafe pwrite(number, $0.baseAddress, $0.count, offset) } }
  }

  static func makeFIFO(_ path: [UInt8]) throws(Errno) { try check { withPath(path) { unsafe mkfifo($0, 0o600) } } }

  static func open(path: [UInt8], _ flags: CInt, create mode: mode_t? = nil) throws(Errno) -> Descriptor {
    let flags = flags | O_CLOEXEC | (mode == nil ? 0 : O_CREAT)
    return Descriptor(owning: CInt(try check { withPath(path) { unsafe Glibc.open($0, flags, mode ?? 0) } }))
  }

  /// The number of locks on a file, as /proc/locks lists them.
  static func locks(ofInode inode: ino_t) -> Int {
    guard let file = try? open(path: Array("/proc/locks"), O_RDONLY), let text = try? readAll(file.number, atMost: .max)
    else { return 0 }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").count { line in
      line.split(separator: " ").contains { $0.hasSuffix(":\(inode)") }
    }
  }
}
