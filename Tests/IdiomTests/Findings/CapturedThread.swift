import Glibc

func start(_ fd: CInt) -> CInt {
  var thread = pthread_t()
  return unsafe pthread_create(&thread, nil, { _ in close(fd) == 0 ? nil : nil }, nil)
}
