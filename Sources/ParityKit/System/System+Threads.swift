internal import Glibc

extension System {
  private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Runs the body in a new thread, or in this one if no thread can be started.
  static func startThread(_ body: @escaping @Sendable () -> Void) {
    let pointer = unsafe Unmanaged.passRetained(Body(body)).toOpaque()
    var thread = pthread_t()
    // Safe: the pointer owns the body until the thread takes it, once.
    let error = unsafe pthread_create(
      &thread, nil,
      { pointer in
        unsafe Unmanaged<Body>.fromOpaque(pointer!).takeRetainedValue().run()
        return nil
      }, pointer)
    if error == 0 {
      pthread_detach(thread)
    } else {
      unsafe Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run()
    }
  }
}
