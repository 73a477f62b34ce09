import CLinux
import Glibc

/// Serves clients for ever, each in a thread, and at most `limit` at a time;
/// the others wait in the backlog. Returns a negative errno when accept(2)
/// can't succeed any more, such as -EINVAL after shutdown(2) of the listener,
/// and all threads have served their clients.
func threadPerClient(_ listener: CInt, limit: CInt) -> CInt {
  guard limit > 0 else { return -EINVAL }
  let slots = Slots(CUnsignedInt(limit))
  var error: CInt = 0
  while error == 0 {
    slots.take()
    let started = startThread(listener, slots)
    if started == 1 { continue }
    slots.give()
    if started == -EAGAIN {
      // The listener stays ready while accept(2) fails, such as with EMFILE.
      _ = poll(nil, 0, 100)
    } else {
      error = started
    }
  }
  // No thread has a slot any more when this one has all.
  for _ in 0..<limit { slots.take() }
  return error
}

/// Accepts a client, and serves it in a thread, which gives the slot back.
/// Returns 1, 0 if the client has gone, or a negative errno: -EAGAIN if
/// there is no room for it now.
private func startThread(_ listener: CInt, _ slots: Slots) -> CInt {
  let fd = accept4(listener, nil, nil, CInt(SOCK_CLOEXEC.rawValue))
  let error = errno
  switch fd < 0 ? error : 0 {
  case 0: break
  case EBADF, EINVAL, ENOTSOCK: return -error
  case EMFILE, ENFILE, ENOBUFS, ENOMEM: return -EAGAIN
  default: return 0  // Such as EINTR, ECONNABORTED, errors of the network.
  }
  let client = unsafe Unmanaged.passRetained(Client(fd: fd, slots: slots))
  var thread = pthread_t()
  let failure = unsafe pthread_create(
    &thread, nil,
    { context in
      // The thread owns the object.
      unsafe Unmanaged<Client>.fromOpaque(context!).takeRetainedValue()
        .serve()
      return nil
    }, client.toOpaque())
  if failure != 0 {
    unsafe client.release()
    close(fd)
    return -EAGAIN
  }
  // A thread that is not joined must be detached: it frees its own stack.
  pthread_detach(thread)
  return 1
}

/// A semaphore, which each thread may use.
@safe private final class Slots: @unchecked Sendable {
  // It must keep its address, and that of a property may differ.
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  init(_ count: CUnsignedInt) { unsafe sem_init(semaphore, 0, count) }

  deinit {
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }

  /// Waits for a slot. sem_wait(3) fails only for EINTR.
  func take() { while unsafe sem_wait(semaphore) < 0 {} }

  func give() { unsafe sem_post(semaphore) }
}

private final class Client: Sendable {
  let fd: CInt
  let slots: Slots

  init(fd: CInt, slots: Slots) {
    self.fd = fd
    self.slots = slots
  }

  func serve() {
    echo()
    close(fd)
    slots.give()
  }

  private func echo() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe recv(fd, &buffer, buffer.count, 0)
      if count < 0 && errno == EINTR { continue }
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
