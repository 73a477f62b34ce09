// Time. The rule in TestSystem.swift applies here too.
internal import Glibc
internal import SystemPackage

extension TestSystem {
  /// The clock of the calling thread's processor time. It is valid as long as the thread runs.
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

  /// Sleeps while other threads work; for conditions that no descriptor announces.
  static func pause(milliseconds: Int) throws(Errno) { try check { poll(nil, 0, CInt(milliseconds)) } }
}
