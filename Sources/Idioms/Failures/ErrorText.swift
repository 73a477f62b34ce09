import Glibc

/// Returns a message such as "bind: Address already in use".
func errorText(_ what: String, _ error: CInt) -> String {
  var buffer = [CChar](repeating: 0, count: 128)
  // Without _GNU_SOURCE it returns a number, and fills the buffer for an
  // unknown error, too.
  _ = unsafe strerror_r(error, &buffer, buffer.count)
  let reason = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
  return "\(what): \(String(decoding: reason, as: UTF8.self))"
}
