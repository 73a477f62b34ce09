import Glibc
import Synchronization

/// Serves a number of clients, each in a thread, and waits for the threads.
/// Returns the number of clients that were served to their end, or a
/// negative errno.
func threadPerClient(_ listener: CInt, clients: Int) -> CInt {
  var threads: [pthread_t] = []
  var error: CInt = 0
  let served = ServedClients()
  while error == 0 && threads.count < clients {
    let fd = accept(listener, nil, nil)
    if fd < 0 && (errno == EINTR || errno == ECONNABORTED) { continue }
    if fd < 0 {
      error = -errno
      continue
    }
    var thread = pthread_t()
    let client = unsafe Unmanaged.passRetained(Client(fd: fd, served: served))
    let result = unsafe pthread_create(
      &thread, nil,
      { context in
        // The thread owns the object, and the object owns the descriptor.
        unsafe Unmanaged<Client>.fromOpaque(context!).takeRetainedValue()
          .echo()
        return nil
      }, client.toOpaque())
    error = -result
    if error == 0 { threads.append(thread) } else { unsafe client.release() }
  }
  for thread in threads { pthread_join(thread, nil) }
  return error != 0 ? error : CInt(served.count.load(ordering: .relaxed))
}

private final class ServedClients: Sendable {
  let count = Atomic<Int>(0)
}

private final class Client: Sendable {
  let fd: CInt
  let served: ServedClients

  init(fd: CInt, served: ServedClients) {
    self.fd = fd
    self.served = served
  }

  deinit { close(fd) }

  func echo() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe recv(fd, &buffer, buffer.count, 0)
      if count < 0 && errno == EINTR { continue }
      if count == 0 { served.count.add(1, ordering: .relaxed) }
      guard count > 0, sendBack(buffer.span.extracting(..<count)) else {
        return
      }
    }
  }

  private func sendBack(_ bytes: Span<UInt8>) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let part = unsafe bytes.extracting(sent...).withUnsafeBytes {
        unsafe send(fd, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
      }
      if part < 0 && errno != EINTR { return false }
      sent += max(part, 0)
    }
    return true
  }
}
