// The gate's part for time; what is said in Kernel.swift holds here.
internal import Glibc
internal import SystemPackage

extension Kernel {
  /// The clock of the processor time that the calling thread takes; it runs as long as the thread.
  static var threadClock: clockid_t {
    var clock = clockid_t()
    unsafe pthread_getcpuclockid(pthread_self(), &clock)
    return clock
  }

  static func milliseconds(of clock: clockid_t) -> Int {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }

  /// Lets other threads run.
  static func yield() { sched_yield() }

  /// For work that others do meanwhile, and that has no end of its own.
  static func pause(milliseconds: Int) throws(Errno) { try check { poll(nil, 0, CInt(milliseconds)) } }
}
