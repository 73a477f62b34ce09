// A session: one client of a link and its service.
internal import CLinux
internal import Glibc
internal import IPC
internal import SystemPackage

/// The server's sessions, one after the other: what all of them share, and the current one's.
struct LinkSession: ~Copyable {
  private static var busy: Int { 64 }  // steps without waiting, after which stop and status requests are read

  let link: LinkEnd
  let service: Service
  let options: ServeOptions
  let observer: Observer?
  let printer: Output  // where the message service prints
  private(set) var control: Control
  private let epoll: Descriptor  // of stop and status requests
  var counters = Counters()  // without the current session's bytes
  var received: UInt64 = 0  // the current session's
  var sent: UInt64 = 0  // the current session's
  private var input = [UInt8](repeating: 0, count: Limit.buffer)
  private var output = [UInt8](repeating: 0, count: Limit.buffer)
  private var since: Int64 = 0  // when the client was accepted
  private var active: Int64 = 0  // when the client last moved a byte
  private var steps = 0  // since the last wait or check of the requests
  private var hasSurplus = false  // input has come that has no room
  private var isOver = false  // a stop ends the session now

  init(
    _ link: LinkEnd, _ service: Service, _ options: ServeOptions, _ observer: Observer?, epoll: consuming Descriptor
  ) {
    (self.link, self.service, self.options, self.observer) = (link, service, options, observer)
    printer = Output.open(service.isMessage ? options.output : nil)
    self.epoll = epoll
    control = Control(options, observer, at: link.endpoint)
  }

  /// Adds the stop and status requests to `requests`.
  mutating func watchRequests() throws(Failure) { try control.watch(in: epoll) }

  var requests: FileDescriptor { epoll.lent }  // readable after a stop or status request

  func report(_ step: Step, count: Int = 0) {
    observer.notify(step, on: link.number, count: count, endpoint: link.endpoint)
  }

  func report(_ step: Step, failed cause: Cause) -> Failure {
    observer.notify(step, on: link.number, failed: cause, endpoint: link.endpoint)
  }

  /// Reads the stop and status requests that have come. A server that drains gives up its name.
  mutating func pollControl() {
    let now = System.now()
    if control.poll(now: now) {
      var all = counters
      all.received += received
      all.sent += sent
      control.report(all)
    }
    isOver = control.isOver(now)
    if control.drainDeadline != nil, !isOver { link.removeNames() }
  }

  private var time: Int64 { Int64(options.limits.time?.milliseconds ?? 0) }

  /// When the client's time, the time that a stop left, or this idle time is over.
  private func deadline(idle: Duration?) -> Deadline {
    let idle = Int64(idle?.milliseconds ?? 0)
    let first = min(idle > 0 ? active + idle : .max, time > 0 ? since + time : .max, control.drainDeadline ?? .max)
    return first == .max ? .never : .at(first)
  }

  /// - Throws: ETIMEDOUT if the client has used up its time.
  private func checkTime() throws(Failure) {
    if time > 0, since + time <= System.now() { throw report(.timeLimit, failed: .system(.timedOut)) }
  }

  /// Waits until the client is ready, or a stop ends the session.
  private mutating func waitUntilReady(for events: Readiness) throws(Failure) {
    let idle = options.limits.idle
    steps = 0
    while !isOver {
      var ready: Readiness = []
      do { ready = try link.wait(for: events, extra: requests, timeout: deadline(idle: idle).duration) } catch {
        guard error == .system(.timedOut) else { throw report(.wait, failed: error) }
        isOver = control.isOver(System.now())
        if !isOver {
          try checkTime()
          throw report(.wait, failed: error)
        }
      }
      if ready.remove(.extra) != nil { pollControl() }
      if !ready.isEmpty { return }
    }
  }

  /// A client that is always ready must not delay the handling of a stop.
  private mutating func countStep() {
    steps += 1
    if steps < Self.busy { return }
    steps = 0
    pollControl()
  }

  private mutating func touch() throws(Failure) {
    active = System.now()
    try checkTime()
  }

  private func sendSome(_ reply: ServiceResult, after count: Int) throws(Cause) -> Int? {
    reply.echoes
      ? try link.send(input.span.extracting(count..<reply.produced))
      : try link.send(output.span.extracting(count..<reply.produced))
  }

  private mutating func sendAll(_ reply: ServiceResult) throws(Failure) {
    var done = 0
    while done < reply.produced, !isOver {
      let result: Int?
      do { result = try sendSome(reply, after: done) } catch { throw report(.send, failed: error) }
      guard let count = result else {
        try waitUntilReady(for: .writable)
        continue
      }
      report(.send, count: count)
      done += count
      sent += UInt64(count)
      try touch()
      countStep()
    }
  }

