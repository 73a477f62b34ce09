import Glibc

/// Returns a time as text of the form 2026-11-28T05:01:59.123Z, or nil if
/// its year does not fit into an int.
func timeText(_ time: timespec) -> String? {
  var seconds = time.tv_sec
  var fields = unsafe tm()
  guard unsafe gmtime_r(&seconds, &fields) != nil else { return nil }
  let format = "%Y-%m-%dT%H:%M:%S"
  var text = [CChar](repeating: 0, count: 64)
  let length = unsafe strftime(&text, text.count, format, &fields)
  let bytes = text[..<length].map { UInt8(bitPattern: $0) }
  let milliseconds = String(1000 + time.tv_nsec / 1_000_000).dropFirst()
  return "\(String(decoding: bytes, as: UTF8.self)).\(milliseconds)Z"
}

/// Returns the time of now.
func nowText() -> String? {
  var now = timespec()
  guard unsafe clock_gettime(CLOCK_REALTIME, &now) == 0 else { return nil }
  return timeText(now)
}
