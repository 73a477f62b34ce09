import Glibc

func readExactly(_ fd: CInt, _ bytes: inout [UInt8], _ count: Int) -> Int {
  var done = 0
  while done < count {
    let n = read(fd, &bytes + done, count - done)
    if n == 0 { break }
    if n > 0 {
      done += n
    } else if errno != EINTR {
      return -errno
    }
  }
  return done
}
