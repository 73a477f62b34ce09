// Part of the gate to libc: message queues. System.swift explains why it is sound.
internal import CLinux
internal import Glibc
internal import IPC

extension System {
  // MARK: Queues

  static func makeQueue(_ name: [UInt8], _ flags: CInt, _ mode: mode_t, _ sizes: LinkSizes) -> Int {
    var attributes = mq_attr()
    (attributes.mq_maxmsg, attributes.mq_msgsize) = (sizes.depth, sizes.message)
    return withPath(name) { name in call { unsafe mq_open_new(name, flags, mode, &attributes) } }
  }

  static func openQueue(_ name: [UInt8], _ flags: CInt) -> Int {
    withPath(name) { name in call { unsafe mq_open_existing(name, flags) } }
  }

  static func unlinkQueue(_ name: [UInt8]) -> Int { withPath(name) { name in call { unsafe mq_unlink(name) } } }

  static func sizes(ofQueue queue: CInt, _ sizes: inout LinkSizes) -> Int {
    var attributes = mq_attr()
    let result = call { unsafe mq_getattr(queue, &attributes) }
    sizes = LinkSizes(message: attributes.mq_msgsize, depth: attributes.mq_maxmsg)
    return result
  }
}

/// Room for one message. It is allocated outside of Swift's objects, so an access costs no check of exclusivity; its
/// bounds are checked.
@safe final class Message {
  private var room = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

  deinit { unsafe free(room.baseAddress) }

  /// Allocates room for `size` bytes; the previous contents are lost.
  /// - Throws: ENOMEM.
  func resize(to size: Int) throws(Cause) {
    unsafe free(room.baseAddress)
    let start = unsafe calloc(1, size)
    unsafe room = UnsafeMutableRawBufferPointer(start: start, count: start == nil ? 0 : size)
    if unsafe start == nil { throw Cause(code: ENOMEM) }
  }

  private func check(_ offset: Int, _ count: Int) {
    let size = unsafe room.count
    precondition(offset >= 0 && count >= 0 && count <= size &- offset)
  }

  /// A number at an offset, in the machine's byte order.
  subscript<Number: FixedWidthInteger & BitwiseCopyable>(offset: Int) -> Number {
    get {
      check(offset, MemoryLayout<Number>.size)
      return unsafe room.loadUnaligned(fromByteOffset: offset, as: Number.self)
    }
    set {
      check(offset, MemoryLayout<Number>.size)
      unsafe room.storeBytes(of: newValue, toByteOffset: offset, as: Number.self)
    }
  }

  /// Copies bytes into the message.
  func put(_ bytes: Span<UInt8>, at offset: Int) {
    check(offset, bytes.count)
    if bytes.isEmpty { return }
    unsafe bytes.withUnsafeBytes { source in
      _ = unsafe memcpy(room.baseAddress! + offset, source.baseAddress!, source.count)
    }
  }

  /// Copies bytes of the message to the buffer, after those that it already holds.
  func give(_ range: Range<Int>, to buffer: inout MutableSpan<UInt8>, after held: Int) {
    check(range.lowerBound, range.count)
    precondition(held >= 0 && range.count <= buffer.count - held)
    if range.isEmpty { return }
    unsafe buffer.withUnsafeMutableBytes { target in
      _ = unsafe memcpy(target.baseAddress! + held, room.baseAddress! + range.lowerBound, range.count)
    }
  }

  /// mq_send(3) of the first `length` bytes.
  func send(to queue: CInt, _ length: Int) -> Int {
    check(0, length)
    let first = unsafe room.baseAddress?.assumingMemoryBound(to: CChar.self)
    return System.call { unsafe mq_send(queue, first!, length, 0) }
  }

  /// mq_receive(3); returns the length of the message.
  func receive(from queue: CInt) -> Int {
    let first = unsafe room.baseAddress?.assumingMemoryBound(to: CChar.self)
    return System.call { unsafe mq_receive(queue, first!, room.count, nil) }
  }
}
