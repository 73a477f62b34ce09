import Glibc

/// The size of a regular file, and when it was last changed.
struct FileStatus {
  var size: off_t = 0
  var changed: time_t = 0
}

/// Gets the status of a regular file. Returns 0, or a negative errno:
/// -EISDIR for a folder, -EINVAL for any other file.
func fileStatus(_ path: String, _ result: inout FileStatus) -> CInt {
  var status = stat()
  guard unsafe stat(path, &status) == 0 else { return -errno }
  switch status.st_mode & S_IFMT {
  case S_IFREG:
    result.size = status.st_size
    result.changed = status.st_mtim.tv_sec
    return 0
  case S_IFDIR: return -EISDIR
  default: return -EINVAL
  }
}
