// A stream's steps: create, receive and send, wait, finish, close.
internal import CLinux
internal import Glibc
public import IPC
public import SystemPackage

/// The kind of socket that the contract makes: flags of socket(2) and accept4(2).
enum Socket {
  static let stream = CInt(SOCK_STREAM.rawValue)
  static let closeOnExec = CInt(SOCK_CLOEXEC.rawValue)
  static let nonBlocking = CInt(SOCK_NONBLOCK.rawValue)
  static let noSignal = CInt(MSG_NOSIGNAL)
  static let more = CInt(MSG_MORE)
}

extension SwiftEngine {
  public static func create(for endpoint: Endpoint) throws(Failure) -> Descriptor {
    let family = try Address(endpoint, for: .create).family
    let type = Socket.stream | Socket.closeOnExec | Socket.nonBlocking
    let descriptor = Descriptor(owning: CInt(try check(.create, System.socket(family, type))))
    if case .tcp = endpoint {  // an accepted socket inherits it from its listener
      try check(.create, System.setOption(descriptor.number, CInt(IPPROTO_TCP), TCP_NODELAY, CInt(1)))
    }
    return descriptor
  }

  public static func receive(
    _ socket: borrowing Descriptor, into buffer: inout MutableSpan<UInt8>
  ) throws(Failure) -> Int? {
    try ready(.receive, System.receive(socket.number, &buffer))
  }

  public static func send(_ socket: borrowing Descriptor, _ bytes: Span<UInt8>, more: Bool) throws(Failure) -> Int? {
    try ready(.send, System.send(socket.number, bytes, more ? Socket.noSignal | Socket.more : Socket.noSignal))
  }

  public static func read(
    _ descriptor: FileDescriptor, into buffer: inout MutableSpan<UInt8>
  ) throws(Failure) -> Int? {
    try ready(.input, System.read(descriptor.rawValue, &buffer))
  }

  public static func write(_ descriptor: FileDescriptor, _ bytes: Span<UInt8>) throws(Failure) {
    var rest = bytes
    while !rest.isEmpty {
      if let count = try ready(.output, System.write(descriptor.rawValue, rest)) {
        rest = rest.extracting(droppingFirst: count)
      } else {
        do {
          _ = try wait(descriptor, for: .writable, stop: nil, timeout: nil)
        } catch {
          throw Failure(.output, error.cause)
        }
      }
    }
  }

  public static func wait(
    _ descriptor: FileDescriptor, for events: Readiness, stop: FileDescriptor?, timeout: Duration?
  ) throws(Failure) -> Readiness {
    try wait(on: descriptor.rawValue, for: events, stop: stop, until: Deadline(after: timeout))
  }

  static func wait(
    on number: CInt, for events: Readiness, stop: FileDescriptor?, until deadline: Deadline
  ) throws(Failure) -> Readiness {
    var set: [2 of pollfd] = [
      pollfd(fd: number, events: events.asked, revents: 0),
      pollfd(fd: stop?.rawValue ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    let ready = try check(.wait, System.poll(&set, until: deadline))
    if ready == 0 { throw Failure(.wait, .timedOut) }
    if set[1].revents != 0 { throw Failure(.wait, .canceled) }
    if set[0].hasFailed { return events }  // the next call on it will tell
    return events.intersection(Readiness(revents: set[0].revents))
  }

  public static func halfClose(_ socket: borrowing Descriptor) throws(Failure) {
    try check(.halfClose, System.shutdown(socket.number, CInt(SHUT_WR)))
  }

  public static func close(_ descriptor: consuming Descriptor) throws(Failure) {
    try check(.close, System.close(descriptor.release()))
  }
}

extension Readiness {
  /// As poll(2) asks for it.
  var asked: Int16 {
    Int16((contains(.readable) ? POLLIN : 0) | (contains(.writable) ? POLLOUT : 0))
  }

  init(revents: Int16) {
    self = []
    if CInt(revents) & POLLIN != 0 { insert(.readable) }
    if CInt(revents) & POLLOUT != 0 { insert(.writable) }
  }
}

extension pollfd {
  var hasFailed: Bool { CInt(revents) & (POLLERR | POLLHUP | POLLNVAL) != 0 }
}

/// A moment until which to wait, or forever.
struct Deadline {
  static let never = Deadline(after: nil)

  private let end: ContinuousClock.Instant?

  init(after timeout: Duration?) {
    end = timeout.map { ContinuousClock.now.advanced(by: $0) }
  }

  var isPast: Bool { remaining == 0 }

  /// Milliseconds as poll(2) takes them; -1 is forever.
  var remaining: CInt { end.map { ContinuousClock.now.duration(to: $0).milliseconds } ?? -1 }

  var duration: Duration? { end.map { ContinuousClock.now.duration(to: $0) } }
}
