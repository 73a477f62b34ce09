internal import Dispatch
internal import Glibc

/// Word that it is time to end, as a descriptor to wait for: from SIGINT and SIGTERM, once they are watched.
public final class StopSignal: Sendable {
  /// Readable from then on.
  let descriptor: CInt
  private let other: CInt

  /// Nil where there is no descriptor left.
  public init?() {
    guard let ends = try? System.pipe(nonBlockingReads: true) else { return nil }
    (descriptor, other) = (ends.read, ends.write)
  }

  deinit { for end in [descriptor, other] { System.close(end) } }

  /// Gives the word.
  public func raise() { System.withoutSIGPIPE { _ = try? System.write(other, [1]) } }

  /// From now on the signals do this, and nothing else.
  public func watch() {
    for number in [SIGINT, SIGTERM] {
      System.ignore(number)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      // The handler keeps the source, and the source the handler, for as long as the process lives.
      source.setEventHandler { withExtendedLifetime(source) { self.raise() } }
      source.resume()
    }
  }
}
