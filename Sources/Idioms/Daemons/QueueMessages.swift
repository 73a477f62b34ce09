import CLinux
import Glibc

/// Creates a queue, such as "/jobs", of 8 messages of at most 64 bytes. Its
/// calls do not block. Returns its descriptor, or a negative errno: -EEXIST
/// if it exists.
func createQueue(_ name: String) -> CInt {
  var attributes = mq_attr()
  attributes.mq_maxmsg = 8
  attributes.mq_msgsize = 64
  let flags = O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC
  let queue = unsafe mq_open_new(name, flags, 0o600, &attributes)
  return queue < 0 ? -errno : queue
}

/// Sends a message. Returns 0, or a negative errno: -EAGAIN if the queue is
/// full, -EMSGSIZE if the message is too long.
func queueMessage(
  _ queue: CInt, _ bytes: Span<UInt8>, priority: CUnsignedInt
) -> CInt {
  // An empty span has no address, and mq_send(3) wants one.
  let empty: [CChar] = [0]
  return unsafe bytes.withUnsafeBytes { bytes in
    let first = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress
    let sent =
      if let first = unsafe first {
        unsafe mq_send(queue, first, bytes.count, priority)
      } else {
        unsafe mq_send(queue, empty, 0, priority)
      }
    return sent < 0 ? -errno : 0
  }
}

/// Receives the oldest message of the highest priority. Returns it, or nil
/// and a negative errno: -EAGAIN if no message waits.
func nextMessage(
  _ queue: CInt, error: inout CInt
) -> (bytes: [UInt8], priority: CUnsignedInt)? {
  var priority: CUnsignedInt = 0
  // The size is that of the longest possible message, not of this one.
  var bytes = [CChar](repeating: 0, count: 64)
  let n = unsafe mq_receive(queue, &bytes, bytes.count, &priority)
  guard n >= 0 else {
    error = -errno
    return nil
  }
  return (bytes[..<n].map { UInt8(bitPattern: $0) }, priority)
}
