import Glibc

/// Calls a function for each name in a folder. A name is bytes, which need
/// not be UTF-8. Returns how many there are, or a negative errno.
func listFolder(_ path: String, each: ([UInt8]) -> Void) -> CInt {
  guard let folder = unsafe opendir(path) else { return -errno }
  defer { unsafe closedir(folder) }
  var count: CInt = 0
  while true {
    // readdir(3) returns nil at the end as for an error: only errno
    // differs.
    errno = 0
    guard let entry = unsafe readdir(folder) else {
      let error = errno
      return error != 0 ? -error : count
    }
    // The entry can be shorter than its type, so the name is read in place.
    let start = unsafe UnsafeRawPointer(entry.pointer(to: \.d_name)!)
    let length = unsafe strlen(start.assumingMemoryBound(to: CChar.self))
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length)
    let name = unsafe [UInt8](bytes)
    if name == Array(".".utf8) || name == Array("..".utf8) { continue }
    each(name)
    count += 1
  }
}
