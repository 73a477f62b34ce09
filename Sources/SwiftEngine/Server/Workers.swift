// Workers: several loops, each in a thread of its own, with the stops, the status requests and the observer of one.
internal import Glibc
internal import IPC
internal import SystemPackage

/// Its pipes and its listener close with it.
private final class Worker: Sendable {
  let number: Int
  let stop: Pipe
  let statusRequest: Pipe
  /// TCP: a listener of its own.
  private let share: Descriptor?
  /// Its number.
  let listener: CInt?

  init(_ number: Int, stop: Pipe, statusRequest: Pipe, share: consuming Descriptor?) {
    (self.number, self.stop, self.statusRequest) = (number, stop, statusRequest)
    switch consume share {
    case let own?:
      listener = own.number
      self.share = consume own
    case nil:
      listener = nil
      self.share = nil
    }
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
    _ worker: Int, _ listener: Listener, _ service: Service, _ options: ServeOptions
  ) {
    let forwarding = observer.map { observer in
      Observer(steps: observer.steps) { self.forwardEvent(of: worker, $0) }
    }
    var (counters, failure) = (Counters(), Failure?.none)
    do throws(Failure) {
      try Loop.serve(listener, service, options, forwarding, output, &counters)
    } catch {
      failure = error
    }
    state.withLock { state in
      state.gone.add(counters)
      let event = Event(.statusRequest, on: options.statusRequest?.rawValue ?? -1, endpoint: listener.endpoint)
      collect(worker, event, counters, &state)
      state.running.remove(worker)
      if state.failure == nil { state.failure = failure }
    }
    done.signal()
  }

  private static func makePipe(at endpoint: Endpoint) throws(Failure) -> Pipe {
    do { return try Pipe() } catch { throw Failure(.listen, error, at: endpoint) }
  }

  /// Starts the next worker. The first one uses the server's own listener.
  private func start(
    _ number: Int, _ server: borrowing Server, _ service: Service, _ options: ServeOptions
  ) throws(Failure) -> (Worker, Thread) {
    let endpoint = server.endpoint
    let stop = try Self.makePipe(at: endpoint)
    let statusRequest = try Self.makePipe(at: endpoint)
    let share = number > 0 ? try SwiftEngine.share(server) : nil
    let worker = Worker(number, stop: stop, statusRequest: statusRequest, share: share)
    let listener = Listener(server, share: worker.listener)
    var part = options
    (part.stop, part.statusRequest) = (stop.output.lent, statusRequest.output.lent)
    // Rounded up, so that each worker has room for a client.
    part.limits.clients = options.limits.clients.map { ($0 + options.workers - 1) / options.workers }
    let its = part
    state.withLock { _ = $0.running.insert(number) }
    do {
      let thread = try Thread { self.run(number, listener, service, its) }
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
    _ server: borrowing Server, _ service: Service, _ options: ServeOptions, _ observer: Observer?, _ output: Output
  ) throws(Failure) {
    System.shareHeap()
    try SwiftEngine.check(.receive, System.reserveHeap())
    let all = Workers(observer, output, done: try makePipe(at: server.endpoint))
    var workers: [Worker] = []
    var threads: [Thread] = []
    var failure: Failure?
    do throws(Failure) {
      for number in 0..<options.workers {
        let (worker, thread) = try all.start(number, server, service, options)
        workers.append(worker)
        threads.append(thread)
      }
      let serialized = observer.map { Observer(steps: $0.steps) { all.notify($0) } }
      var control = Control(options, serialized, at: server.endpoint)
      try all.coordinate(workers, &control)
    } catch {
      failure = error
      for _ in 1...2 { stopAll(workers) }  // the second stop: without waiting for clients
    }
    for thread in threads { thread.join() }
    if let failure = failure ?? all.hasFailed { throw failure }
  }
}
