import Glibc

func timeText(_ time: timespec) -> String {
  let fields = gmtime(time.tv_sec)
  var text = [CChar](repeating: 0, count: 40)
  strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S", fields)
  return String(cString: text) + ".\(time.tv_nsec / 1_000_000)Z"
}
