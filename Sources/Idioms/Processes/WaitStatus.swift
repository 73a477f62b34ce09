import Glibc

/// The status of waitpid(2).
struct WaitStatus {
  let value: CInt

  /// WEXITSTATUS, or nil where WIFEXITED is false.
  var exitStatus: CInt? { value & 0x7f == 0 ? value >> 8 & 0xff : nil }

  /// WTERMSIG, or nil where WIFSIGNALED is false.
  var endSignal: CInt? {
    let signal = value & 0x7f
    return signal != 0 && signal != 0x7f ? signal : nil
  }

  /// The exit status that a shell shows: 0 to 255, 128 and the signal that
  /// ended the process, or -1 if it only stopped or continued.
  var shellStatus: CInt { exitStatus ?? endSignal.map { 128 + $0 } ?? -1 }
}

/// Waits until a child ends. Returns the status of a shell, or a negative
/// errno.
func waitForChild(_ child: pid_t) -> CInt {
  var status: CInt = 0
  var ended: pid_t
  repeat {
    ended = unsafe waitpid(child, &status, 0)
  } while ended < 0 && errno == EINTR
  return ended < 0 ? -errno : WaitStatus(value: status).shellStatus
}
