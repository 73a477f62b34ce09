// Serving over a link: one client after the other, with what a server tells.
internal import CLinux
internal import Glibc
public import IPC
internal import SystemPackage

extension SwiftEngine {
  public static func serve(
    _ link: borrowing Link, _ service: Service, _ serving: ServeOptions, observer: Observer?
  ) throws(Failure) {
    let others = Descriptor(owning: CInt(try check(.wait, System.createEpoll(), at: link.endpoint)))
    var host = try Host(link.end, service, serving, observer, others: others)
    try host.run()
  }
}

struct Host: ~Copyable {
  let link: LinkEnd
  let service: Service
  let serving: ServeOptions
  let observer: Observer?
  var control: Control
  /// epoll(7) of stop and status requests.
  let others: Descriptor
  var counters = Counters()
  var input = [UInt8](repeating: 0, count: Limit.buffer)
  var output = [UInt8](repeating: 0, count: Limit.buffer)
  var received: UInt64 = 0
  var sent: UInt64 = 0
  /// When the client last moved a byte.
  var active: Int64 = 0
  /// When a stop ends serving.
  var drained: Int64?
  /// In a row, without waiting.
  var steps = 0
  /// At once: the time to drain is over, or there was none.
  var isStopped = false

  init(
    _ link: LinkEnd, _ service: Service, _ serving: ServeOptions, _ observer: Observer?, others: consuming Descriptor
  ) throws(Failure) {
    (self.link, self.service, self.serving, self.observer) = (link, service, serving, observer)
    control = Control(serving, observer, at: link.endpoint)
    try control.watch(in: others)
    self.others = others
  }

  // MARK: Telling

  func tell(_ step: Step, count: Int = 0) {
    observer.tell(step, on: link.lobby, count: count, endpoint: link.endpoint)
  }

  /// What to throw.
  func tell(_ step: Step, failed result: Int) -> Failure {
    observer.tell(step, on: link.lobby, failed: Cause(code: CInt(-result)), endpoint: link.endpoint)
  }

  // MARK: Stop and status requests

  /// Takes the stop and status requests that have come.
  mutating func lookAtOthers() {
    let now = System.now()
    if control.poll(now: now) {
      var all = counters
      all.received += received
      all.sent += sent
      control.report(all)
    }
    drained = control.drainDeadline
    isStopped = control.isOver(now)
  }

  // MARK: One client after the other

  mutating func run() throws(Failure) {
    while true {
      let result = link.beginToAccept(extra: others.number, until: .never)
      if result == -Int(ECANCELED) {
        lookAtOthers()
        if drained != nil { return }
        continue
      }
      if result < 0 { throw tell(.accept, failed: result) }
      try serveOne()
      if !serving.keepOpen || drained != nil { return }
    }
  }

  private mutating func serveOne() throws(Failure) {
    let since = System.now()
    active = since
    counters.accepted += 1
    counters.active = 1
    tell(.accept)
    var failure: Failure?
    do { try talk() } catch { failure = error }
    try end(failure, since: since)
  }

  /// Ends the conversation; a failure that ends serving is thrown.
  private mutating func end(_ ended: Failure?, since: Int64) throws(Failure) {
    let failure = isLeaving(ended) ? nil : ended
    let goesOn = serving.keepOpen && failure?.step != .output
    _ = link.leaveOnce()
    if let observer, (failure != nil && goesOn) || observer.wants(.close) {
      let traffic = Event.Traffic(received: received, sent: sent, duration: .milliseconds(System.now() - since))
      observer.tell(
        Event(.close, on: link.lobby, endpoint: link.endpoint, failure: goesOn ? failure : nil, traffic: traffic))
    }
    counters.failed += failure == nil ? 0 : 1
    counters.active = 0
    counters.received += received
    counters.sent += sent
    (received, sent) = (0, 0)
    if !goesOn, let failure { throw failure }
  }

  /// The end that chargen waits for.
  private func isLeaving(_ failure: Failure?) -> Bool { service.isChargen && failure?.cause == .system(.brokenPipe) }
}
