import Glibc

func echoInThread(_ fd: CInt, _ thread: inout pthread_t) -> CInt {
  let error = pthread_create(
    &thread, nil,
    { _ in
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let n = read(fd, &buffer, buffer.count)
        if n <= 0 { break }
        write(fd, buffer, n)
      }
      close(fd)
      return nil
    }, nil)
  return -error
}
