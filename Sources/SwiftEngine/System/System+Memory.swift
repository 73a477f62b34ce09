// The part of the gate for memory that another process writes, too: words, bytes and futex(2). The `unsafe` code is
// sound for the reasons in System.swift, and because the memory is mapped (see `SharedMemory`) and every offset is
// within its size: callers compute the offsets of a `Word` and of a copy from private numbers only.
internal import CLinux
internal import Glibc
internal import IPC
internal import Synchronization

/// A 32-bit word of the memory, atomic. `Atomic` has the layout of its value, and is used where the word is; nothing
/// initializes it there, as every bit pattern is a UInt32. Futex.swift has how threads wait on one.
@safe struct Word {
  fileprivate let word: UnsafePointer<Atomic<UInt32>>

  @inline(__always)
  init(_ memory: SharedMemory, at offset: Int) {
    unsafe word = UnsafePointer((memory.base + offset).assumingMemoryBound(to: Atomic<UInt32>.self))
  }

  /// Reads a word that the other side writes. Acquire: after a count of bytes written, this side also sees those bytes,
  /// because the peer copied them before it published the count; after a count of bytes read, or an end, it may write
  /// over them. The value can be anything: check it, and do not read it again.
  @inline(__always)
  func load() -> UInt32 { unsafe word.pointee.load(ordering: .acquiring) }

  /// Writes a word that only this side writes. Release: the counterpart of `load`. With a relaxed store the peer could
  /// see the count before the bytes. Sequential consistency is not needed, because `notify` follows.
  @inline(__always)
  func publish(_ value: UInt32) { unsafe word.pointee.store(value, ordering: .releasing) }

  // Why no wake-up is lost. A word of waiters has bits: each says that a thread sleeps until that event. The sleeper
  // sets its bit (`add`), then reads the counts. The publisher writes a count, then modifies the same word
  // (`addNothing`; it adds 0, but that is a modification). The modifications of one word have a total order.
  //
  // If the sleeper's is first, the publisher sees the bit, clears it and wakes the sleeper, which is in the kernel; or
  // is on its way there, and then the kernel finds that the word has changed, and does not let it sleep. If the
  // publisher's is first, the sleeper's modification reads from it: acquire meets release, and the sleeper then sees
  // the new count.
  //
  // On x86-64 adding 0 compiles to a fence and a load, so the cache line stays shared.

  /// Returns the value. Acquire and release: see above.
  @inline(__always)
  func addNothing() -> UInt32 { unsafe word.pointee.bitwiseOr(0, ordering: .acquiringAndReleasing).oldValue }

  /// Sets bits. Returns the former value. Acquire and release: see above.
  @discardableResult
  func add(_ bits: UInt32) -> UInt32 {
    unsafe word.pointee.bitwiseOr(bits, ordering: .acquiringAndReleasing).oldValue
  }

  /// Clears bits. Returns the former value. Acquire and release, to keep the total order that `add` needs.
  @discardableResult
  func remove(_ bits: UInt32) -> UInt32 {
    unsafe word.pointee.bitwiseAnd(~bits, ordering: .acquiringAndReleasing).oldValue
  }
}

/// A mapped object. It is unmapped when the last user of its rings has released it.
@safe final class Mapping: Sendable {
  /// The memory behind the rendezvous.
  let rings: SharedMemory
  private let size: Int

  /// Maps the object; returns 0, or the negated errno.
  static func make(_ descriptor: CInt, size: Int, head: Int, _ mapping: inout Mapping?) -> Int {
    let base = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let base = unsafe base, unsafe base != MAP_FAILED else { return -Int(errno) }
    mapping = unsafe Mapping(SharedMemory(base + head, size: size - head), size: size)
    return 0
  }

  private init(_ rings: SharedMemory, size: Int) { (self.rings, self.size) = (rings, size) }

  deinit { _ = unsafe munmap(rings.base - (size - rings.size), size) }
}

extension System {
  // MARK: Objects

  static func openObject(_ name: [UInt8], _ flags: CInt, _ mode: mode_t) -> Int {
    withPath(name) { name in call { unsafe shm_open(name, flags, mode) } }
  }

  static func unlinkObject(_ name: [UInt8]) -> Int { withPath(name) { name in call { unsafe shm_unlink(name) } } }

