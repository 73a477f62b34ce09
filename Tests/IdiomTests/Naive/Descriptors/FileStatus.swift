import Glibc

func fileStatus(_ path: String, _ size: inout off_t, _ changed: inout time_t) -> CInt {
  var status: stat
  if stat(path, &status) < 0 { return -errno }
  if S_ISDIR(status.st_mode) { return -EISDIR }
  if !S_ISREG(status.st_mode) { return -EINVAL }
  size = status.st_size
  changed = status.st_mtime
  return 0
}
