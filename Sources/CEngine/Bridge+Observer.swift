// Part of the bridge to C; Bridge.swift explains why it is sound.
internal import CIPC
internal import IPC

extension Step {
  init(_ c: ipc_step) { self = Step(rawValue: Int32(c.rawValue))! }
}

extension Failure {
  init(_ c: ipc_failure, error: CInt) {
    self.init(
      Step(c.step), Cause(code: -error), at: c.has_endpoint ? Endpoint(c.endpoint) : nil,
      holder: c.holder > 0 ? c.holder : nil)
  }
}

extension Event {
  init(_ c: ipc_event) {
    let endpoint = unsafe c.endpoint.map { unsafe Endpoint($0.pointee) }
    unsafe self.init(
      Step(c.step), on: c.descriptor, count: c.count, endpoint: endpoint,
      failure: c.error < 0 ? Failure(Step(c.failed), Cause(code: -c.error), at: endpoint) : nil,
      traffic: c.step == .IPC_STEP_CLOSE
        ? Traffic(received: c.received, sent: c.sent, duration: .milliseconds(c.duration_ms)) : nil,
      counters: c.counters.map { unsafe Counters($0.pointee) })
  }
}

extension Counters {
  init(_ c: ipc_counters) {
    self.init()
    (accepted, refused, active, failed) = (c.accepted, c.refused, c.active, c.failed)
    (received, sent) = (c.received, c.sent)
  }
}

private final class ObserverBox {
  let observer: Observer
  init(_ observer: Observer) { self.observer = observer }
}

/// The box outlives the call, and C notifies it only during the call.
@safe func withObserver<R>(_ observer: Observer?, _ body: (UnsafePointer<ipc_observer>?) -> R) -> R {
  guard let observer else { return body(nil) }
  let box = ObserverBox(observer)
  var c = unsafe ipc_observer(
    event: { context, event in
      let box = unsafe Unmanaged<ObserverBox>.fromOpaque(context!).takeUnretainedValue()
      unsafe box.observer.notify(Event(event.pointee))
    }, context: Unmanaged.passUnretained(box).toOpaque(), steps: observer.steps)
  return withExtendedLifetime(box) { unsafe body(&c) }
}
