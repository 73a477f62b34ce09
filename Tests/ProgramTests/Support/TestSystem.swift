// Calls to libc. The `unsafe` code here is sound for one reason: the kernel uses a pointer only during the call,
// and only within the count that is passed with it.
import Glibc
import SystemPackage

enum TestSystem {
  /// read(2); 0 is the end.
  static func read(_ descriptor: FileDescriptor, into buffer: inout [UInt8]) throws(Errno) -> Int {
    let count = unsafe Glibc.read(descriptor.rawValue, &buffer, buffer.count)
    guard count >= 0 else { throw Errno(rawValue: errno) }
    return count
  }

  /// Writes all bytes. If the reader has closed, this throws EPIPE: the SIGPIPE, which would end the tests, is blocked and
  /// then consumed.
  static func write(_ descriptor: FileDescriptor, _ bytes: [UInt8]) throws(Errno) {
    var pipe = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&pipe)
    unsafe sigaddset(&pipe, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &pipe, &before)
    defer { unsafe _ = pthread_sigmask(SIG_SETMASK, &before, nil) }
    var written = 0
    while written < bytes.count {
      let rest = bytes[written...]
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor.rawValue, $0.baseAddress, $0.count) }
      if count >= 0 {
        written += count
        continue
      }
      let error = Errno(rawValue: errno)
      if error == .brokenPipe {
        var now = timespec()
        unsafe _ = sigtimedwait(&pipe, nil, &now)
      }
      throw error
    }
  }

  /// Reads a file to its end, because files in /proc have no size.
  static func contents(of path: String) throws -> [UInt8] {
    let file = try FileDescriptor.open(FilePath(path), .readOnly)
    return try file.closeAfter {
      var (bytes, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
      while true {
        let count = try read(file, into: &buffer)
        if count == 0 { return bytes }
        bytes += buffer[..<count]
      }
    }
  }

  static func target(ofLink path: String) -> String {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe buffer.withUnsafeMutableBytes {
      unsafe readlink(path, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
    }
    return String(decoding: buffer[..<max(0, count)], as: UTF8.self)
  }

  /// mkdtemp(3): makes a folder whose name ends in six random characters.
  static func makeFolder(_ template: String) -> String {
    var path = template.utf8CString
    precondition(unsafe path.withUnsafeMutableBufferPointer { unsafe mkdtemp($0.baseAddress!) } != nil, template)
    return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static var isRoot: Bool { geteuid() == 0 }

  static func environment(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }

  /// Whether the descriptor becomes readable within this time. A process descriptor is readable once the process ended.
  static func awaitReadable(_ descriptor: CInt, milliseconds: CInt) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, milliseconds) == 1
  }
}
