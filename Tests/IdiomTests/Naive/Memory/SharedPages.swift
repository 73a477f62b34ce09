import Glibc

func sharedPagesMap(
  _ name: String, _ size: Int, _ pages: inout UnsafeMutableRawPointer?
) -> CInt {
  let fd = shm_open(name, O_RDWR | O_CREAT, 0600)
  if fd < 0 { return -errno }
  var error: CInt = 0
  if ftruncate(fd, off_t(size)) < 0 { error = errno }
  if error == 0 {
    pages = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
    if pages == MAP_FAILED { error = errno }
  }
  close(fd)
  return -error
}
