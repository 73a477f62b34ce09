// A stream's steps: create, receive, send, read, write, wait, half-close, close.
internal import CLinux
internal import Glibc
public import IPC
public import SystemPackage

extension SwiftEngine {
  /// The least number of a writer's descriptor: the small ones are for descriptors that the user sees, as in a shell,
  /// and for the listeners of a supervisor, which start at 3.
  private static let firstWriter = 3 + CInt(Limit.listeners)

  /// Sets an option of a socket that is a number or a Boolean.
  static func setOption(
    _ socket: CInt, _ level: CInt, _ option: CInt, _ value: CInt = 1, for step: Step
  ) throws(Failure) {
    try check(step, System.setOption(socket, level, option, value))
  }

  static func option(_ socket: CInt, _ level: CInt, _ option: CInt, for step: Step) throws(Failure) -> Int {
    try check(step, System.option(socket, level, option))
  }

  static func setBlocking(_ descriptor: CInt, _ blocking: Bool, for step: Step) throws(Failure) {
    try check(step, System.setBlocking(descriptor, blocking))
  }

  /// Makes closing a TCP socket a reset, so that its peer does not take what it has received for all (SO_LINGER of
  /// socket(7)). It has no effect on a Unix socket.
  static func resetOnClose(_ socket: CInt) {
    _ = System.setOption(socket, SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
  }

  public static func create(for endpoint: Endpoint) throws(Failure) -> Descriptor {
    let family = try Address.encode(endpoint, for: .create).family
    let type = SocketFlags.stream | SocketFlags.closeOnExec | SocketFlags.nonBlocking
    var result = System.socket(family, type)
    if result == -Int(EAFNOSUPPORT), endpoint.isWildcard {
      result = System.socket(AF_INET, type)  // a system without IPv6: all addresses are those of IPv4
    }
    let descriptor = Descriptor(owning: CInt(try check(.create, result)))
    if case .tcp = endpoint {  // accepted sockets inherit it
      try setOption(descriptor.number, CInt(IPPROTO_TCP), TCP_NODELAY, for: .create)
    }
    return descriptor
  }

  /// As `create`, and reports the step.
  static func createReported(for candidate: Endpoint, observer: Observer?) throws(Failure) -> Descriptor {
    do {
      let socket = try create(for: candidate)
      observer.notify(.create, on: socket.number, endpoint: candidate)
      return socket
    } catch {
      throw observer.notify(.create, on: -1, failed: error.cause, endpoint: candidate)
    }
  }

  public static func receive(
    _ socket: borrowing Descriptor, into buffer: inout MutableSpan<UInt8>
  ) throws(Failure) -> Int? {
    try ready(.receive, System.receive(socket.number, &buffer))
  }

  public static func send(_ socket: borrowing Descriptor, _ bytes: Span<UInt8>, more: Bool) throws(Failure) -> Int? {
    try ready(
      .send, System.send(socket.number, bytes, more ? SocketFlags.noSignal | SocketFlags.more : SocketFlags.noSignal))
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

  /// Returns a non-blocking descriptor of its own for a pipe or a terminal; nil for any other kind. The terminal may
  /// belong to another user, as after su(1): the process that it controls may still open it as /dev/tty.
  private static func reopen(_ descriptor: CInt) -> CInt? {
    guard System.canWrite(descriptor), System.isPipe(descriptor) || System.isTerminal(descriptor) else { return nil }
    var opened = System.openWriter(Array("/proc/self/fd/\(descriptor)".utf8))
    if opened < 0, System.isControllingTerminal(descriptor) { opened = System.openWriter(Array("/dev/tty".utf8)) }
    return opened < 0 ? nil : CInt(opened)
  }

  public static func openWriter(_ descriptor: FileDescriptor) throws(Failure) -> Descriptor {
    guard let opened = reopen(descriptor.rawValue) else {
      return Descriptor(owning: CInt(try check(.output, System.duplicate(descriptor.rawValue, atLeast: firstWriter))))
    }
    let moved = System.duplicate(opened, atLeast: firstWriter)
    if moved < 0 { return Descriptor(owning: opened) }  // the limit of descriptors is as low as that
    _ = System.close(opened)
    return Descriptor(owning: CInt(moved))
  }

  /// Writes if poll(2) says that there is room.
  private static func writeIfReady(_ descriptor: CInt, _ bytes: Span<UInt8>) -> Int {
    var set: [1 of pollfd] = [pollfd(fd: descriptor, events: Readiness.writable.asked, revents: 0)]
    let result = System.poll(&set, until: Deadline(after: .zero))
    if result <= 0 { return result < 0 ? result : -Int(EAGAIN) }
    return System.write(descriptor, bytes)
  }

  /// Writes to a pipe whose descriptor is a blocking one. Another process may fill the pipe after a poll(2), and a
  /// write(2) would then wait; splice(2) from a pipe of our own does not.
  private static func spliceSome(_ descriptor: CInt, _ bytes: Span<UInt8>) -> Int {
    // Without it, no descriptors are left.
    guard let own = try? Pipe(mode: 0) else { return writeIfReady(descriptor, bytes) }
    let count = System.write(own.input.number, bytes)
    return count > 0 ? System.splice(own.output.number, descriptor, count, blocks: false) : count
  }

  public static func writeSome(_ descriptor: FileDescriptor, _ bytes: Span<UInt8>) throws(Failure) -> Int? {
    let (number, some) = (descriptor.rawValue, bytes.extracting(first: min(bytes.count, Int(PIPE_BUF))))
    if System.isNonBlocking(number) { return try ready(.output, System.write(number, some)) }
    if System.isSocket(number) {
      return try ready(.output, System.send(number, some, SocketFlags.noSignal | SocketFlags.dontWait))
    }
    return try ready(.output, System.isPipe(number) ? spliceSome(number, some) : writeIfReady(number, some))
  }

  public static func wait(
    _ descriptor: FileDescriptor, for events: Readiness, stop: FileDescriptor?, timeout: Duration?
  ) throws(Failure) -> Readiness {
    try wait(on: descriptor.rawValue, for: events, stop: stop, until: Deadline(after: timeout))
  }

  static func wait(
    on descriptor: CInt, for events: Readiness, stop: FileDescriptor?, until deadline: Deadline
  ) throws(Failure) -> Readiness {
    var set: [2 of pollfd] = [
      pollfd(fd: descriptor, events: events.asked, revents: 0),
      pollfd(fd: stop?.rawValue ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    let ready = try check(.wait, System.poll(&set, until: deadline))
    if ready == 0 { throw Failure(.wait, .timedOut) }
    if set[1].revents != 0 { throw Failure(.wait, .canceled) }
    if set[0].hasFailed { return events }  // the next call on the descriptor reports why
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
  /// The events to request from poll(2).
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
