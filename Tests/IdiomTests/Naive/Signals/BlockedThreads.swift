import Glibc

func startSignalThread(
  _ signals: [CInt], _ handle: @escaping (CInt) -> Bool
) -> CInt {
  var waited = sigset_t()
  sigemptyset(&waited)
  for number in signals { sigaddset(&waited, number) }
  pthread_sigmask(SIG_BLOCK, &waited, nil)
  var thread = pthread_t()
  return pthread_create(
    &thread, nil,
    { _ in
      var number: CInt = 0
      repeat {
        sigwait(&waited, &number)
      } while handle(number)
      return nil
    }, nil)
}
