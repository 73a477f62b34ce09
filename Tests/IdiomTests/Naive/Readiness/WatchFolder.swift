import Glibc

func watchFolder(_ path: String) -> CInt {
  let fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK)
  inotify_add_watch(fd, path, IN_CREATE | IN_DELETE)
  return fd
}

func readFolderEvents(_ fd: CInt, _ handle: (UInt32, String) -> Void) -> CInt {
  var buffer = [UInt8](repeating: 0, count: 4096)
  let size = read(fd, &buffer, buffer.count)
  if size < 0 { return -errno }
  var next = 0
  while next < size {
    let event = (&buffer[next]) as UnsafePointer<inotify_event>
    handle(event.pointee.mask, String(cString: event.pointee.name))
    next += sizeof(inotify_event) + event.pointee.len
  }
  return 0
}
