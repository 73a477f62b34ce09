import Glibc

func sendWholeFile(_ to: CInt, _ file: CInt) -> off_t {
  var offset: off_t = 0
  while true {
    let n = sendfile(to, file, &offset, 1 << 20)
    if n == 0 { return offset }
    if n < 0 && errno != EINTR { return off_t(-errno) }
  }
}

func drainPipe(_ pipe: CInt, _ to: CInt) -> off_t {
  var total: off_t = 0
  while true {
    let n = splice(pipe, nil, to, nil, 1 << 16, SPLICE_F_MOVE)
    if n == 0 { return total }
    if n > 0 {
      total += n
    } else if errno != EINTR {
      return off_t(-errno)
    }
  }
}
