import Glibc

func changeRoot(_ folder: String) -> CInt {
  if chroot(folder) < 0 || chdir("/") < 0 {
    return -errno
  }
  return 0
}
