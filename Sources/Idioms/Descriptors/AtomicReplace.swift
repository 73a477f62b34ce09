import CLinux
import Glibc

/// Replaces a file: a reader sees the old bytes or the new ones, and never
/// a part, even after a crash. Returns 0, or a negative errno.
func replaceFile(_ path: String, with bytes: Span<UInt8>) -> CInt {
  var name = ContiguousArray((path + ".XXXXXX").utf8CString)
  guard name.count <= Int(PATH_MAX) else { return -ENAMETOOLONG }
  // mkostemp(3) replaces the X by characters that make the name unique.
  return unsafe name.withUnsafeMutableBufferPointer { temporary in
    let fd = unsafe mkostemp(temporary.baseAddress!, O_CLOEXEC)
    if fd < 0 { return -errno }
    var error = writeAll(fd, bytes)
    if error == 0 && fchmod(fd, 0o644) < 0 { error = -errno }
    // Without fsync(2) the name may reach the disk before the bytes.
    if error == 0 && fsync(fd) < 0 { error = -errno }
    if close(fd) < 0 && error == 0 { error = -errno }
    if unsafe error == 0 && rename(temporary.baseAddress!, path) < 0 {
      error = -errno
    }
    if error < 0 { unsafe unlink(temporary.baseAddress!) }
    return error
  }
}
