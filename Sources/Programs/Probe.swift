internal import IPC
internal import SystemPackage

/// Ends a connection that was made only to find out whether a server accepts clients.
enum Probe<E: Engine> {
  /// How long a client waits for the server's end.
  static var patience: Duration { Limit.linger }

  /// Half-closes. TCP then discards what the server sends, whenever that is. Over a Unix socket, sending would fail
  /// once the client has closed, and the server would report it. A server that resets the connection has accepted the
  /// client: whether the reset comes before or after the half-close is chance.
  static func end(_ connection: borrowing Connection) {
    let socket = FileDescriptor(rawValue: connection.descriptor.number)
    // Errors say that the server has already left, and so do those of the wait: it did accept the client.
    try? E.halfClose(connection.descriptor)
    if case .tcp = connection.endpoint { return }
    var buffer = [UInt8](repeating: 0, count: Limit.buffer)
    discard { left throws(Failure) in
      _ = try E.wait(socket, for: .readable, stop: nil, timeout: left)
      var span = buffer.mutableSpan
      return try E.receive(connection.descriptor, into: &span)
    }
  }

  /// Half-closes, and discards what the server sends until its end: it would report that sending fails.
  static func end(_ link: borrowing Link) {
    guard (try? E.halfClose(link)) != nil else { return }
    var buffer = [UInt8](repeating: 0, count: Limit.buffer)
    discard { left throws(Failure) in
      _ = try E.wait(link, for: .readable, extra: nil, timeout: left)
      var span = buffer.mutableSpan
      return try E.receive(link, into: &span)
    }
  }

  /// Receives until the server's end, an error, or the end of the patience.
  /// - Parameter receive: Waits for at most this time, and returns a number of bytes.
  private static func discard(_ receive: (Duration) throws(Failure) -> Int?) {
    let end = SuspendingClock.now.advanced(by: patience)
    while let left = timeLeft(until: end) {
      guard let count = try? receive(left), count > 0 else { return }
    }
  }

  private static func timeLeft(until end: SuspendingClock.Instant) -> Duration? {
    let left = SuspendingClock.now.duration(to: end)
    return left > .zero ? left : nil
  }
}
