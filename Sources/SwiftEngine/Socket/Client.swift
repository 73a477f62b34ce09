// The client's steps: connect within a timeout; and `openClient`, which creates and connects.
internal import CLinux
internal import Glibc
public import IPC
internal import SystemPackage

extension SwiftEngine {
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

  private static func refuseItself(_ socket: borrowing Descriptor, _ endpoint: Endpoint) throws(Failure) {
    guard case .tcp = endpoint, Address.isOwn(socket.number) else { return }
    throw Failure(.connect, .connectionRefused)
  }

  /// Starts to connect. Returns false if the kernel goes on connecting, as it does after EINTR.
  fileprivate static func beginConnecting(
    _ socket: borrowing Descriptor, to endpoint: Endpoint, until deadline: Deadline
  ) throws(Failure) -> Bool {
    let address = try Address.encode(endpoint, for: .connect)
    // All addresses are no destination; Linux would connect to this machine.
    if endpoint.isWildcard { throw Failure(.connect, Errno(rawValue: EDESTADDRREQ)) }
    let result = System.connect(socket.number, address)
    switch CInt(clamping: -result) {
    case EINPROGRESS, EINTR: return false
    case EAGAIN where address.family == AF_UNIX: try connectBlocking(socket, address, until: deadline)
    default: try check(.connect, result)
    }
    try refuseItself(socket, endpoint)
    return true
  }

  /// Throws the reason if the socket is not connected, once it is writable. EPIPE is a reset that came after the server's
  /// end: all of its stream has arrived, and can be received.
  fileprivate static func finishConnecting(_ socket: borrowing Descriptor, to endpoint: Endpoint) throws(Failure) {
    let pending = try check(.connect, System.option(socket.number, SOL_SOCKET, SO_ERROR))
    if pending != Int(EPIPE) { try check(.connect, -pending) }
    try refuseItself(socket, endpoint)
  }

  public static func connect(
    _ socket: borrowing Descriptor, to endpoint: Endpoint, timeout: Duration?
  ) throws(Failure) {
    let deadline = Deadline(after: timeout)
    if try beginConnecting(socket, to: endpoint, until: deadline) { return }
    do {
      _ = try wait(on: socket.number, for: .writable, stop: nil, until: deadline)
    } catch {
      throw Failure(.connect, error.cause)
    }
    try finishConnecting(socket, to: endpoint)
  }

  fileprivate static func bindSource(
    _ socket: borrowing Descriptor, to source: Endpoint, for candidate: Endpoint
  ) throws(Failure) {
    let isSame =
      switch (source, candidate) {
      case (.tcp(let own, _), .tcp(let other, _)):
        own.utf8.contains(UInt8(ascii: ":")) == other.utf8.contains(UInt8(ascii: ":"))  // the same IP version
      case (.unix, .unix), (.abstract, .abstract): true
      default: false
      }
    guard isSame else { throw Failure(.bind, .addressFamilyNotSupported) }
    try bind(socket, to: source)
  }
}

/// What `openClient` has done so far.
private struct Opening: ~Copyable {
  let source: Endpoint?
  let deadline: Deadline
  let observer: Observer?
  private(set) var last = Failure(.connect, .addressNotAvailable)
  private(set) var attempts = Attempts()
  /// Unix sockets whose server's backlog was full.
  private(set) var full = Attempts()

  init(_ options: ConnectOptions, observer: Observer?) {
    source = options.source
    deadline = Deadline(after: options.timeout)
    self.observer = observer
  }

  /// Creates a socket, and binds it to the source.
  private func createSocket(for candidate: Endpoint) throws(Failure) -> Descriptor {
    let socket = try SwiftEngine.createReported(for: candidate, observer: observer)
    guard let source else { return socket }
    do {
      try SwiftEngine.bindSource(socket, to: source, for: candidate)
    } catch {
      throw observer.notify(.bind, on: socket.number, failed: error.cause, endpoint: source)
    }
    observer.notify(.bind, on: socket.number, endpoint: source)
    return socket
  }

