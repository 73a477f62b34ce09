import Glibc

/// Calls a function with the name in each event of inotify(7). Returns how
/// many events there are, or -EBADMSG if the last one is not complete.
func eventNames(_ bytes: Span<UInt8>, each: ([UInt8]) -> Void) -> CInt {
  let header = MemoryLayout<inotify_event>.size
  var events: CInt = 0
  var rest = bytes
  while !rest.isEmpty {
    guard rest.count >= header else { return -EBADMSG }
    // The bytes are checked, and any bytes are an event.
    let event = unsafe rest.withUnsafeBytes {
      unsafe $0.loadUnaligned(as: inotify_event.self)
    }
    let length = Int(event.len)
    guard rest.count - header >= length else { return -EBADMSG }
    // The name is padded by NUL. An event of the folder itself has none.
    let name = (header..<(header + length)).map { rest[$0] }
    guard length == 0 || name.contains(0) else { return -EBADMSG }
    each(Array(name.prefix { $0 != 0 }))
    rest = rest.extracting(droppingFirst: header + length)
    events += 1
  }
  return events
}
