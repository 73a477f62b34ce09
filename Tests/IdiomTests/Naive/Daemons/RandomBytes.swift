import Glibc

func randomBytes(_ bytes: UnsafeMutableRawPointer, _ count: Int) -> CInt {
  var done = 0
  while done < count {
    let n = getrandom(bytes + done, count - done, 0)
    if n < 0 { return -errno }
    done += n
  }
  return 0
}
