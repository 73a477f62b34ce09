import Glibc

/// Copies a file to a new one. Returns how many bytes were copied, or a
/// negative errno; then there is no new file.
func copyFile(from: String, to: String) -> Int {
  let source = unsafe open(from, O_RDONLY | O_CLOEXEC)
  guard source >= 0 else { return Int(-errno) }
  defer { close(source) }

  let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
  let target = unsafe open(to, flags, 0o644)
  guard target >= 0 else { return Int(-errno) }
  var isComplete = false
  defer {
    close(target)
    if !isComplete { unsafe unlink(to) }
  }

  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  var total = 0
  while true {
    let n = unsafe read(source, &buffer, buffer.count)
    if n < 0 {
      let error = errno
      if error == EINTR { continue }
      return Int(-error)
    }
    if n == 0 { break }
    let error = writeAll(target, buffer.span.extracting(..<n))
    if error < 0 { return Int(error) }
    total += n
  }
  isComplete = true
  return total
}
