import Glibc

/// Writes a line to a descriptor in one call, so that the lines of several
/// processes do not mix. Returns its length, or a negative errno. A line of
/// more than 1024 bytes is cut. The format is one of printf(3), which the
/// compiler does not check: do not make it from what a client sent.
func logLine(
  _ fd: CInt, _ format: String, _ arguments: any CVarArg...
) -> CInt {
  var line = [CChar](repeating: 0, count: 1024)
  let length = unsafe withVaList(arguments) {
    unsafe vsnprintf(&line, line.count, format, $0)
  }
  if length < 0 { return -errno }
  // The newline replaces the NUL.
  let end = min(Int(length), line.count - 1)
  line[end] = CChar(bitPattern: UInt8(ascii: "\n"))
  return writeOnce(fd, line[...end])
}

/// The same without a format: `logText(2, "\(count) clients")`.
func logText(_ fd: CInt, _ text: String) -> CInt {
  let line = Array(text.utf8.prefix(1023)) + [UInt8(ascii: "\n")]
  return writeOnce(fd, line[...])
}

private func writeOnce<Byte: BitwiseCopyable>(
  _ fd: CInt, _ bytes: ArraySlice<Byte>
) -> CInt {
  while true {
    let n = unsafe bytes.withUnsafeBytes {
      unsafe write(fd, $0.baseAddress, $0.count)
    }
    if n >= 0 { return CInt(n) }
    let error = errno
    if error != EINTR { return -error }
  }
}
