import Glibc

/// Makes an address from "192.0.2.1" or "2001:db8::1" and a port. Returns
/// nil if the text is no address.
func parseAddress(_ text: String, port: UInt16) -> sockaddr_storage? {
  // inet_pton(3) would see only the text before a NUL.
  guard !text.utf8.contains(0) else { return nil }
  var v4 = sockaddr_in()
  if unsafe inet_pton(AF_INET, text, &v4.sin_addr) == 1 {
    v4.sin_family = sa_family_t(AF_INET)
    v4.sin_port = port.bigEndian
    return storage(of: v4)
  }
  var v6 = sockaddr_in6()
  if unsafe inet_pton(AF_INET6, text, &v6.sin6_addr) == 1 {
    v6.sin6_family = sa_family_t(AF_INET6)
    v6.sin6_port = port.bigEndian
    return storage(of: v6)
  }
  return nil
}

/// Copies an address into the structure that has room for any. It can't
/// demand BitwiseCopyable: sockaddr_in6 contains a union, and does not
/// conform.
private func storage<Address>(of address: Address) -> sockaddr_storage {
  var storage = sockaddr_storage()
  unsafe withUnsafeMutableBytes(of: &storage) { storage in
    unsafe withUnsafeBytes(of: address) {
      unsafe storage.copyMemory(from: $0)
    }
  }
  return storage
}
