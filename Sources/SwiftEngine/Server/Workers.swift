// Workers: several loops, each in a thread of its own, with the stops, the status requests and the observer of one.
internal import Glibc
internal import IPC
internal import SystemPackage

/// Its pipes and its listeners close with it.
private final class Worker: Sendable {
  let number: Int
  let stop: Pipe
  let statusRequest: Pipe
  /// Listeners of its own, unless it is the first worker or a supervisor lends them.
  private let shares: [Share]

  /// A listener at the same endpoint as another one.
  final class Share: Sendable {
    private let descriptor: Descriptor
    var number: CInt { descriptor.number }

    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    /// Returns nil if the workers use the same listener.
    static func of(_ listener: Listener) throws(Failure) -> Share? {
      guard let share = try SwiftEngine.share(listener) else { return nil }
      return Share(share)
    }
  }

  init(_ number: Int, stop: Pipe, statusRequest: Pipe, shares: [Share]) {
    (self.number, self.stop, self.statusRequest, self.shares) = (number, stop, statusRequest, shares)
  }
}

extension Counters {
  fileprivate mutating func add(_ more: Counters) {
    accepted += more.accepted
    refused += more.refused
    active += more.active
    failed += more.failed
    received += more.received
    sent += more.sent
  }
}

final class Workers: Sendable {
  /// The lock serializes calls of the observer, too.
  private let state: Locked<State>
  private let observer: Observer?
  private let output: Output
  /// Each worker writes a byte when it has ended.
  private let done: Pipe

  private struct State: Sendable {
    /// Of the workers that have ended.
    var gone = Counters()
    /// For the current status request.
    var sum = Counters()
    /// Workers that owe their counters for it.
    var owing: Set<Int> = []
    var running: Set<Int> = []
    /// Of the first worker that failed.
    var failure: Failure?
  }

  private init(_ observer: Observer?, _ output: Output, done: Pipe) {
    (self.observer, self.output, self.done) = (observer, output, done)
    state = Locked(State())
  }

  /// Adds a worker's counters, if it owes them. The last of them lets the observer have the sum.
  private func collect(_ worker: Int, _ event: Event, _ counters: Counters, _ state: inout State) {
    guard state.owing.remove(worker) != nil else { return }
    state.sum.add(counters)
    guard state.owing.isEmpty else { return }
    observer?.notify(Event(.statusRequest, on: event.descriptor, endpoint: event.endpoint, counters: state.sum))
  }

  /// Notifies the observer of an event that is no worker's.
  private func notify(_ event: Event) { state.withLock { _ in observer?.notify(event) } }

  /// Notifies the observer of a worker's event, but not of its stop: `notify` has reported that one already.
  private func forwardEvent(of worker: Int, _ event: Event) {
    state.withLock { state in
      switch event.step {
      case .statusRequest: collect(worker, event, event.counters ?? Counters(), &state)
      case .stop: break
      default: observer?.notify(event)
      }
    }
  }

  private func run(
    _ worker: Int, _ listeners: [Listener], _ service: Service, _ options: ServeOptions
  ) {
    let forwarding = observer.map { observer in
      Observer(steps: observer.steps) { self.forwardEvent(of: worker, $0) }
    }
    var (counters, failure) = (Counters(), Failure?.none)
    do throws(Failure) {
      try Loop.serve(listeners, service, options, forwarding, output, &counters)
    } catch {
      failure = error
    }
    state.withLock { state in
      state.gone.add(counters)
      let event = Event(.statusRequest, on: options.statusRequest?.rawValue ?? -1, endpoint: listeners[0].endpoint)
      collect(worker, event, counters, &state)
      state.running.remove(worker)
      if state.failure == nil { state.failure = failure }
    }
    done.signal()
  }

  private static func makePipe(at endpoint: Endpoint) throws(Failure) -> Pipe {
    do { return try Pipe() } catch { throw Failure(.listen, error, at: endpoint) }
  }