  /// Allocates the whole size of a file. posix_fallocate(3) returns its error instead of setting errno, and writes
  /// zeros on a file system without fallocate(2), such as ramfs.
  static func allocate(_ descriptor: CInt, _ size: Int) -> Int {
    while true {
      let error = posix_fallocate(descriptor, 0, off_t(size))
      if error != EINTR { return -Int(error) }
    }
  }

  // MARK: Words and bytes

  /// Calls futex(2) without FUTEX_PRIVATE_FLAG, because the other threads belong to another process. A signal ends a
  /// wait.
  static func futex(_ word: Word, _ operation: CInt, _ value: UInt32, until end: timespec?, _ bits: UInt32) -> Int {
    guard var end else { return once { unsafe CInt(linux_futex(word.word, operation, value, nil, bits)) } }
    return once { unsafe CInt(linux_futex(word.word, operation, value, &end, bits)) }
  }

  /// The point in time on the monotonic clock.
  static func monotonicTime() -> timespec {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time
  }

  /// Pauses for some cycles: the other thread of this processor's core gets them, and a loop that polls memory ends
  /// without a pipeline flush.
  @inline(__always)
  static func relax() { linux_relax() }

  /// The number of processors on which this thread may run.
  static func processors() -> Int {
    var set = cpu_set_t()
    guard unsafe sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else { return 1 }
    return unsafe withUnsafeBytes(of: &set) { unsafe $0.reduce(0) { $0 + $1.nonzeroBitCount } }
  }

  /// Writes the header, and zeros the rest of the words.
  static func write(_ header: RingHeader, to memory: SharedMemory) {
    unsafe memory.base.initializeMemory(as: UInt8.self, repeating: 0, count: RingLayout.end)
    unsafe memory.base.storeBytes(of: header, as: RingHeader.self)
  }

  static func header(of memory: SharedMemory) -> RingHeader { unsafe memory.base.load(as: RingHeader.self) }

  /// Copies out of the memory. Another process may write there meanwhile; then the bytes are arbitrary.
  @inline(__always)
  static func copy(
    _ memory: SharedMemory, from offset: Int, to buffer: inout MutableSpan<UInt8>, after count: Int,
    _ pieces: RingPieces
  ) {
    unsafe buffer.withUnsafeMutableBytes { bytes in
      let target = unsafe bytes.baseAddress! + count
      unsafe memcpy(target, memory.base + offset + pieces.start, pieces.first)
      if pieces.rest > 0 { unsafe memcpy(target + pieces.first, memory.base + offset, pieces.rest) }
    }
  }

  /// Copies into the memory.
  @inline(__always)
  static func copy(_ bytes: Span<UInt8>, to memory: SharedMemory, at offset: Int, _ pieces: RingPieces) {
    unsafe bytes.withUnsafeBytes { bytes in
      let source = bytes.baseAddress!
      unsafe memcpy(memory.base + offset + pieces.start, source, pieces.first)
      if pieces.rest > 0 { unsafe memcpy(memory.base + offset, source + pieces.first, pieces.rest) }
    }
  }
}

/// A place for an open ring, in an object. Swift checks each access to a property of a class for exclusivity, which
/// costs about as much as the access itself. It is sound without the check: one thread at a time uses an end of a link,
/// and no function of a ring calls back into the end.
@safe final class RingSlot {
  @exclusivity(unchecked) private var ring: Ring?

  func open(_ ring: consuming Ring) { unsafe self.ring = consume ring }

  func drop() { unsafe ring = nil }

  /// Returns ENOTCONN, negated, if there is no ring; so do `send` and `sleep`.
  @inline(__always)
  func receive(into buffer: inout MutableSpan<UInt8>, after count: Int) -> Int {
    unsafe ring?.receive(into: &buffer, after: count) ?? -Int(ENOTCONN)
  }

  @inline(__always)
  func send(_ bytes: Span<UInt8>) -> Int { unsafe ring?.send(bytes) ?? -Int(ENOTCONN) }

  func ready(for events: Readiness) -> Readiness { unsafe ring?.ready(for: events) ?? [] }

  func spin(for events: Readiness) -> Readiness { unsafe ring?.spin(for: events) ?? [] }

  func sleep(for events: Readiness, milliseconds: CInt) -> Int {
    unsafe ring?.sleep(for: events, milliseconds: milliseconds) ?? -Int(ENOTCONN)
  }

  func halfClose() { unsafe ring?.halfClose() }

  func close() { unsafe ring?.close() }

  func reset() { unsafe ring?.reset() }
}
