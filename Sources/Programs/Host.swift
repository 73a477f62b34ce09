// The gate to what neither the standard library nor swift-system has: the wall clock, the environment, the process;
// Foundation's would double the programs' memory. What is `unsafe` here is sound: libc writes one struct, and keeps no
// pointer; the environment is read before there is a second thread, and never written.
internal import Glibc

enum Host {
  static var processIdentifier: CInt { getpid() }

  /// getenv(3).
  static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }
}

enum Clock {
  /// The time as RFC 3339 has it, in UTC, with milliseconds: `2026-11-21T09:01:29.123Z`.
  static func stamp() -> String {
    var now = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &now)
    return stamp(seconds: now.tv_sec, milliseconds: now.tv_nsec / 1_000_000)
  }

  static func stamp(seconds: Int, milliseconds: Int) -> String {
    var seconds = seconds
    var time = unsafe tm()
    _ = unsafe gmtime_r(&seconds, &time)
    let (year, month) = unsafe (Int(time.tm_year) + 1900, Int(time.tm_mon) + 1)
    let rest = unsafe [time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec].map { padded(Int($0), 2) }
    let clock = rest.dropFirst().joined(separator: ":")
    return "\(year)-\(padded(month, 2))-\(rest[0])T\(clock).\(padded(milliseconds, 3))Z"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
