import CLinux
import Glibc

/// Returns a descriptor that reports the names that appear in a folder and
/// disappear from it, or a negative errno.
func watchFolder(_ path: String) -> CInt {
  let fd = inotify_init1(CInt(IN_CLOEXEC | IN_NONBLOCK))
  guard fd >= 0 else { return -errno }
  let mask = UInt32(
    IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR)
  guard unsafe inotify_add_watch(fd, path, mask) >= 0 else {
    let error = errno
    close(fd)
    return -error
  }
  return fd
}

struct FolderEvent: Equatable {
  var mask: UInt32
  var name: String
}

/// Returns the events that wait. The result is their number, or a negative
/// errno: -EOVERFLOW if the kernel dropped events.
func readFolderEvents(_ fd: CInt) -> (result: CInt, events: [FolderEvent]) {
  var buffer = [UInt8](repeating: 0, count: 4096)
  var events: [FolderEvent] = []
  while true {
    let size = unsafe read(fd, &buffer, buffer.count)
    if size < 0 && errno == EINTR { continue }
    if size < 0 {
      return (errno == EAGAIN ? CInt(events.count) : -errno, events)
    }
    var rest = buffer[..<size]
    while rest.count >= MemoryLayout<inotify_event>.size {
      let event = unsafe rest.withUnsafeBytes {
        unsafe $0.loadUnaligned(as: inotify_event.self)
      }
      if event.mask & UInt32(IN_Q_OVERFLOW) != 0 {
        return (-EOVERFLOW, events)
      }
      rest = rest.dropFirst(MemoryLayout<inotify_event>.size)
      // The name is padded with NULs.
      let name = rest.prefix(Int(event.len)).prefix { $0 != 0 }
      events.append(
        FolderEvent(
          mask: event.mask, name: String(decoding: name, as: UTF8.self)))
      rest = rest.dropFirst(Int(event.len))
    }
  }
}
