import Glibc

/// The variables of one thread.
private final class ThreadVariables {
  var calls: UInt32 = 0
}

private enum PerThread {
  static let key: pthread_key_t = {
    var key = pthread_key_t()
    // It runs at the end of each thread that has set a value.
    let error = unsafe pthread_key_create(&key) { value in
      unsafe Unmanaged<ThreadVariables>.fromOpaque(value!).release()
    }
    precondition(error == 0, "the process has no key left")
    return key
  }()

  static var variables: ThreadVariables {
    if let value = unsafe pthread_getspecific(key) {
      let variables = unsafe Unmanaged<ThreadVariables>.fromOpaque(value)
      return unsafe variables.takeUnretainedValue()
    }
    let variables = ThreadVariables()
    let value = unsafe Unmanaged.passRetained(variables).toOpaque()
    let error = unsafe pthread_setspecific(key, value)
    precondition(error == 0, "there is no memory for a thread's variables")
    return variables
  }
}

/// Counts the calls of each thread. Returns how many there were by the
/// calling one.
func threadCalls() -> UInt32 {
  let variables = PerThread.variables
  variables.calls += 1
  return variables.calls
}
