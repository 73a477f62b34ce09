// A link's server: sessions, one after the other.
public import IPC
internal import SystemPackage

private struct LinkServer: ~Copyable {
  fileprivate var session: LinkSession

  init(_ session: consuming LinkSession) { self.session = session }

  /// Chargen goes on until its client ends.
  private func isExpected(_ failure: Failure) -> Bool {
    session.service.isChargen && failure.cause == .system(.brokenPipe)
  }

  private mutating func addCounters(hasFailed: Bool) {
    session.counters.failed += hasFailed ? 1 : 0
    session.counters.active = 0
    session.counters.received += session.received
    session.counters.sent += session.sent
    (session.received, session.sent) = (0, 0)
  }

  /// Notifies the observer that a session has ended. If the server goes on, this is the only report of its failure.
  private func reportEnd(_ failure: Failure?, goesOn: Bool, since start: Int64) {
    guard let observer = session.observer, (failure != nil && goesOn) || observer.wants(.close) else { return }
    let traffic = Event.Traffic(
      received: session.received, sent: session.sent, duration: .milliseconds(System.now() - start))
    observer.notify(
      Event(
        .close, on: session.link.number, endpoint: session.link.endpoint, failure: goesOn ? failure : nil,
        traffic: traffic))
  }

  /// Ends a session. Throws a failure only if it ends serving.
  private mutating func end(_ sessionFailure: Failure?, since start: Int64) throws(Failure) {
    let failure = sessionFailure.flatMap { isExpected($0) ? nil : $0 }
    let isStopped = failure?.step == .stop
    let goesOn = isStopped || session.options.keepOpen && failure?.step != .output
    try? session.link.disconnect(failed: failure != nil)
    reportEnd(failure, goesOn: goesOn, since: start)
    addCounters(hasFailed: failure != nil && !isStopped)
    if !goesOn, let failure { throw failure }
  }

  private mutating func serveClient() throws(Failure) {
    let start = System.now()
    session.counters.accepted += 1
    session.counters.active = 1
    session.report(.accept)
    var failure: Failure?
    do { try session.run() } catch { failure = error }
    try end(failure, since: start)
  }

  /// Waits for a client. Returns false if a stop has ended the wait. A client that was welcomed, and is not served, sees
  /// a reset.
  private mutating func acceptClient() throws(Failure) -> Bool {
    while true {
      do {
        try session.link.accept(extra: session.requests, until: .never)
        return true
      } catch {
        if error == .system(.canceled) { session.pollControl() }
        if error == .system(.canceled), session.control.drainDeadline == nil { continue }
        try? session.link.disconnect(failed: true)
        guard error == .system(.canceled) else { throw session.report(.accept, failed: error) }
        return false
      }
    }
  }

  mutating func run() throws(Failure) {
    try session.watchRequests()
    repeat {
      guard try acceptClient() else { return }
      try serveClient()
    } while session.options.keepOpen && session.control.drainDeadline == nil
  }
}

extension SwiftEngine {
  public static func serve(
    _ link: borrowing Link, _ service: Service, _ serving: ServeOptions, observer: Observer?
  ) throws(Failure) {
    try check(.wait, System.reserveHeap(2 * Limit.buffer), at: link.endpoint)  // for the buffers of the sessions
    let epoll = Descriptor(owning: CInt(try check(.wait, System.createEpoll(), at: link.endpoint)))
    var server = LinkServer(LinkSession(link.end, service, serving, observer, epoll: epoll))
    defer { server.session.printer.close() }
    try check(.wait, System.reserveHeap(), at: link.endpoint)
    try server.run()
  }
}
