import Glibc

func readCommand(_ command: String, _ buffer: inout [UInt8]) -> CInt {
  let stream = popen(command, "re")
  if stream == nil {
    return -errno
  }
  let count = fread(&buffer, 1, buffer.count, stream)
  buffer.removeLast(buffer.count - count)
  let status = pclose(stream)
  return WIFEXITED(status) ? WEXITSTATUS(status) : -ECHILD
}
