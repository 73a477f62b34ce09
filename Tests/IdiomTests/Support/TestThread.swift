import Glibc
import Testing

/// A thread for the other end of a connection, where a test itself blocks.
final class TestThread {
  private var thread = pthread_t()

  init(_ body: @escaping @Sendable () -> Void) throws {
    let context = unsafe Unmanaged.passRetained(Body(run: body)).toOpaque()
    let result = unsafe pthread_create(
      &thread, nil,
      { context in
        unsafe Unmanaged<Body>.fromOpaque(context!).takeRetainedValue().run()
        return nil
      }, context)
    try #require(result == 0)
  }

  func join() {
    pthread_join(thread, nil)
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }
}