  /// Waits until the server's output takes more. The client is not idle meanwhile: the server keeps it waiting.
  private mutating func waitForOutput() throws(Failure) {
    do throws(Failure) {
      _ = try SwiftEngine.wait(
        on: printer.descriptor.rawValue, for: .writable, stop: requests, until: deadline(idle: nil))
      active = System.now()
    } catch {
      switch error.cause {
      case .system(.canceled): pollControl()
      case .system(.timedOut):
        isOver = control.isOver(System.now())
        if isOver { return }
        try checkTime()
        throw report(.wait, failed: error.cause)
      default: throw report(.wait, failed: error.cause)
      }
    }
  }

  private mutating func print(_ length: Int) throws(Failure) {
    let (text, number) = (SwiftEngine.messageText(input.span.extracting(first: length)), printer.number)
    var line: UInt64 = 0
    while !isOver {
      do throws(Failure) {
        if try printer.print(text, &line) { return observer.notify(.output, on: number, count: text.count) }
      } catch {
        throw observer.notify(.output, on: number, failed: error.cause)
      }
      try waitForOutput()
    }
  }

  private mutating func receiveSome(after length: Int) throws(Failure) -> Int? {
    let link = link
    do {
      var span = input.mutableSpan
      return try link.receive(into: &span, at: length)
    } catch {
      throw report(.receive, failed: error)
    }
  }

  /// Receives behind the input that was kept. If it `waits`, it returns only with new input, or at its end.
  private mutating func receiveMore(_ length: inout Int, _ hasEnded: inout Bool, waits: Bool) throws(Failure) {
    let most = SwiftEngine.inputRoom(
      service, options.limits.room(moved: received + sent), capacity: Limit.buffer - length)
    while !isOver {
      guard let all = hasSurplus ? 1 : try receiveSome(after: length) else {
        guard waits else { return }
        try waitUntilReady(for: .readable)
        continue
      }
      hasSurplus = all > most
      if most == 0, hasSurplus { throw report(.receive, failed: .system(.fileTooLarge)) }
      let count = min(all, most)
      report(.receive, count: count)
      length += count
      hasEnded = count == 0
      received += UInt64(count)
      if count == 0 { return }
      try touch()
      return countStep()
    }
  }

  private mutating func halfClose() throws(Failure) {
    while !isOver {
      do { if try link.halfClose() { return } } catch { throw report(.halfClose, failed: error) }
      try waitUntilReady(for: .writable)
    }
  }

  private static func step(
    _ service: Service, _ position: UInt64, _ input: [UInt8], _ length: Int, _ hasEnded: Bool, _ output: inout [UInt8]
  ) -> ServiceResult {
    var span = output.mutableSpan
    return SwiftEngine.step(
      service, position: position, input: input.span.extracting(first: length), ended: hasEnded, output: &span)
  }

  /// Whether a session that a stop ended was between two requests: `end` bytes are sent, and no byte waits for an answer.
  private mutating func isIdle(_ next: ServiceResult.Next, _ end: UInt64, _ kept: Int) -> Bool {
    if sent < end || next == .output { return false }
    let link = link
    var span = input.mutableSpan
    return next == .end || (kept == 0 && (try? link.receive(into: &span, at: 0)) ?? 0 == 0)
  }

  /// Serves one client to its end, or until a stop ends an idle session.
  /// - Throws: ECANCELED of `.stop` if it leaves bytes unsent or unanswered.
  mutating func run() throws(Failure) {
    var (length, hasEnded) = (0, false)
    hasSurplus = false
    active = System.now()
    since = active
    while true {
      let left = options.limits.room(moved: received + sent)
      var result = Self.step(service, sent, input, length, hasEnded, &output)
      result.fit(service, left)
      let exceeds = result.lacksRoom(left, ignored: length - result.consumed)
      let end = sent + UInt64(result.produced)
      if result.cut { _ = report(.receive, failed: .system(.messageTooLong)) }
      if exceeds, result.prints { throw report(.receive, failed: .system(.fileTooLarge)) }
      if result.prints { try print(result.consumed) }
      try sendAll(result)
      if !isOver, exceeds { throw report(.receive, failed: .system(.fileTooLarge)) }
      if !isOver, result.next == .end { return try halfClose() }
      var span = input.mutableSpan
      System.moveToStart(&span, result.consumed..<length)
      length -= result.consumed
      if !hasEnded, result.next == .input || service.isChargen {
        try receiveMore(&length, &hasEnded, waits: result.next == .input)
      }
      if isOver, !isIdle(result.next, end, length) { throw Failure(.stop, .system(.canceled), at: link.endpoint) }
      if isOver { return }
    }
  }
}
