// What each transport of a link implements: Pipe.swift, Queue.swift and Memory.swift. The C engine has it in
// link_transport.h.
internal import Glibc
internal import IPC
internal import SystemPackage

/// One end of a link over one transport. The functions correspond to those of `Engine` with the same names. Each
/// transport has its `LinkPhase`, so that a message takes one call.
protocol LinkTransport: AnyObject {
  /// Creates the names, and locks them.
  static func listen(_ name: [UInt8], _ sizes: LinkSizes, _ lock: NameLock) throws(Cause) -> Self

  /// Waits for a client.
  /// - Throws: ECANCELED if `extra` is readable, ETIMEDOUT.
  func accept(extra: FileDescriptor?, until deadline: Deadline) throws(Cause)

  /// Finds a server's names, and connects to it.
  static func connect(
    _ name: [UInt8], waits: Bool, until deadline: Deadline, _ lock: NameLock
  ) throws(Cause) -> Self

  /// Receives into `buffer`, behind the bytes before `offset`; returns nil if it would block.
  func receive(into buffer: inout MutableSpan<UInt8>, at offset: Int) throws(Cause) -> Int?

  /// Sends some of the bytes; returns nil if it would block.
  func send(_ bytes: Span<UInt8>) throws(Cause) -> Int?

  /// Returns false if it would block.
  func halfClose() throws(Cause) -> Bool

  /// - Parameter failed: Whether this end has failed: the peer then receives ECONNRESET.
  func disconnect(failed: Bool) throws(Cause)

  /// - Throws: ETIMEDOUT.
  func wait(for events: Readiness, extra: FileDescriptor?, timeout: Duration?) throws(Cause) -> Readiness

  /// Ends what `wait` started for an extra descriptor.
  func forgetExtra()

  /// Removes a server's names, if they are still its own.
  func removeNames()
}

extension LinkTransport {
  func forgetExtra() {}
}

/// How far each direction of a conversation is.
struct LinkPhase {
  enum Peer {
    /// More may come.
    case sends
    /// The peer sends nothing more, and may still receive.
    case ended
    /// The peer neither sends nor receives any more.
    case closed
  }

  static let disconnected = LinkPhase(peer: .closed, isHalfClosed: true)

  var peer = Peer.sends
  /// This end sends nothing more.
  var isHalfClosed = false

  var canReceive: Bool { peer == .sends }
  var canSend: Bool { !isHalfClosed && peer != .closed }
}

extension Readiness {
  /// Of `NameLock.poll`: `inotify` is readable.
  static let changed = Readiness(rawValue: 8)
}

extension pollfd {
  /// nil is not polled.
  init(_ number: CInt?, for events: Readiness) {
    self.init(fd: number ?? -1, events: events.asked, revents: 0)
  }
}
