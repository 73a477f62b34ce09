import CIdioms
import CLinux
import Glibc
import Testing

@testable import Idioms

/// Events of a folder: C and Swift give the same names.
struct WatchFolderTests {
  private let temporary = TemporaryFolder()

  @Test("Both languages report the same events, with names of any length") func events() throws {
    let folder = temporary.path
    let (c, swift) = (unsafe watch_folder(folder), watchFolder(folder))
    defer { for fd in [c, swift] { close(fd) } }
    #expect(fcntl(swift, F_GETFD) == FD_CLOEXEC)
    #expect(Self.events(c).0 == 0 && readFolderEvents(swift).result == 0)

    let long = String(repeating: "n", count: 255)
    let names = ["a", "fünfzehn bytes", "sixteen bytes ab", long]
    for name in names { close(unsafe creat("\(folder)/\(name)", 0o600)) }
    #expect(unsafe rename("\(folder)/a", "\(folder)/b") == 0)
    for name in ["b"] + names.dropFirst() { #expect(unsafe unlink("\(folder)/\(name)") == 0) }
    let expected =
      names.map { FolderEvent(mask: UInt32(IN_CREATE), name: $0) } + [
        FolderEvent(mask: UInt32(IN_MOVED_FROM), name: "a"), FolderEvent(mask: UInt32(IN_MOVED_TO), name: "b"),
      ] + (["b"] + names.dropFirst()).map { FolderEvent(mask: UInt32(IN_DELETE), name: $0) }
    try TestSockets.ready(swift)
    let (count, found) = readFolderEvents(swift)
    #expect(found == expected)
    #expect(Int(count) == expected.count)
    #expect(Self.events(c) == (count, expected))
  }

  @Test("A folder that does not exist, a file and a closed descriptor are errors") func errors() throws {
    let folder = temporary.path
    let file = "\(folder)/file"
    close(unsafe creat(file, 0o600))
    #expect(unsafe watch_folder(file) == -ENOTDIR)
    #expect(watchFolder(file) == -ENOTDIR)
    #expect(unsafe unlink(file) == 0)
    #expect(unsafe watch_folder(file) == -ENOENT)
    #expect(watchFolder(file) == -ENOENT)
    #expect(Self.events(-1).0 == -EBADF)
    #expect(readFolderEvents(-1).result == -EBADF)
  }

  @Test("Events that the kernel dropped are an error") func overflow() throws {
    let limit = try #require(Int(try Files.read("/proc/sys/fs/inotify/max_queued_events").dropLast()))
    try #require(limit <= 100_000)
    let folder = temporary.path
    let (c, swift) = (unsafe watch_folder(folder), watchFolder(folder))
    defer { for fd in [c, swift] { close(fd) } }
    for _ in 0...(limit / 2) {
      close(unsafe creat("\(folder)/x", 0o600))
      unsafe unlink("\(folder)/x")
    }
    #expect(Self.events(c).0 == -EOVERFLOW)
    #expect(readFolderEvents(swift).result == -EOVERFLOW)
  }

  /// What C reports.
  private static func events(_ fd: CInt) -> (CInt, [FolderEvent]) {
    var events: [FolderEvent] = []
    let result = unsafe withUnsafeMutablePointer(to: &events) { events in
      unsafe read_folder_events(
        fd,
        { mask, name, context in
          let events = unsafe context!.assumingMemoryBound(to: [FolderEvent].self)
          unsafe events.pointee.append(FolderEvent(mask: mask, name: String(cString: name)))
        }, events)
    }
    return (result, events)
  }
}
