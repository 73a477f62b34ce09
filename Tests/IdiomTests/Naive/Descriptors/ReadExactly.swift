import Glibc

func readExactly(_ fd: CInt, _ bytes: inout [UInt8], _ done: inout Int) -> CInt {
  while done < bytes.count {
    let n = read(fd, &bytes + done, bytes.count - done)
    if n == 0 { return 0 }
    if n > 0 {
      done += n
    } else if errno != EINTR {
      return -errno
    }
  }
  return 1
}
