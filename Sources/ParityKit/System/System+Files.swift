internal import Glibc
internal import SystemPackage

extension System {
  /// The kind of a directory entry.
  enum FileKind: String {
    case file, folder, socket, fifo, link, device
  }

  /// Creates a folder whose name ends in six characters that mkdtemp(3) chooses.
  static func makeFolder(_ template: String) throws(Errno) -> String {
    var path = template.utf8CString
    let isMade = unsafe path.withUnsafeMutableBufferPointer { unsafe mkdtemp($0.baseAddress!) } != nil
    guard isMade else { throw Errno(rawValue: errno) }
    return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func makeFIFO(_ path: String) throws(Errno) { try call { unsafe mkfifo(path, 0o600) } }

  /// Opens for reading without waiting for a FIFO's writer.
  static func openToRead(_ path: String) throws(Errno) -> CInt {
    CInt(try call { unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) })
  }

  /// Creates a folder unless it exists.
  static func ensureFolder(_ path: String) throws(Errno) {
    do throws(Errno) {
      try call { unsafe mkdir(path, 0o777) }
    } catch  where error == .fileExists && kind(of: path + "/.") == .folder {
      return
    }
  }

  /// The sorted names in a folder; empty if the folder can't be read.
  static func names(in folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe _ = closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  static func kind(of path: String) -> FileKind? {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return nil }
    return switch status.st_mode & S_IFMT {
    case S_IFDIR: .folder
    case S_IFSOCK: .socket
    case S_IFIFO: .fifo
    case S_IFLNK: .link
    case S_IFREG: .file
    default: .device
    }
  }

  /// The permissions and the size of a directory entry, and its owner; zeros if the entry does not exist.
  static func status(of path: String) -> (mode: UInt32, size: Int, owner: UInt32) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return (0, 0, 0) }
    return (status.st_mode & 0o7777, status.st_size, status.st_uid)
  }

  static func setMode(of path: String, _ mode: UInt32) throws(Errno) { try call { unsafe chmod(path, mode) } }

  /// The time of the last modification in seconds; 0 if the entry does not exist. Follows symbolic links.
  static func modification(of path: String) -> Int {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mtim.tv_sec : 0
  }

  static func setModification(of path: String, _ seconds: Int) throws(Errno) {
    let times = [timespec](repeating: timespec(tv_sec: seconds, tv_nsec: 0), count: 2)
    try call { unsafe utimensat(AT_FDCWD, path, times, 0) }
  }

  static var user: UInt32 { geteuid() }

  /// Removes a folder and its contents. Symbolic links are removed, not followed.
  static func removeTree(_ path: String) {
    if kind(of: path) == .folder {
      _ = unsafe chmod(path, 0o700)
      for name in names(in: path) { removeTree("\(path)/\(name)") }
      _ = unsafe rmdir(path)
    } else {
      _ = unsafe unlink(path)
    }
  }

  /// Removes an empty folder.
  static func removeFolder(_ path: String) { _ = unsafe rmdir(path) }

  /// The folder for temporary files.
  static var temporaryFolder: String { environment("TMPDIR") ?? "/tmp" }

  static func target(ofLink path: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe buffer.withUnsafeMutableBytes {
      unsafe readlink(path, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
    }
    return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
  }

  static func isExecutable(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 && kind(of: path) != .folder }

  static var workingFolder: String { target(ofLink: "/proc/self/cwd") ?? "." }

  /// The contents of a file, up to a limit; nil if it can't be read. Files of /proc report no size.
  static func contents(of path: String, atMost limit: Int = 1 << 24) -> [UInt8]? {
    guard let descriptor = try? call({ unsafe open(path, O_RDONLY | O_CLOEXEC) }) else { return nil }
    defer { close(CInt(descriptor)) }
    var bytes: [UInt8] = []
    while bytes.count < limit {
      guard let more = try? read(CInt(descriptor), atMost: 16_384) else { return nil }
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }

  /// Passes each line of a file to the body until the body returns false. Reads in small pieces, because the kernel may
  /// compute the file while it is read.
  static func readLines(of path: String, _ wantsMore: (Substring) -> Bool) {
    guard let descriptor = try? call({ unsafe open(path, O_RDONLY | O_CLOEXEC) }) else { return }
    defer { close(CInt(descriptor)) }
    var rest: [UInt8] = []
    while let more = try? read(CInt(descriptor), atMost: 128), !more.isEmpty {
      rest += more
      guard let last = rest.lastIndex(of: 10) else { continue }
      for line in String(decoding: rest[...last], as: UTF8.self).split(separator: "\n") {
        if !wantsMore(line) { return }
      }
      rest.removeFirst(last + 1)
    }
  }

  static func text(of path: String) -> String? { contents(of: path).map { String(decoding: $0, as: UTF8.self) } }

  /// Opens a file to write behind its end, and closes it.
  static func openToAppend(_ path: String) throws(Errno) {
    close(CInt(try call { unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644) }))
  }

  /// Creates a file that only its owner can read and write, whatever the umask is. The caller closes the descriptor.
  static func createPrivate(_ path: String) throws(Errno) -> CInt {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let descriptor = CInt(try call { unsafe open(path, flags, 0o600) })
    _ = fchmod(descriptor, 0o600)
    return descriptor
  }

  /// Gives a file another name, and replaces a file that has it.
  static func rename(_ path: String, to other: String) throws(Errno) {
    try call { unsafe Glibc.rename(path, other) }
  }

  /// The path without symbolic links; the path itself if nothing exists there.
  static func realPath(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// Creates or replaces a file.
  static func write(_ bytes: [UInt8], to path: String) throws(Errno) {
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
    let descriptor = CInt(try call { unsafe open(path, flags, 0o644) })
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty { rest = rest.dropFirst(try write(descriptor, rest)) }
  }
}
