// The `unsafe` code here is sound: libc writes one structure during a call, and keeps no pointer to it.
internal import Glibc

/// The time of log records.
enum Clock {
  /// The current time in UTC, in the format of RFC 3339 with milliseconds: `2026-11-21T09:01:29.123Z`.
  static func timestamp() -> String {
    var now = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &now)
    return timestamp(seconds: now.tv_sec, milliseconds: now.tv_nsec / 1_000_000)
  }

  private static func timestamp(seconds: Int, milliseconds: Int) -> String {
    var seconds = seconds
    var time = unsafe tm()
    _ = unsafe gmtime_r(&seconds, &time)
    let (year, month) = unsafe (Int(time.tm_year) + 1900, Int(time.tm_mon) + 1)
    let fields = unsafe [time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec].map { padded(Int($0), 2) }
    let timeOfDay = fields.dropFirst().joined(separator: ":")
    return "\(year)-\(padded(month, 2))-\(fields[0])T\(timeOfDay).\(padded(milliseconds, 3))Z"
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
