// A crew: several loops, a thread each, behind one stop, one notice and one observer.
internal import Glibc
internal import IPC
internal import SystemPackage

/// A listener that a worker has of its own.
private final class Listener: Sendable {
  let descriptor: Descriptor
  init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
}

/// One loop of a crew.
private final class Worker: Sendable {
  let stop: Pipe
  let statusRequest: Pipe
  /// TCP: a listener of its own.
  let listener: Listener?
  let number: Int

  init(_ number: Int, stop: Pipe, statusRequest: Pipe, listener: Listener?) {
    (self.number, self.stop, self.statusRequest) = (number, stop, statusRequest)
    self.listener = listener
  }
}

private final class Crew: Sendable {
  let state: Locked<State>
  let observer: Observer?
  /// A byte from each worker that has ended.
  let done: Pipe

  /// What the workers share; while it is held, the observer may be called.
  struct State: Sendable {
    var gone = Counters()
    var census = Counters()
    /// Workers that are asked for their counters, and have not told them yet.
    var asked: Set<Int> = []
    var running: Set<Int> = []
    var failure: Failure?
  }

  init(observer: Observer?, done: Pipe) {
    (self.observer, self.done) = (observer, done)
    state = Locked(State())
  }

  /// The observer of the crew's own events: called by one thread at a time.
  var serialized: Observer? {
    observer.map { observer in
      Observer(steps: observer.steps) { event in self.state.withLock { _ in observer.tell(event) } }
    }
  }

  /// The crew's observer, for one worker.
  func observer(for worker: Int) -> Observer? {
    observer.map { observer in
      Observer(steps: observer.steps) { event in
        self.state.withLock { state in
          switch event.step {
          case .statusRequest: self.count(worker, event, event.counters ?? Counters(), &state)
          case .stop: break  // the crew's own is told, once
          default: observer.tell(event)
          }
        }
      }
    }
  }

  /// The crew's counters are told once the last worker that was asked has told its own.
  private func count(_ worker: Int, _ event: Event, _ counters: Counters, _ state: inout State) {
    guard state.asked.remove(worker) != nil else { return }
    state.census += counters
    guard state.asked.isEmpty else { return }
    observer?.tell(Event(.statusRequest, on: event.descriptor, endpoint: event.endpoint, counters: state.census))
  }

  func ask(_ workers: [Worker]) {
    state.withLock { state in
      guard state.asked.isEmpty, !state.running.isEmpty else { return }
      state.census = state.gone
      state.asked = state.running
      for worker in workers where state.running.contains(worker.number) { worker.statusRequest.tell() }
    }
  }

  func end(_ worker: Int, _ counters: Counters, _ failure: Failure?, at endpoint: Endpoint) {
    state.withLock { state in
      state.gone += counters
      count(worker, Event(.statusRequest, on: -1, endpoint: endpoint), counters, &state)
      state.running.remove(worker)
      if state.failure == nil { state.failure = failure }
    }
    done.tell()
  }
}

extension SwiftEngine {
  static func serveByCrew(
    _ server: borrowing Server, _ service: Service, _ serving: ServeOptions, observer: Observer?
  ) throws(Failure) {
    guard let done = Pipe() else { throw Failure(.listen, .tooManyOpenFiles, at: server.endpoint) }
    let crew = Crew(observer: observer, done: done)
    var workers: [Worker] = []
    var threads: [Thread] = []
    var failure: Failure?
    do throws(Failure) {
      for number in 0..<serving.workers {
        let worker = try join(number, server)
        workers.append(worker)
        threads.append(try start(worker, of: crew, server, service, serving))
      }
      var control = Control(serving, crew.serialized, at: server.endpoint)
      try coordinate(crew, workers, &control)
    } catch {
      failure = error
      for worker in workers { for _ in 1...2 { worker.stop.tell() } }
    }
    for thread in threads { thread.join() }
    if let failure = failure ?? crew.state.withLock({ $0.failure }) { throw failure }
  }

  /// A worker, with a listener at the same endpoint: the kernel spreads clients over them (SO_REUSEPORT, socket(7)). It is
  /// set on the first one only now, so that another server at the same port was refused.
  private static func join(_ number: Int, _ server: borrowing Server) throws(Failure) -> Worker {
    guard let stop = Pipe(), let statusRequest = Pipe() else {
      throw Failure(.listen, .tooManyOpenFiles, at: server.endpoint)
    }
    guard number > 0, case .tcp = server.endpoint, !server.isLent else {
      return Worker(number, stop: stop, statusRequest: statusRequest, listener: nil)
    }
    do {
      let share = System.setOption(server.descriptor.number, SOL_SOCKET, SO_REUSEPORT, CInt(1))
      try check(.listen, share)
      let listener = try create(for: server.endpoint)
      try check(.listen, System.setOption(listener.number, SOL_SOCKET, SO_REUSEPORT, CInt(1)))
      try bind(listener, to: server.endpoint)
      try listen(listener, backlog: server.backlog)
      return Worker(number, stop: stop, statusRequest: statusRequest, listener: Listener(listener))
    } catch {
      throw Failure(.listen, error.cause, at: server.endpoint)
    }
  }

  private static func start(
    _ worker: Worker, of crew: Crew, _ server: borrowing Server, _ service: Service, _ serving: ServeOptions
  ) throws(Failure) -> Thread {
    let (endpoint, isLent) = (server.endpoint, server.isLent)
    let listener = worker.listener?.descriptor.number ?? server.descriptor.number
    var own = serving
    (own.stop, own.statusRequest) = (worker.stop.output.lent, worker.statusRequest.output.lent)
    // Rounded up, so that none is left without a place.
    own.limits.clients = serving.limits.clients.map { ($0 + serving.workers - 1) / serving.workers }
    let part = own
    crew.state.withLock { _ = $0.running.insert(worker.number) }
    let thread = System.startThread {
      var (counters, failure) = (Counters(), Failure?.none)
      do throws(Failure) {
        let observer = crew.observer(for: worker.number)
        try serve(listener, at: endpoint, isLent: isLent, service, part, observer: observer, &counters)
      } catch {
        failure = error
      }
      crew.end(worker.number, counters, failure, at: endpoint)
    }
    guard let thread else { throw Failure(.listen, .resourceTemporarilyUnavailable, at: endpoint) }
    return thread
  }

  /// Waits for a stop, a status request or a worker's end, and passes it on. A worker that fails ends the others.
  private static func coordinate(_ crew: Crew, _ workers: [Worker], _ control: inout Control) throws(Failure) {
    var ended = 0
    while ended < workers.count {
      var set: [3 of pollfd] = [
        pollfd(fd: control.stop, events: Readiness.readable.asked, revents: 0),
        pollfd(fd: control.statusRequest, events: Readiness.readable.asked, revents: 0),
        pollfd(fd: crew.done.output.number, events: Readiness.readable.asked, revents: 0),
      ]
      try check(.wait, System.poll(&set, until: .never), at: control.endpoint)
      if set[0].revents != 0, control.takeStop(now: System.now()) != .none {
        for worker in workers { worker.stop.tell() }
      }
      if set[1].revents != 0, control.takeStatusRequest() { crew.ask(workers) }
      if set[2].revents != 0, crew.done.take() { ended += 1 }
      if let failure = crew.state.withLock({ $0.failure }) { throw failure }
    }
  }
}

extension Counters {
  fileprivate static func += (sum: inout Counters, more: Counters) {
    sum.accepted += more.accepted
    sum.refused += more.refused
    sum.active += more.active
    sum.failed += more.failed
    sum.received += more.received
    sum.sent += more.sent
  }
}
