import Glibc

/// An empty folder without subfolders, which is deleted with all its files.
final class TemporaryFolder {
  let path: String

  init() {
    var name = Array("/tmp/idioms.XXXXXX".utf8CString)
    precondition(unsafe mkdtemp(&name) != nil, "no folder can be created in /tmp")
    path = unsafe String(cString: &name)
  }

  deinit {
    if let folder = unsafe opendir(path) {
      while let entry = unsafe readdir(folder) {
        let name = unsafe UnsafeRawPointer(entry.pointer(to: \.d_name)!).assumingMemoryBound(to: CChar.self)
        unsafe unlinkat(dirfd(folder), name, 0)
      }
      unsafe closedir(folder)
    }
    unsafe rmdir(path)
  }

  func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file, and returns its path.
  func file(_ name: String, containing bytes: [UInt8]) -> String {
    let fd = unsafe open(file(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    precondition(unsafe fd >= 0 && write(fd, bytes, bytes.count) == bytes.count)
    close(fd)
    return file(name)
  }

  /// The bytes of a file, or nil if it is missing.
  static func bytes(of path: String) -> [UInt8]? {
    let fd = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard fd >= 0 else { return nil }
    defer { close(fd) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe read(fd, &bytes, bytes.count)
    return Array(bytes.prefix(max(count, 0)))
  }
}
