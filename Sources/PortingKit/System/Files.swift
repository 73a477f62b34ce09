internal import Glibc
internal import SystemPackage

/// Files and the environment: the one place with unsafe code.
public enum Files {
  /// All bytes of a file.
  static func read(_ path: String, limit: Int = Limit.file) throws(ReadError) -> [UInt8] {
    var bytes: [UInt8] = []
    do {
      let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
      try file.closeAfter {
        while bytes.count <= limit {
          // Sound: the kernel writes only within the buffer, and `count` is the number of bytes that it wrote.
          let part = unsafe try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            count = unsafe try file.read(into: UnsafeMutableRawBufferPointer(buffer))
          }
          if part.isEmpty { return }
          bytes += part
        }
      }
    } catch {
      throw ReadError(path, "\(error)")
    }
    if bytes.count > limit { throw ReadError(path, "the file is larger than \(limit >> 20) MiB") }
    return bytes
  }

  /// Creates or replaces a file.
  public static func write(_ text: String, to path: String) throws(ReadError) {
    do {
      let file = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try file.closeAfter { _ = try file.writeAll(text.utf8) }
    } catch {
      throw ReadError(path, "can't be written: \(error)")
    }
  }

  /// Writes a text to standard output (1) or standard error (2). A reader that has gone is not an error.
  public static func print(_ text: String, to descriptor: CInt = 1) {
    _ = try? FileDescriptor(rawValue: descriptor).writeAll(text.utf8)
  }

  static func environment(_ name: String) -> String? {
    // Sound: the program has one thread when it calls this, and the text is copied.
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// The path without symbolic links, or nil if there is no such file.
  static func resolved(_ path: String) -> String? {
    guard let real = unsafe realpath(path, nil) else { return nil }
    // Sound: realpath(3) allocated it, and ended it with a NUL.
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  static func isExecutable(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }
}