  /// Reports how an attempt ended. Closes the socket unless it is connected, and returns it if it is. A reset socket
  /// is: the data that arrived before can be received.
  private mutating func endAttempt(_ attempt: consuming Connection, _ cause: Cause?) -> Connection? {
    let (number, candidate) = (attempt.descriptor.number, attempt.endpoint)
    let wasReset = cause == .system(.connectionReset)
    if let cause, !wasReset {
      last = observer.notify(.connect, on: number, failed: cause, endpoint: candidate)
      return nil
    }
    observer.notify(.connect, on: number, endpoint: candidate)
    return Connection(attempt.release(), to: candidate, wasReset: wasReset)
  }

  /// Returns the connection if the candidate accepted at once. Unless it is `alone`, it waits for room in a full backlog
  /// only until another candidate is due.
  private mutating func trySocket(_ attempt: consuming Connection, alone: Bool) -> Connection? {
    let end = alone ? deadline : deadline.earlier(Deadline(after: Limit.attemptDelay))
    do {
      if try !SwiftEngine.beginConnecting(attempt.descriptor, to: attempt.endpoint, until: end) {
        attempts.add(attempt)
        return nil
      }
    } catch {
      if error.cause != .system(.timedOut) || deadline.isPast { return endAttempt(attempt, error.cause) }
      full.add(attempt)
      return nil
    }
    return endAttempt(attempt, nil)
  }

  mutating func startAttempt(_ candidate: Endpoint, alone: Bool) -> Connection? {
    let socket: Descriptor
    do { socket = try createSocket(for: candidate) } catch {
      last = error
      return nil
    }
    return trySocket(Connection(socket, to: candidate), alone: alone)
  }

  /// Tries the candidate again whose backlog was full the longest time ago.
  mutating func retryAttempt() -> Connection? {
    let attempt = full.remove(at: 0)
    if deadline.isPast { return endAttempt(attempt, .system(.timedOut)) }
    return trySocket(attempt, alone: full.count == 0 && attempts.count == 0)
  }

  /// Waits until an attempt ends, or until the next one is due if there are `more`; returns its connection. At the
  /// deadline all attempts end.
  mutating func awaitAttempts(more: Bool) -> Connection? {
    let end = more ? deadline.earlier(Deadline(after: Limit.attemptDelay)) : deadline
    let index = attempts.wait(until: end)
    if index >= 0 {
      let attempt = attempts.remove(at: index)
      do {
        try SwiftEngine.finishConnecting(attempt.descriptor, to: attempt.endpoint)
      } catch {
        return endAttempt(attempt, error.cause)
      }
      return endAttempt(attempt, nil)
    }
    if index == -Int(ETIMEDOUT), !deadline.isPast { return nil }
    while attempts.count > 0 { _ = endAttempt(attempts.remove(at: 0), Cause(code: CInt(-index))) }
    return nil
  }
}

extension SwiftEngine {
  public static func openClient(
    _ candidates: [Endpoint], _ options: ConnectOptions, observer: Observer?
  ) throws(Failure) -> Connection {
    var opening = Opening(options, observer: observer)
    var started = 0
    while true {
      let (running, waiting) = (opening.attempts.count, opening.full.count)
      var more = started < candidates.count && running + waiting < Limit.candidates
      if started > 0, opening.deadline.isPast { more = false }  // no time is left for another one
      if !more, running + waiting == 0 { throw opening.last }
      if more {
        let connection = opening.startAttempt(candidates[started], alone: candidates.count == 1)
        if let connection { return connection }
        started += 1
      } else if waiting > 0, let connection = opening.retryAttempt() {
        return connection
      }
      // The next attempt starts at once after a failure.
      if opening.attempts.count == 0 || (more && opening.attempts.count == running) { continue }
      more = opening.full.count > 0 || (started < candidates.count && opening.attempts.count < Limit.candidates)
      if let connection = opening.awaitAttempts(more: more) { return connection }
    }
  }
}
