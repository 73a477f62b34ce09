// Observers and events: `include/ipc/observer.h`.
internal import IPC
internal import IPCContract

/// The function of a C observer. It is sendable because the engine serializes the calls, and C expects them in any
/// thread.
@safe private struct Callback: @unchecked Sendable {
  let observer: ipc_observer

  init(_ observer: ipc_observer) { unsafe self.observer = observer }

  /// The event, its endpoint and its counters are valid until the function returns.
  func notify(_ event: Event) {
    var (endpoint, counters) = (event.endpoint.map(ipc_endpoint.init), event.counters.map(ipc_counters.init))
    unsafe withUnsafePointer(to: &endpoint) { endpoint in
      unsafe withUnsafePointer(to: &counters) { counters in
        var c = unsafe ipc_event(event)
        unsafe c.endpoint = event.endpoint == nil ? nil : pointer(endpoint)
        unsafe c.counters = event.counters == nil ? nil : pointer(counters)
        unsafe observer.event(observer.context, &c)
      }
    }
  }

  /// An optional stores its value first.
  private func pointer<Value>(_ optional: UnsafePointer<Value?>) -> UnsafePointer<Value> {
    unsafe UnsafeRawPointer(optional).assumingMemoryBound(to: Value.self)
  }
}

extension Observer {
  init?(_ c: UnsafePointer<ipc_observer>?) {
    guard let c = unsafe c?.pointee else { return nil }
    let callback = unsafe Callback(c)
    unsafe self.init(steps: c.steps) { event in callback.notify(event) }
  }
}

extension ipc_event {
  /// An event without its pointers.
  fileprivate init(_ event: Event) {
    unsafe self.init()
    unsafe (step, descriptor, count) = (ipc_step(event.step), event.descriptor, event.count)
    unsafe (error, failed) = (-(event.failure?.cause.code ?? 0), ipc_step(event.failure?.step ?? event.step))
    guard let traffic = event.traffic else { return }
    unsafe (received, sent, duration_ms) = (traffic.received, traffic.sent, Int64(traffic.duration / .milliseconds(1)))
  }
}

extension ipc_counters {
  fileprivate init(_ counters: Counters) {
    self.init(
      accepted: counters.accepted, refused: counters.refused, active: counters.active, failed: counters.failed,
      received: counters.received, sent: counters.sent)
  }
}
