import Glibc

/// Prints an address and its port: "127.0.0.1:80" or "[::1]:80". Returns
/// nil if the address is of another family.
func printAddress(_ address: sockaddr_storage) -> String? {
  let isIPv4 = CInt(address.ss_family) == AF_INET
  guard isIPv4 || CInt(address.ss_family) == AF_INET6 else { return nil }
  let length =
    isIPv4 ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
  var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
  var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
  let code = unsafe withUnsafeBytes(of: address) { bytes in
    unsafe getnameinfo(
      bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self),
      socklen_t(length),
      &host, socklen_t(host.count), &port, socklen_t(port.count),
      NI_NUMERICHOST | NI_NUMERICSERV)
  }
  guard code == 0 else { return nil }
  let (name, number) = (text(of: host), text(of: port))
  return isIPv4 ? "\(name):\(number)" : "[\(name)]:\(number)"
}

/// The text before the first NUL.
private func text(of characters: [CChar]) -> String {
  String(
    decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
    as: UTF8.self)
}
