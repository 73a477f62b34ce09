// Stop and status requests: reads them, keeps the deadline that a stop sets, and notifies the observer.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

/// For a loop, for workers and for a link's server.
struct Control: ~Copyable {
  /// What epoll(7) returns for the two descriptors after `watch`. Sessions have tokens of 32 bits.
  static let stopToken = UInt64.max - 1
  static let statusToken = UInt64.max - 2

  /// What the caller does after `takeStop`.
  enum Stop {
    /// Goes on: there was no stop to read.
    case none
    /// Accepts no more clients, and serves the others until `drainDeadline`.
    case drain
    /// Closes all clients.
    case end
  }

  let observer: Observer?
  /// The server's, for events.
  let endpoint: Endpoint
  /// In milliseconds.
  private let drain: Int64
  /// To wait for, or -1: there is none, or serving ends anyway.
  private(set) var stop: CInt
  /// To wait for, or -1: there is none, or nobody can send a request any more.
  private(set) var statusRequest: CInt
  /// The set of `watch`, or -1.
  private var epoll: CInt = -1
  /// When serving ends, on the clock of `System.now`; nil before the first stop.
  private(set) var drainDeadline: Int64?

  /// Borrows the options' descriptors.
  init(_ options: ServeOptions, _ observer: Observer?, at endpoint: Endpoint) {
    (self.observer, self.endpoint) = (observer, endpoint)
    drain = Int64(options.drain.milliseconds)
    stop = options.stop?.rawValue ?? -1
    statusRequest = options.statusRequest?.rawValue ?? -1
  }

  private func watch(_ descriptor: CInt, token: UInt64) throws(Failure) {
    guard descriptor >= 0 else { return }
    let result = System.control(epoll, EPOLL_CTL_ADD, descriptor, UInt32(EPOLLIN.rawValue), token: token)
    try SwiftEngine.check(.wait, result, at: endpoint)
  }

  /// Adds both descriptors to a set of epoll(7), with the tokens above.
  mutating func watch(in epoll: borrowing Descriptor) throws(Failure) {
    self.epoll = epoll.number
    try watch(stop, token: Self.stopToken)
    try watch(statusRequest, token: Self.statusToken)
  }

  private func unwatch(_ descriptor: CInt) {
    if epoll >= 0 { _ = System.control(epoll, EPOLL_CTL_DEL, descriptor, 0, token: 0) }
  }

  /// Reads one signal of a signalfd(2); of a pipe or a socket, what is there, but no more than that. Returns how many
  /// bytes; 0 at the descriptor's end, or if it failed; nil if there was nothing to read.
  private func readRequest(_ descriptor: CInt) -> Int? {
    var request = [UInt8](repeating: 0, count: MemoryLayout<signalfd_siginfo>.size)
    var span = request.mutableSpan
    do throws(Failure) { return try SwiftEngine.ready(.input, System.read(descriptor, &span)) } catch { return 0 }
  }

  /// Reads one stop, and notifies the observer of it. The end of the descriptor, or its failure, counts as a stop. The
  /// caller has seen that `stop` is readable.
  mutating func takeStop(now: Int64) -> Stop {
    if readRequest(stop) == nil { return .none }
    observer.notify(.stop, on: stop, endpoint: endpoint)
    let drains = drainDeadline == nil && drain > 0
    drainDeadline = drains ? now + drain : now
    if drains { return .drain }
    unwatch(stop)  // a descriptor that has ended stays readable
    stop = -1
    return .end
  }

  /// Reads one status request. Returns whether to answer it with `report`. After the end of the descriptor, or its
  /// failure, it is no longer watched. The caller has seen that `statusRequest` is readable.
  mutating func takeStatusRequest() -> Bool {
    guard let count = readRequest(statusRequest) else { return false }
    if count == 0 {  // nobody can send a request any more, but it would stay readable
      unwatch(statusRequest)
      statusRequest = -1
    }
    return count > 0 && observer != nil
  }

  /// Reads the requests that have come, without waiting. Returns whether to answer with `report`; a stop shows in
  /// `drainDeadline`.
  mutating func poll(now: Int64) -> Bool {
    var set: [2 of pollfd] = [
      pollfd(fd: stop, events: Readiness.readable.asked, revents: 0),
      pollfd(fd: statusRequest, events: Readiness.readable.asked, revents: 0),
    ]
    guard System.poll(&set, until: Deadline(after: .zero)) > 0 else { return false }
    if set[0].revents != 0 { _ = takeStop(now: now) }
    return set[1].revents != 0 && takeStatusRequest()
  }

  /// Notifies the observer, if there is one, of a status request and these counters.
  func report(_ counters: Counters) {
    observer?.notify(Event(.statusRequest, on: statusRequest, endpoint: endpoint, counters: counters))
  }

  /// Whether all clients are to be closed: after a second stop, or after the time that the first one left them.
  func isOver(_ now: Int64) -> Bool {
    drainDeadline.map { $0 <= now } ?? false
  }
}
