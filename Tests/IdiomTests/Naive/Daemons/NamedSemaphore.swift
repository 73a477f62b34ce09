import Glibc

func openSlots(_ name: String, _ count: CUnsignedInt) -> UnsafeMutablePointer<sem_t>? {
  let slots = sem_open(name, O_CREAT, 0o600, count)
  return slots == SEM_FAILED ? nil : slots
}

func takeSlot(_ slots: UnsafeMutablePointer<sem_t>, _ seconds: Int) -> CInt {
  var end = timespec()
  clock_gettime(CLOCK_REALTIME, &end)
  end.tv_sec += seconds
  while sem_timedwait(slots, &end) < 0 {
    if errno != EINTR { return -errno }
  }
  return 0
}
