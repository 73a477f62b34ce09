import Glibc

func readCommand(_ command: String, _ buffer: inout [UInt8], _ count: inout Int) -> CInt {
  let stream = popen(command, "re")
  if stream == nil { return -errno }
  while count < buffer.count {
    let n = read(fileno(stream), &buffer + count, buffer.count - count)
    if n <= 0 { break }
    count += n
  }
  let status = pclose(stream)
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)
}
