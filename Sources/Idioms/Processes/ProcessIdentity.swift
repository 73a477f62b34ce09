import CLinux
import Glibc

/// Returns the identifier of this thread, which is the one of the process
/// in its first thread.
func threadIdentifier() -> pid_t { gettid() }

/// Returns the name of this machine, or nil, with the reason in errno.
func hostName() -> String? {
  // The longest name has 64 bytes, and the 0 after it needs room, too. A name
  // that is cut need not end in 0: the last byte stays 0.
  var name = [CChar](repeating: 0, count: Int(HOST_NAME_MAX) + 2)
  guard unsafe gethostname(&name, name.count - 1) == 0 else { return nil }
  let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  return String(decoding: bytes, as: UTF8.self)
}

/// Returns a limit or a property of the system: -ENOENT if it has no value,
/// another negative errno on failure.
func systemValue(_ name: Int) -> Int {
  errno = 0
  let value = sysconf(CInt(name))
  let error = errno
  if value < 0 { return error != 0 ? -Int(error) : -Int(ENOENT) }
  return value
}
