import Glibc

func eventNames(_ bytes: UnsafeRawPointer, _ count: Int, _ each: (String) -> Void) -> CInt {
  var events: CInt = 0
  var at = bytes
  while at < bytes + count {
    let event = at.assumingMemoryBound(to: inotify_event.self)
    each(event.pointee.len > 0 ? String(cString: event.pointee.name) : "")
    at += MemoryLayout<inotify_event>.size + event.pointee.len
    events += 1
  }
  return events
}
