import Glibc

func logLine(_ fd: CInt, _ format: String, _ arguments: CVarArg...) -> CInt {
  var line = [CChar](repeating: 0, count: 1025)
  let length = snprintf(&line, line.count - 1, format, arguments)
  if length < 0 { return -errno }
  dprintf(fd, "%s\n", line)
  return length + 1
}

func startLog(_ count: CInt) {
  printf("%d clients\n", count)
}
