// The client's steps: connect within a timeout; and `openClient`, which creates and connects.
internal import CLinux
internal import Glibc
public import IPC
internal import SystemPackage

extension SwiftEngine {
  /// After EINPROGRESS or EINTR the kernel goes on connecting.
  private static func awaitConnection(_ socket: borrowing Descriptor, until deadline: Deadline) throws(Failure) {
    do {
      _ = try wait(on: socket.number, for: .writable, stop: nil, until: deadline)
    } catch {
      throw Failure(.connect, error.cause)
    }
    let pending = try check(.connect, System.option(socket.number, SOL_SOCKET, SO_ERROR))
    try check(.connect, -pending)
  }

  /// connect(2) returns EAGAIN if a Unix server's backlog is full. poll(2) can't wait for room there; only a blocking
  /// connect(2) can.
  private static func connectBlocking(
    _ socket: borrowing Descriptor, _ address: Address, until deadline: Deadline
  ) throws(Failure) {
    try setBlocking(socket.number, true, for: .connect)
    var result: Int
    repeat {
      let left = deadline.remaining
      if left == 0 {
        result = -Int(ETIMEDOUT)
        break
      }
      var limit = timeval()  // no limit
      if left > 0 { limit = timeval(tv_sec: Int(left) / 1000, tv_usec: Int(left) % 1000 * 1000) }
      _ = System.setOption(socket.number, SOL_SOCKET, SO_SNDTIMEO, limit)
      result = System.connect(socket.number, address)
    } while result == -Int(EINTR)
    let restored = System.setBlocking(socket.number, false)
    guard try ready(.connect, result) != nil else { throw Failure(.connect, .timedOut) }
    try check(.connect, restored)
  }

  public static func connect(
    _ socket: borrowing Descriptor, to endpoint: Endpoint, timeout: Duration?
  ) throws(Failure) {
    let address = try Address.encode(endpoint, for: .connect)
    // All addresses are no destination; Linux would connect to this machine.
    if endpoint.isWildcard { throw Failure(.connect, Errno(rawValue: EDESTADDRREQ)) }
    let deadline = Deadline(after: timeout)
    let result = System.connect(socket.number, address)
    switch CInt(clamping: -result) {
    case EINPROGRESS, EINTR: try awaitConnection(socket, until: deadline)
    case EAGAIN where address.family == AF_UNIX: try connectBlocking(socket, address, until: deadline)
    default: try check(.connect, result)
    }
    if address.family != AF_UNIX, Address.isOwn(socket.number) { throw Failure(.connect, .connectionRefused) }
  }

  private static func openCandidate(
    _ candidate: Endpoint, until deadline: Deadline, observer: Observer?
  ) throws(Failure) -> Connection {
    let socket = try createReported(for: candidate, observer: observer)
    var wasReset = false
    do {
      try connect(socket, to: candidate, timeout: deadline.duration)
    } catch  where error.cause == .system(.connectionReset) {
      wasReset = true
    } catch {
      throw observer.notify(.connect, on: socket.number, failed: error.cause, endpoint: candidate)
    }
    observer.notify(.connect, on: socket.number, endpoint: candidate)
    return Connection(socket, to: candidate, wasReset: wasReset)
  }

  public static func openClient(
    _ candidates: [Endpoint], timeout: Duration?, observer: Observer?
  ) throws(Failure) -> Connection {
    let deadline = Deadline(after: timeout)
    var last = Failure(.connect, .addressNotAvailable)
    for candidate in candidates {
      do {
        return try openCandidate(candidate, until: deadline, observer: observer)
      } catch {
        last = error
      }
    }
    throw last
  }
}
