import CLinux
import Glibc

/// Keeps all descriptors from a number on from the programs that this
/// process starts later. Returns 0, or a negative errno.
func keepFromPrograms(_ first: CUnsignedInt) -> CInt {
  let flags = CInt(CLOSE_RANGE_CLOEXEC)
  return close_range(first, .max, flags) < 0 ? -errno : 0
}

/// Returns the number of descriptors that a program would inherit, or a
/// negative errno.
func inheritedDescriptors() -> CInt {
  guard let folder = unsafe opendir("/proc/self/fd") else { return -errno }
  defer { unsafe _ = closedir(folder) }
  var count: CInt = 0
  while let entry = unsafe readdir(folder) {
    let name = unsafe UnsafeRawPointer(entry.pointer(to: \.d_name)!)
      .assumingMemoryBound(to: CChar.self)
    // The entries "." and ".." are no numbers.
    guard let fd = unsafe CInt(String(cString: name)) else { continue }
    let flags = fcntl(fd, F_GETFD)
    if flags >= 0 && flags & FD_CLOEXEC == 0 { count += 1 }
  }
  return count
}
