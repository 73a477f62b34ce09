import CLinux
import Glibc
import Synchronization

private let selfPipeWriter = Atomic<CInt>(-1)

/// Writes the numbers of signals into a pipe that lasts as long as the
/// process. Call it once. Returns the end for the loop, or a negative errno.
func signalPipe(_ signals: [CInt]) -> CInt {
  var ends: InlineArray<2, CInt> = [-1, -1]
  var span = ends.mutableSpan
  let result = unsafe span.withUnsafeMutableBufferPointer {
    unsafe pipe2($0.baseAddress!, O_CLOEXEC | O_NONBLOCK)
  }
  guard result == 0 else { return -errno }
  selfPipeWriter.store(ends[1], ordering: .relaxed)

  var action = sigaction()
  unsafe action.__sigaction_handler.sa_handler = { number in
    let saved = errno
    var byte = UInt8(truncatingIfNeeded: number)
    // A full pipe is readable, so the loop wakes anyway.
    let writer = selfPipeWriter.load(ordering: .relaxed)
    if unsafe write(writer, &byte, 1) < 0 { errno = saved }
  }
  action.sa_flags = SA_RESTART
  unsafe sigemptyset(&action.sa_mask)
  for number in signals {
    guard unsafe sigaction(number, &action, nil) == 0 else { return -errno }
  }
  return ends[0]
}

/// Takes one signal. Returns its number, 0 if none has arrived, or a negative
/// errno.
func takePipedSignal(_ fd: CInt) -> CInt {
  var number: UInt8 = 0
  var size: Int
  repeat {
    size = unsafe read(fd, &number, 1)
  } while size < 0 && errno == EINTR
  if size < 0 { return errno == EAGAIN ? 0 : -errno }
  return size == 0 ? -EPIPE : CInt(number)
}
