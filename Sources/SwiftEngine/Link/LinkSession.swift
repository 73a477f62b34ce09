// One client of a link and its service, on one thread: waits where it has to.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

/// Serves one client after the other, and has counters of all of them.
struct LinkSession: ~Copyable {
  /// Steps without waiting, after which stop and status requests are read.
  private static var stepsBetweenRequests: Int { 64 }

  let link: LinkEnd
  let service: Service
  let options: ServeOptions
  let observer: Observer?
  private(set) var control: Control
  /// epoll(7) of stop and status requests.
  private let epoll: Descriptor
  /// Of all clients; `received` and `sent` are those of former clients.
  var counters = Counters()
  /// Of this client.
  var received: UInt64 = 0
  var sent: UInt64 = 0
  private var input = [UInt8](repeating: 0, count: Limit.buffer)
  private var output = [UInt8](repeating: 0, count: Limit.buffer)
  /// When the client last received or sent a byte.
  private var lastActive: Int64 = 0
  /// Steps since the last wait.
  private var steps = 0
  /// The time to drain is over, or there was none.
  private var isStopped = false

  init(
    _ link: LinkEnd, _ service: Service, _ options: ServeOptions, _ observer: Observer?, epoll: consuming Descriptor
  ) {
    (self.link, self.service, self.options, self.observer) = (link, service, options, observer)
    self.epoll = epoll
    control = Control(options, observer, at: link.endpoint)
  }

  /// Adds the stop and status requests to `requests`.
  mutating func watchRequests() throws(Failure) { try control.watch(in: epoll) }

  /// Readable after a stop or status request.
  var requests: FileDescriptor { epoll.lent }

  func notify(_ step: Step, count: Int = 0) {
    observer.tell(step, on: link.number, count: count, endpoint: link.endpoint)
  }

  /// Reports a failed step; returns the failure, to be thrown.
  func notify(_ step: Step, failed cause: Cause) -> Failure {
    observer.tell(step, on: link.number, failed: cause, endpoint: link.endpoint)
  }

  /// Reads the stop and status requests that have come.
  mutating func readRequests() {
    let now = System.now()
    if control.poll(now: now) {
      var all = counters
      all.received += received
      all.sent += sent
      control.report(all)
    }
    isStopped = control.isOver(now)
  }

  // MARK: Waiting

  /// The time until the client, or all serving, is overdue.
  private var timeout: Duration? {
    let idle = options.limits.idle.map { Int64($0.milliseconds) } ?? 0
    let deadline = min(idle > 0 ? lastActive + idle : .max, control.drainDeadline ?? .max)
    return deadline == .max ? nil : .milliseconds(deadline - System.now())
  }

  /// Waits until the client is ready, or a stop ends serving.
  private mutating func wait(for events: Readiness) throws(Failure) {
    steps = 0
    while !isStopped {
      var ready: Readiness = []
      do { ready = try link.wait(for: events, extra: requests, timeout: timeout) } catch {
        guard error == .system(.timedOut) else { throw notify(.wait, failed: error) }
        isStopped = control.isOver(System.now())
        if !isStopped { throw notify(.receive, failed: error) }
      }
      if ready.remove(.extra) != nil { readRequests() }
      if !ready.isEmpty { return }
    }
  }

  /// A client that is always ready must not delay the handling of a stop.
  private mutating func countStep() {
    steps += 1
    if steps < Self.stepsBetweenRequests { return }
    steps = 0
    readRequests()
  }

  /// - Throws: EFBIG if the client has moved more bytes than it may.
  private mutating func checkLimit() throws(Failure) {
    lastActive = System.now()
    if let limit = options.limits.bytes, limit > 0, received + sent > limit {
      throw notify(.receive, failed: .system(.fileTooLarge))
    }
  }

  // MARK: Steps

  private func sendSome(_ reply: ServiceResult, after count: Int) throws(Cause) -> Int? {
    reply.echoes
      ? try link.send(input.span.extracting(count..<reply.produced))
      : try link.send(output.span.extracting(count..<reply.produced))
  }

  private mutating func sendAll(_ reply: ServiceResult) throws(Failure) {
    var done = 0
    while done < reply.produced, !isStopped {
      let result: Int?
      do { result = try sendSome(reply, after: done) } catch { throw notify(.send, failed: error) }
      guard let count = result else {
        try wait(for: .writable)
        continue
      }
      notify(.send, count: count)
      done += count
      sent += UInt64(count)
      try checkLimit()
      countStep()
    }
  }

  private func printMessage(_ length: Int) throws(Failure) {
    let text = SwiftEngine.messageText(input.span.extracting(first: length))
    let number = options.output.rawValue
    do {
      try SwiftEngine.write(options.output, text.span)
    } catch {
      throw observer.tell(.output, on: number, failed: error.cause)
    }
    observer.tell(.output, on: number, count: text.count)
  }

  private mutating func receiveSome(after length: Int) throws(Failure) -> Int? {
    let link = link
    do {
      var span = input.mutableSpan
      return try link.receive(into: &span, at: length)
    } catch {
      throw notify(.receive, failed: error)
    }
  }

  /// Receives behind the input that was kept. If it `waits`, it returns only with new input, or at its end.
  private mutating func receiveMore(_ length: inout Int, _ hasEnded: inout Bool, waits: Bool) throws(Failure) {
    while !isStopped {
      guard let count = try receiveSome(after: length) else {
        guard waits else { return }
        try wait(for: .readable)
        continue
      }
      notify(.receive, count: count)
      length += count
      hasEnded = count == 0
      received += UInt64(count)
      if count > 0 { try checkLimit() }
      return countStep()
    }
  }

  private mutating func halfClose() throws(Failure) {
    while !isStopped {
      let isDone: Bool
      do { isDone = try link.halfClose() } catch { throw notify(.halfClose, failed: error) }
      if isDone { return }
      try wait(for: .writable)
    }
  }

  private static func step(
    _ service: Service, _ position: UInt64, _ input: [UInt8], _ length: Int, _ hasEnded: Bool, _ output: inout [UInt8]
  ) -> ServiceResult {
    var span = output.mutableSpan
    return SwiftEngine.step(
      service, position: position, input: input.span.extracting(first: length), ended: hasEnded, output: &span)
  }

  /// Serves one client to its end, or until a stop ends serving.
  mutating func run() throws(Failure) {
    var (length, hasEnded) = (0, false)
    lastActive = System.now()
    while !isStopped {
      let result = Self.step(service, sent, input, length, hasEnded, &output)
      if result.cut { _ = notify(.receive, failed: .system(.messageTooLong)) }
      if result.prints { try printMessage(result.consumed) }
      try sendAll(result)
      if isStopped { return }
      if result.next == .end { return try halfClose() }
      input.replaceSubrange(0..<length - result.consumed, with: Array(input[result.consumed..<length]))
      length -= result.consumed
      if !hasEnded, result.next == .input || service.isChargen {
        try receiveMore(&length, &hasEnded, waits: result.next == .input)
      }
    }
  }
}
