import Glibc

/// A peer. Its bytes in a file or a pipe are those of the C structure.
struct StoredPeer: Equatable {
  var address: UInt32
  var port: UInt16
  var family: UInt8
  var requests: UInt32

  /// sizeof and offsetof of the C structure, which has a byte of padding.
  static let size = 12
  private static let offsets = (address: 0, port: 4, family: 6, requests: 8)

  /// Stores a peer, of which the padding is zero. Returns how many bytes
  /// there are, or -ENOBUFS.
  func store(in bytes: inout MutableSpan<UInt8>) -> CInt {
    guard bytes.count >= Self.size else { return -ENOBUFS }
    for i in 0..<Self.size { bytes[i] = 0 }
    let at = Self.offsets
    // Each field ends before the size, which was checked.
    unsafe bytes.withUnsafeMutableBytes {
      let start = $0.baseAddress!
      unsafe (start + at.address).storeBytes(of: address, as: UInt32.self)
      unsafe (start + at.port).storeBytes(of: port, as: UInt16.self)
      unsafe (start + at.family).storeBytes(of: family, as: UInt8.self)
      unsafe (start + at.requests).storeBytes(of: requests, as: UInt32.self)
    }
    return CInt(Self.size)
  }

  /// Loads the field `requests` of a stored peer. Returns nil if the peer
  /// is not complete.
  static func requests(of bytes: Span<UInt8>) -> UInt32? {
    guard bytes.count >= size else { return nil }
    let at = offsets.requests
    return unsafe bytes.withUnsafeBytes {
      unsafe $0.loadUnaligned(fromByteOffset: at, as: UInt32.self)
    }
  }
}
