// Part of the gate to libc: the pipes that wake threads. System.swift explains why it is sound.
internal import CLinux
internal import Glibc
internal import IPC

/// Both ends of a pipe that wakes a thread: close-on-exec, non-blocking, and in packet mode (O_DIRECT of pipe(2)), so
/// that each write is read on its own.
final class Pipe: Sendable {
  let output: Descriptor
  let input: Descriptor

  /// - Parameter mode: Flags of pipe2(2). In packet mode (O_DIRECT) each read takes one signal.
  init(mode: CInt = O_NONBLOCK | O_DIRECT) throws(Cause) {
    let ends = try System.pipe(mode: mode)
    output = Descriptor(owning: ends.output)
    input = Descriptor(owning: ends.input)
  }

  /// Writes one byte. If the pipe is full, enough signals are pending.
  func signal() {
    let byte: [UInt8] = [0]
    _ = System.write(input.number, byte.span)
  }

  /// Reads a byte; returns whether there was one.
  func receive() -> Bool {
    var byte: [UInt8] = [0]
    var span = byte.mutableSpan
    return System.read(output.number, &span) == 1
  }
}

extension System {
  /// pipe2(2) with O_CLOEXEC.
  static func pipe(mode: CInt = O_NONBLOCK | O_DIRECT) throws(Cause) -> (output: CInt, input: CInt) {
    var ends: [2 of CInt] = [-1, -1]
    var span = ends.mutableSpan
    let result = unsafe span.withUnsafeMutableBufferPointer { ends in
      call { unsafe pipe2(ends.baseAddress!, O_CLOEXEC | mode) }
    }
    try Cause.check(result)
    return (ends[0], ends[1])
  }
}
