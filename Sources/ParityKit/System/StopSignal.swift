internal import Glibc

/// A request to stop, as a descriptor that becomes readable: after SIGINT and SIGTERM, once they are handled.
public final class StopSignal: Sendable {
  /// Readable after the request.
  let descriptor: CInt
  private let other: CInt

  /// Returns nil if no descriptor is free.
  public init?() {
    guard let ends = try? System.pipe(nonBlockingReads: true) else { return nil }
    (descriptor, other) = (ends.read, ends.write)
  }

  deinit { for end in [descriptor, other] { System.close(end) } }

  /// Requests the stop.
  public func raise() { System.withoutSIGPIPE { _ = try? System.write(other, [1]) } }

  /// After this call SIGINT and SIGTERM request the stop instead of ending the process.
  public func watch() {
    for number in [SIGINT, SIGTERM] { System.handle(number) { self.raise() } }
  }
}
