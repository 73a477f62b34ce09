import Glibc

/// Makes a folder the root of this process. Returns 0, or a negative errno;
/// then the process must end. Only root may call it, and gives up root
/// afterwards.
func changeRoot(to folder: String) -> CInt {
  // The working directory would otherwise remain outside.
  guard unsafe chroot(folder) == 0, unsafe chdir("/") == 0 else {
    return -errno
  }
  return 0
}