  /// The listeners of a worker: the server's own, or others at the same endpoints.
  private static func setListeners(
    _ listeners: [Listener], shares: Bool
  ) throws(Failure) -> (own: [Listener], shares: [Worker.Share]) {
    guard shares else { return (listeners, []) }
    let all = try listeners.map { listener throws(Failure) in try Worker.Share.of(listener) }
    return (zip(listeners, all).map { $0.replaced(by: $1?.number) }, all.compactMap { $0 })
  }

  /// Starts the next worker. The first one uses the server's own listeners.
  private func start(
    _ number: Int, _ listeners: [Listener], _ service: Service, _ options: ServeOptions
  ) throws(Failure) -> (Worker, Thread) {
    let endpoint = listeners[0].endpoint
    let stop = try Self.makePipe(at: endpoint)
    let statusRequest = try Self.makePipe(at: endpoint)
    let (own, shares) = try Self.setListeners(listeners, shares: number > 0)
    let worker = Worker(number, stop: stop, statusRequest: statusRequest, shares: shares)
    var part = options
    (part.stop, part.statusRequest) = (stop.output.lent, statusRequest.output.lent)
    // Rounded up, so that each worker has room for a client.
    part.limits.clients = options.limits.clients.map { ($0 + options.workers - 1) / options.workers }
    let its = part
    state.withLock { _ = $0.running.insert(number) }
    do {
      let thread = try Thread { self.run(number, own, service, its) }
      return (worker, thread)
    } catch {
      throw Failure(.listen, error, at: endpoint)
    }
  }

  private static func stopAll(_ workers: [Worker]) { for worker in workers { worker.stop.signal() } }

  /// Passes a status request on to the workers, unless they still work on the last one.
  private func requestStatus(_ workers: [Worker]) {
    state.withLock { state in
      guard state.owing.isEmpty else { return }
      state.sum = state.gone
      state.owing = state.running
      for worker in workers where state.running.contains(worker.number) { worker.statusRequest.signal() }
    }
  }

  /// The failure of the first worker that failed.
  private var hasFailed: Failure? { state.withLock { $0.failure } }

  /// Waits for stops, status requests and the workers' ends, and passes them on. Throws the failure of a worker.
  private func coordinate(_ workers: [Worker], _ control: inout Control) throws(Failure) {
    var ended = 0
    while ended < workers.count {
      var set: [3 of pollfd] = [
        pollfd(fd: control.stop, events: Readiness.readable.asked, revents: 0),
        pollfd(fd: control.statusRequest, events: Readiness.readable.asked, revents: 0),
        pollfd(fd: done.output.number, events: Readiness.readable.asked, revents: 0),
      ]
      try SwiftEngine.check(.wait, System.poll(&set, until: .never), at: control.endpoint)
      if set[0].revents != 0, control.takeStop(now: System.now()) != .none { Self.stopAll(workers) }
      if set[1].revents != 0, control.takeStatusRequest() { requestStatus(workers) }
      if set[2].revents != 0, done.receive() { ended += 1 }
      if let failure = hasFailed { throw failure }
    }
  }

  /// As `SwiftEngine.serve`, with several loops, each in a thread of its own.
  static func serve(
    _ listeners: [Listener], _ service: Service, _ options: ServeOptions, _ observer: Observer?, _ output: Output
  ) throws(Failure) {
    System.shareHeap()
    try SwiftEngine.check(.receive, System.reserveHeap())
    let all = Workers(observer, output, done: try makePipe(at: listeners[0].endpoint))
    var workers: [Worker] = []
    var threads: [Thread] = []
    var failure: Failure?
    do throws(Failure) {
      for number in 0..<options.workers {
        let (worker, thread) = try all.start(number, listeners, service, options)
        workers.append(worker)
        threads.append(thread)
      }
      let serialized = observer.map { Observer(steps: $0.steps) { all.notify($0) } }
      var control = Control(options, serialized, at: listeners[0].endpoint)
      try all.coordinate(workers, &control)
    } catch {
      failure = error
      for _ in 1...2 { stopAll(workers) }  // the second stop: without waiting for clients
    }
    for thread in threads { thread.join() }
    if let failure = failure ?? all.hasFailed { throw failure }
  }
}
