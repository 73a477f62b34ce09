import Glibc

_Thread_local var calls: CUnsignedInt = 0

func threadCalls() -> CUnsignedInt {
  calls += 1
  return calls
}
