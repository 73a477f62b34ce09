import CLinux
import Glibc

/// Runs a program without a shell and with default signals, and reads what
/// it writes, up to a limit of 0 or more. Returns its exit status as a shell
/// does, 128 and the signal that ended it, or a negative errno: -ECHILD if
/// this process ignores SIGCHLD, which loses the status.
func readCommand(_ words: [String], atMost limit: Int)
  -> (status: CInt, output: [UInt8])
{
  guard !words.isEmpty, limit >= 0 else { return (-EINVAL, []) }
  var ends: InlineArray<2, CInt> = [-1, -1]
  var span = ends.mutableSpan
  let result = unsafe span.withUnsafeMutableBufferPointer {
    unsafe pipe2($0.baseAddress!, O_CLOEXEC)
  }
  guard result == 0 else { return (-errno, []) }
  defer { close(ends[0]) }
  let child = start(words, output: ends[1])
  // As long as this end is open, the other one does not reach its end.
  close(ends[1])
  guard child >= 0 else { return (child, []) }

  let (failure, output) = readToEnd(ends[0], atMost: limit)
  var status: CInt = 0
  while unsafe waitpid(child, &status, 0) < 0 {
    if errno != EINTR { return (-errno, output) }
  }
  if failure != 0 { return (failure, output) }
  let signal = status & 0x7f
  return (signal == 0 ? status >> 8 & 0xff : 128 + signal, output)
}

/// Starts the program. Returns its identifier, or a negative errno.
private func start(_ words: [String], output: CInt) -> pid_t {
  var actions = unsafe posix_spawn_file_actions_t()
  var attributes = posix_spawnattr_t()
  var (none, all) = (sigset_t(), sigset_t())
  unsafe sigemptyset(&none)
  unsafe sigfillset(&all)
  unsafe posix_spawn_file_actions_init(&actions)
  unsafe posix_spawnattr_init(&attributes)
  // The program would inherit the blocked and the ignored signals.
  unsafe posix_spawnattr_setsigmask(&attributes, &none)
  unsafe posix_spawnattr_setsigdefault(&attributes, &all)
  let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
  unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
  var error = unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
  var child: pid_t = 0
  var pointers = unsafe words.map { unsafe strdup($0) } + [nil]
  if error == 0 {
    error = unsafe posix_spawnp(
      &child, words[0], &actions, &attributes, &pointers, linux_environ())
  }
  unsafe pointers.forEach { unsafe free($0) }
  unsafe posix_spawnattr_destroy(&attributes)
  unsafe posix_spawn_file_actions_destroy(&actions)
  return error != 0 ? -error : child
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
