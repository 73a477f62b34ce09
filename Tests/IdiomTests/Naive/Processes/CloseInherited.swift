import Glibc

func keepFromPrograms(_ first: UInt32) -> CInt {
  close_range(first, ~0, CLOSE_RANGE_CLOEXEC) < 0 ? -errno : 0
}

func closeFrom(_ first: CInt) {
  for fd in first..<getdtablesize() { close(fd) }
}
