import Glibc

func replaceFile(_ path: String, _ bytes: UnsafeRawPointer, _ count: Int) -> CInt {
  var temporary = [CChar](repeating: 0, count: PATH_MAX)
  snprintf(&temporary, temporary.count, "%s.XXXXXX", path)
  let fd = mkostemp(&temporary, O_CLOEXEC)
  if fd < 0 { return -errno }
  var error: CInt = write(fd, bytes, count) < 0 ? -errno : 0
  if error == 0 && fchmod(fd, 0644) < 0 { error = -errno }
  if error == 0 && fsync(fd) < 0 { error = -errno }
  if close(fd) < 0 && error == 0 { error = -errno }
  if error == 0 && rename(temporary, path) < 0 { error = -errno }
  if error < 0 { unlink(temporary) }
  return error
}
