import CLinux
import Glibc
import Synchronization

/// The environment of the process. Its calls are safe among each other.
enum Environment {
  private static let lock = Mutex(())

  /// Returns the value of a variable, or nil without such a variable.
  static func value(of name: String) -> String? {
    lock.withLock { _ in
      // Another call can replace the bytes, so they are copied.
      unsafe getenv(name).map { unsafe String(cString: $0) }
    }
  }

  /// Sets a variable, for this process and the children that it starts
  /// later. Returns 0, or a negative errno.
  static func set(_ name: String, to value: String) -> CInt {
    lock.withLock { _ in unsafe setenv(name, value, 1) < 0 ? -errno : 0 }
  }

  /// Returns the variables, each as NAME=VALUE, such as for posix_spawn(3).
  static func all() -> [String] {
    lock.withLock { _ in
      var texts: [String] = []
      guard var entry = unsafe linux_environ() else { return texts }
      while let text = unsafe entry.pointee {
        unsafe texts.append(String(cString: text))
        unsafe entry += 1
      }
      return texts
    }
  }
}
