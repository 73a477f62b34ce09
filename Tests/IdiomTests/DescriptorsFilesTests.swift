import CIdioms
import Glibc
import Testing

@testable import Idioms

/// Descriptors of files: C and Swift give the same values.
struct DescriptorsFilesTests {
  let folder = TemporaryFolder()

  static func mode(of path: String) -> mode_t {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  /// The umask, which a process can't read without setting it.
  static func umask() throws -> mode_t {
    let lines = String(decoding: try #require(TemporaryFolder.bytes(of: "/proc/self/status")), as: UTF8.self)
    let line = try #require(lines.split(separator: "\n").first { $0.hasPrefix("Umask:") })
    return try #require(mode_t(line.dropFirst(7), radix: 8))
  }

  @Test("A log is created with mode 0644, and 0644 without the o is mode 01204") func openMode() throws {
    let umask = try Self.umask()
    let (c, swift, naive) = (folder.file("c"), folder.file("swift"), folder.file("naive"))
    for fd in [unsafe open_log(c), openLog(swift), unsafe open(naive, O_WRONLY | O_CREAT, 0644)] {
      #expect(fd >= 0)
      close(fd)
    }
    #expect(Self.mode(of: c) == 0o644 & ~umask)
    #expect(Self.mode(of: swift) == 0o644 & ~umask)
    #expect(Self.mode(of: naive) == 0o1204 & ~umask)
    let missing = folder.file("missing/log")
    #expect(unsafe open_log(missing) == -ENOENT && openLog(missing) == -ENOENT)
  }

  @Test("A path ends at its first NUL") func nul() {
    close(openLog(folder.file("cut\0off")))
    #expect(TemporaryFolder.bytes(of: folder.file("cut")) == [])
  }

  @Test("A lock keeps another process off its bytes only, and closing the file once more releases it")
  func recordLock() throws {
    let path = folder.file("locked", containing: [1, 2, 3])
    for swift in [false, true] {
      let fd = unsafe open(path, O_RDWR | O_CLOEXEC)
      defer { close(fd) }
      #expect((swift ? lockRecord(fd, start: 0, count: 10) : lock_record(fd, 0, 10)) == 0)
      #expect(try Self.inChild(fd) == 0)
      // The lock belongs to the process and the file, not to the descriptor.
      close(unsafe open(path, O_RDONLY | O_CLOEXEC))
      #expect(try Self.inChild(fd) == 1)
    }
    #expect(lock_record(-1, 0, 1) == -EBADF && lockRecord(-1, start: 0, count: 1) == -EBADF)
    #expect(lock_owner(-1, 0, 1) == -EBADF && lockOwner(-1, start: 0, count: 1) == -EBADF)
  }

  /// The number of the first expectation that fails in a child of fork(2), or 0.
  private static func inChild(_ fd: CInt) throws -> CInt {
    let parent = getpid()
    let child = fork()
    if child == 0 {
      if lock_record(fd, 9, 1) != -EAGAIN || lockRecord(fd, start: 9, count: 1) != -EAGAIN { _exit(1) }
      if lock_owner(fd, 9, 1) != parent || lockOwner(fd, start: 9, count: 1) != parent { _exit(2) }
      if lock_owner(fd, 10, 1) != 0 || lockOwner(fd, start: 10, count: 1) != 0 { _exit(3) }
      if lock_record(fd, 10, 1) != 0 || lockRecord(fd, start: 11, count: 1) != 0 { _exit(4) }
      _exit(0)
    }
    var status: CInt = 0
    let ended = unsafe waitpid(child, &status, 0)
    try #require(child > 0 && ended == child)
    return status >> 8
  }

  @Test("A whole file is sent, and a pipe is drained until its writers close it", arguments: [0, 100, 60_000])
  func sendFile(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let source = unsafe open(folder.file("source", containing: bytes), O_RDONLY | O_CLOEXEC)
    defer { close(source) }
    for (name, swift) in [("c", false), ("swift", true)] {
      let target = unsafe open(folder.file(name), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      defer { close(target) }
      let (reader, writer) = try DescriptorsTests.pipe()
      #expect((swift ? sendWholeFile(to: writer, from: source) : send_whole_file(writer, source)) == count)
      close(writer)
      #expect((swift ? drainPipe(reader, to: target) : drain_pipe(reader, target)) == count)
      close(reader)
      #expect(TemporaryFolder.bytes(of: folder.file(name)) == bytes)
      // splice(2) needs a pipe at one end.
      #expect((swift ? drainPipe(source, to: target) : drain_pipe(source, target)) == off_t(-EINVAL))
    }
    #expect(sendWholeFile(to: source, from: -1) == off_t(-EBADF) && send_whole_file(source, -1) == off_t(-EBADF))
  }

  @Test("A regular file has a size and a time, and other files are refused") func fileStatus() {
    let path = folder.file("file", containing: [1, 2, 3])
    let times = [timespec(tv_sec: 5, tv_nsec: 0), timespec(tv_sec: 1_234_567_890, tv_nsec: 999_999_999)]
    #expect(unsafe utimensat(AT_FDCWD, path, times, 0) == 0)
    var (size, changed) = (off_t(0), time_t(0))
    var swift = FileStatus()
    #expect(unsafe file_status(path, &size, &changed) == 0 && size == 3 && changed == 1_234_567_890)
    #expect(Idioms.fileStatus(path, &swift) == 0 && swift.size == size && swift.changed == changed)
    for (path, error) in [(folder.path, EISDIR), ("/dev/null", EINVAL), (folder.file("none"), ENOENT)] {
      #expect(unsafe file_status(path, &size, &changed) == -error && Idioms.fileStatus(path, &swift) == -error)
    }
  }

  @Test("Each name of a folder is listed once, even if it is not UTF-8") func listFolder() throws {
    var expected: [[UInt8]] = [Array("a b".utf8), Array(repeating: 0x6E, count: 255), [0xFF, 0x80]]
    for name in expected {
      let path = Array(folder.path.utf8) + [0x2F] + name + [0]
      let fd = unsafe path.withUnsafeBytes {
        unsafe open($0.assumingMemoryBound(to: CChar.self).baseAddress!, O_CREAT | O_CLOEXEC, 0o600)
      }
      #expect(fd >= 0)
      close(fd)
    }
    var (c, swift): ([[UInt8]], [[UInt8]]) = ([], [])
    let count = unsafe withUnsafeMutablePointer(to: &c) { context in
      let each: @convention(c) (UnsafePointer<CChar>, UnsafeMutableRawPointer?) -> Void = { name, context in
        let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: name, count: strlen(name)))
        unsafe context!.assumingMemoryBound(to: [[UInt8]].self).pointee.append(bytes)
      }
      return unsafe list_folder(folder.path, each, context)
    }
    #expect(count == 3 && Idioms.listFolder(folder.path) { swift.append($0) } == 3)
    expected.sort { $0.lexicographicallyPrecedes($1) }
    #expect(c.sorted { $0.lexicographicallyPrecedes($1) } == expected)
    #expect(swift.sorted { $0.lexicographicallyPrecedes($1) } == expected)
    #expect(unsafe list_folder("/dev/null", { _, _ in }, nil) == -ENOTDIR)
    #expect(Idioms.listFolder("/dev/null") { _ in } == -ENOTDIR)
  }

  @Test("A named pipe is opened once a process reads from it") func namedPipe() {
    for (name, swift) in [("c", false), ("swift", true)] {
      let path = folder.file(name)
      let opens = { (path: String) in unsafe swift ? openNamedPipe(path) : open_named_pipe(path) }
      #expect(opens(path) == -ENXIO)
      #expect(Self.mode(of: path) & 0o700 == 0o600)
      let reader = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      let writer = opens(path)
      #expect(writer >= 0 && fcntl(writer, F_GETFL) & O_NONBLOCK != 0)
      close(writer)
      close(reader)
      #expect(opens(folder.file("file", containing: [])) == -EEXIST)
      #expect(opens(folder.file("missing/pipe")) == -ENOENT)
    }
  }

  @Test("A file is replaced as a whole, and a failure leaves the old one and nothing else") func atomicReplace() {
    let new = [UInt8](repeating: 9, count: 100_000)
    for (name, swift) in [("c", false), ("swift", true)] {
      let replace = { (path: String) in
        unsafe swift ? replaceFile(path, with: new.span) : replace_file(path, new, new.count)
      }
      let path = folder.file(name, containing: [1])
      #expect(replace(path) == 0)
      #expect(TemporaryFolder.bytes(of: path) == new && Self.mode(of: path) == 0o644)
      // rename(2) can't replace a folder by a file.
      let inner = folder.file("folder")
      #expect(unsafe mkdir(inner, 0o700) == 0 && replace(inner) == -EISDIR && rmdir(inner) == 0)
      #expect(replace(folder.file("missing/file")) == -ENOENT)
      #expect(replace("/tmp/" + String(repeating: "p", count: 4096)) == -ENAMETOOLONG)
      unsafe unlink(path)
      #expect(Idioms.listFolder(folder.path) { _ in } == 0)
    }
  }
}
