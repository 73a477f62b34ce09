// Part of the gate to libc: memory whose size peers decide. Swift aborts the program when an allocation in its heap
// fails, so this memory is mapped in pages of its own, and clients that use up all memory do not use up the heap. The
// `unsafe` code is sound for the reasons in System.swift, and because every access is checked against the size of the
// pages.
internal import CLinux
internal import Glibc
internal import IPC

/// Whole pages.
@safe struct Pages: ~Copyable {
  private static let unit = 4096

  fileprivate private(set) var base: UnsafeMutableRawPointer?
  private(set) var size = 0

  init() { unsafe base = nil }

  deinit { if let base = unsafe base { unsafe munmap(base, size) } }

  /// Maps more pages and moves the contents there, or maps the first ones.
  /// - Throws: ENOMEM; the pages are then as before.
  mutating func grow(to wanted: Int) throws(Cause) {
    let wanted = (wanted + Self.unit - 1) / Self.unit * Self.unit
    let grown =
      unsafe base == nil
      ? mmap(nil, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      : linux_mremap(base!, size, wanted)
    guard unsafe grown != MAP_FAILED else { throw Cause(code: errno) }
    unsafe base = grown
    size = wanted
  }
}

/// Bytes of one client.
@safe struct Bytes: ~Copyable {
  private var pages = Pages()
  private(set) var count = 0

  init() {}

  /// Zeros.
  /// - Throws: ENOMEM.
  init(count: Int) throws(Cause) {
    try pages.grow(to: count)
    self.count = count
  }

  var isEmpty: Bool { count == 0 }

  /// Whether there are pages, even if they hold no bytes.
  var hasPages: Bool { pages.size > 0 }

  /// Replaces the bytes with a text and, after it, some of others.
  /// - Throws: ENOMEM; the bytes are then as before.
  mutating func replace(with others: borrowing Bytes, _ range: Range<Int>, after text: [UInt8]) throws(Cause) {
    precondition(range.lowerBound >= 0 && range.upperBound <= others.count)
    let total = text.count + range.count
    if total > pages.size { try pages.grow(to: total) }
    count = total
    guard let base = unsafe pages.base, let source = unsafe others.pages.base else { return }
    if !text.isEmpty { unsafe base.copyMemory(from: text, byteCount: text.count) }
    unsafe (base + text.count).copyMemory(from: source + range.lowerBound, byteCount: range.count)
  }

  func array(first length: Int) -> [UInt8] {
    withSpan { span in (0..<length).map { span[$0] } }
  }

  mutating func removeFirst(_ sent: Int) {
    precondition(sent >= 0 && sent <= count)
    if let base = unsafe pages.base { unsafe base.copyMemory(from: base + sent, byteCount: count - sent) }
    count -= sent
  }

  /// Copies the bytes to the start of others.
  func copy(to others: inout Bytes) {
    precondition(count <= others.count)
    guard let base = unsafe pages.base, let target = unsafe others.pages.base else { return }
    unsafe target.copyMemory(from: base, byteCount: count)
  }

  @inline(__always)
  func withSpan<Result, E: Error>(_ body: (Span<UInt8>) throws(E) -> Result) throws(E) -> Result {
    let start = unsafe pages.base?.assumingMemoryBound(to: UInt8.self)
    return try unsafe body(Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count)))
  }

  /// Also passes the bytes of an output, to change them.
  @inline(__always)
  func withSpan<Result>(
    and output: inout Bytes, _ body: (Span<UInt8>, inout MutableSpan<UInt8>) -> Result
  ) -> Result {
    let start = unsafe pages.base?.assumingMemoryBound(to: UInt8.self)
    let count = count
    return output.withMutableSpan {
      unsafe body(Span(_unsafeElements: UnsafeBufferPointer(start: start, count: count)), &$0)
    }
  }

  @inline(__always)
  mutating func withMutableSpan<Result>(_ body: (inout MutableSpan<UInt8>) -> Result) -> Result {
    let start = unsafe pages.base?.assumingMemoryBound(to: UInt8.self)
    var span = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(start: start, count: count))
    return body(&span)
  }
}

/// An array in pages of its own. Growing moves the elements, which any Swift value allows that holds no lock or atomic.
@safe struct Slots<Element: ~Copyable>: ~Copyable {
  private var pages = Pages()
  private(set) var count = 0

  init() {}

  deinit { for index in 0..<count { unsafe (first + index).deinitialize(count: 1) } }

  @inline(__always)
  private var first: UnsafeMutablePointer<Element> { unsafe pages.base!.assumingMemoryBound(to: Element.self) }

  @inline(__always)
  private func pointer(_ index: Int) -> UnsafeMutablePointer<Element> {
    precondition(index >= 0 && index < count)
    return unsafe first + index
  }

  subscript(_ index: Int) -> Element {
    @inline(__always) _read { yield unsafe pointer(index).pointee }
    @inline(__always) _modify { yield unsafe &pointer(index).pointee }
  }

  /// - Throws: ENOMEM; the elements are then as before.
  mutating func append(_ element: consuming Element) throws(Cause) {
    let needed = (count + 1) * MemoryLayout<Element>.stride
    if needed > pages.size { try pages.grow(to: max(needed, 2 * pages.size)) }
    unsafe (first + count).initialize(to: element)
    count += 1
  }
}

extension Slots where Element: BitwiseCopyable {
  /// - Throws: ENOMEM.
  init(repeating element: Element, count: Int) throws(Cause) {
    self.init()
    try pages.grow(to: count * MemoryLayout<Element>.stride)
    unsafe first.initialize(repeating: element, count: count)
    self.count = count
  }
}

extension System {
  /// Bytes of the heap that a server leaves free for what it, its observer, and the rest of the program allocate for a
  /// moment.
  private static let heapReserve = 96 * 1024

  /// Makes the heap of the calling thread grow, if it has less than the reserve and `more` bytes. Returns ENOMEM,
  /// negated, if that is not possible.
  static func reserveHeap(_ more: Int = 0) -> Int {
    var reserve: UnsafeMutableRawPointer?  // compilers omit a malloc(3) that nothing uses
    let error = unsafe posix_memalign(&reserve, MemoryLayout<UInt64>.alignment * 2, heapReserve + more)
    if error == 0 { unsafe free(reserve) }
    return -Int(error)
  }

  /// Makes all threads use one heap: a thread without room for a heap of its own would not use the reserve of the first
  /// one.
  static func shareHeap() { _ = mallopt(M_ARENA_MAX, 1) }

  /// Moves bytes of a buffer to its start.
  static func moveToStart(_ buffer: inout MutableSpan<UInt8>, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count)
    unsafe buffer.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      unsafe base.copyMemory(from: base + range.lowerBound, byteCount: range.count)
    }
  }
}
