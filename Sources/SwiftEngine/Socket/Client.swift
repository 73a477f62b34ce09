// The client's steps: connect within a time; and all of them up to a connection.
internal import Glibc
public import IPC
internal import SystemPackage

extension SwiftEngine {
  public static func connect(
    _ socket: borrowing Descriptor, to endpoint: Endpoint, timeout: Duration?
  ) throws(Failure) {
    let address = try Address(endpoint, for: .connect)
    let deadline = Deadline(after: timeout)
    let result = System.connect(socket.number, address)
    switch CInt(clamping: -result) {
    case EINPROGRESS, EINTR:
      try awaitConnection(socket, until: deadline)
    // A Unix server's full backlog, and there is nothing to poll for: only a blocking connect(2) waits for a place.
    case EAGAIN where address.family == AF_UNIX:
      try check(.connect, System.setBlocking(socket.number, true))
      let connected = connectBlocking(socket, address, until: deadline)
      let restored = System.setBlocking(socket.number, false)
      try check(.connect, connected)
      try check(.connect, restored)
    default:
      try check(.connect, result)
    }
  }

  /// The kernel goes on connecting where connect(2) could not wait for the end.
  private static func awaitConnection(_ socket: borrowing Descriptor, until deadline: Deadline) throws(Failure) {
    do {
      _ = try wait(on: socket.number, for: .writable, stop: nil, until: deadline)
    } catch {
      throw Failure(.connect, error.cause)
    }
    let pending = try check(.connect, System.option(socket.number, SO_ERROR))
    try check(.connect, -pending)
  }

  private static func connectBlocking(_ socket: borrowing Descriptor, _ address: Address, until deadline: Deadline)
    -> Int
  {
    while true {
      let left = deadline.remaining
      if left == 0 { return -Int(ETIMEDOUT) }
      var limit = timeval()  // zero is no limit
      if left > 0 { limit = timeval(tv_sec: Int(left) / 1000, tv_usec: Int(left) % 1000 * 1000) }
      _ = System.setOption(socket.number, SOL_SOCKET, SO_SNDTIMEO, limit)
      let result = System.connect(socket.number, address)
      if result == -Int(EINTR) { continue }
      return result == -Int(EAGAIN) ? -Int(ETIMEDOUT) : result
    }
  }

  public static func openClient(
    _ candidates: [Endpoint], timeout: Duration?, observer: Observer?
  ) throws(Failure) -> Connection {
    let deadline = Deadline(after: timeout)
    var last = Failure(.connect, .addressNotAvailable)
    for candidate in candidates {
      do {
        let socket = try createTold(for: candidate, observer: observer)
        return try connectTold(socket, to: candidate, until: deadline, observer: observer)
      } catch {
        last = error
      }
    }
    throw last
  }

  private static func connectTold(
    _ socket: consuming Descriptor, to candidate: Endpoint, until deadline: Deadline, observer: Observer?
  ) throws(Failure) -> Connection {
    var wasReset = false
    do {
      try connect(socket, to: candidate, timeout: deadline.duration)
    } catch  where error.cause == .system(.connectionReset) {
      wasReset = true
    } catch {
      throw observer.tell(.connect, on: socket.number, failed: error.cause, endpoint: candidate)
    }
    observer.tell(.connect, on: socket.number, endpoint: candidate)
    return Connection(socket, to: candidate, wasReset: wasReset)
  }
}
