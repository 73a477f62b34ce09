import CLinux
import Glibc

/// Runs a program without a shell, and reads what it writes, up to a limit.
/// Returns its exit status, or a negative errno: -ECHILD if a signal ended
/// it.
func readCommand(_ words: [String], atMost limit: Int)
  -> (status: CInt, output: [UInt8])
{
  guard let name = words.first else { return (-EINVAL, []) }
  var ends: InlineArray<2, CInt> = [-1, -1]
  var span = ends.mutableSpan
  let result = unsafe span.withUnsafeMutableBufferPointer {
    unsafe pipe2($0.baseAddress!, O_CLOEXEC)
  }
  guard result == 0 else { return (-errno, []) }
  defer { close(ends[0]) }

  var actions = unsafe posix_spawn_file_actions_t()
  unsafe posix_spawn_file_actions_init(&actions)
  unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
  var child: pid_t = 0
  var pointers = unsafe words.map { unsafe strdup($0) } + [nil]
  let error = unsafe posix_spawnp(
    &child, name, &actions, nil, &pointers, linux_environ())
  unsafe pointers.forEach { unsafe free($0) }
  unsafe posix_spawn_file_actions_destroy(&actions)
  // As long as this end is open, the other one does not reach its end.
  close(ends[1])
  guard error == 0 else { return (-error, []) }

  let (failure, output) = readToEnd(ends[0], atMost: limit)
  var status: CInt = 0
  while unsafe waitpid(child, &status, 0) < 0 {
    if errno != EINTR { return (-errno, output) }
  }
  if failure != 0 { return (failure, output) }
  return (status & 0x7f == 0 ? status >> 8 & 0xff : -ECHILD, output)
}

/// Reads to the end, since a program that nobody reads from would get
/// SIGPIPE.
private func readToEnd(_ fd: CInt, atMost limit: Int) -> (CInt, [UInt8]) {
  var output: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = unsafe read(fd, &buffer, buffer.count)
    if count < 0 && errno == EINTR { continue }
    if count <= 0 { return (count < 0 ? -errno : 0, output) }
    output += buffer[..<min(count, limit - output.count)]
  }
}
