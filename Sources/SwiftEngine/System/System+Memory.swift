// The gate's part for memory that another process writes too: its words, its bytes, and futex(2). What is said in
// System.swift holds here; and the memory is mapped, as `SharedMemory` says, and every offset lies within its size, as
// whoever makes a `Word` or copies sees to, from nothing but private numbers.
internal import CLinux
internal import Glibc
internal import IPC
internal import Synchronization

/// A 32-bit word of the memory, atomic. `Atomic` has the layout of its value and stands where it is written, in the memory
/// itself; it is never initialized there, as every value is one of a UInt32.
@safe struct Word {
  private let word: UnsafePointer<Atomic<UInt32>>

  @inline(__always)
  init(_ memory: SharedMemory, at offset: Int) {
    unsafe word = UnsafePointer((memory.base + offset).assumingMemoryBound(to: Atomic<UInt32>.self))
  }

  /// Reads a word of the other side's. Acquire: who sees a count of bytes written also sees the bytes, which were copied
  /// before it was published; who sees a count of bytes read, or an end, comes after the reading of those bytes, and may
  /// write over them. The value may be anything: check it, and do not read it again.
  @inline(__always)
  func load() -> UInt32 { unsafe word.pointee.load(ordering: .acquiring) }

  /// Writes a word of one's own. Release: the counterpart of `load`. Relaxed would let the count be seen before the bytes;
  /// sequentially consistent is not needed, as `see` follows.
  @inline(__always)
  func publish(_ value: UInt32) { unsafe word.pointee.store(value, ordering: .releasing) }

  // No wake-up is lost. Who sleeps: changes the bell (`set`), then looks at the counts. Who publishes: publishes, then
  // changes the same bell (`see`; by nothing, but it is a change). Changes of one word come one after the other. If the
  // sleeper's comes first, the publisher sees its bit, clears it and wakes: it finds the sleeper in the kernel; or not yet
  // there, and then the kernel finds the bell changed, and does not let it sleep. If the publisher's comes first, the
  // sleeper's change reads from it: acquire meets release, and the look that follows sees what was published. On x86-64 a
  // change by nothing is a fence and a load: the line of the bell stays in both caches.

  /// Whether the other side sleeps until that event. Acquire and release: see above.
  @inline(__always)
  func see(_ event: UInt32) -> Bool {
    unsafe word.pointee.bitwiseOr(0, ordering: .acquiringAndReleasing).oldValue & event != 0
  }

  /// Sets bits, and tells what the bell was. Acquire and release: see above.
  func set(_ bits: UInt32) -> UInt32 {
    unsafe word.pointee.bitwiseOr(bits, ordering: .acquiringAndReleasing).oldValue
  }

  /// Clears bits, and tells what the bell was. Acquire and release: as `set`, whose order among the changes of the bell it
  /// must not break.
  @discardableResult
  func clear(_ bits: UInt32) -> UInt32 {
    unsafe word.pointee.bitwiseAnd(~bits, ordering: .acquiringAndReleasing).oldValue
  }

  // MARK: futex(2)

  /// Sleeps while the word has that value, at most for the time; a signal ends it, as the caller looks then. Without
  /// FUTEX_PRIVATE_FLAG, as the waker is another process.
  func doze(while value: UInt32, _ bits: UInt32, milliseconds: CInt) -> Int {
    var end = timespec()  // a bit set's time is a moment
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &end)
    end.tv_sec += Int(milliseconds / 1000)
    end.tv_nsec += Int(milliseconds % 1000) * 1_000_000
    if end.tv_nsec >= 1_000_000_000 {
      end.tv_nsec -= 1_000_000_000
      end.tv_sec += 1
    }
    let result =
      milliseconds < 0
      ? System.once { unsafe CInt(linux_futex(word, FUTEX_WAIT_BITSET, value, nil, bits)) }
      : System.once { unsafe CInt(linux_futex(word, FUTEX_WAIT_BITSET, value, &end, bits)) }
    return result == -Int(EAGAIN) || result == -Int(EINTR) ? 0 : result
  }

  /// Wakes all who sleep with one of the bits.
  func wake(_ bits: UInt32) {
    _ = unsafe linux_futex(word, FUTEX_WAKE_BITSET, UInt32(CInt.max), nil, bits)
  }
}

/// An object that is mapped as long as this lives: whoever reads or writes the rings in it holds it.
@safe final class Mapping: Sendable {
  /// Behind the lobby.
  let rings: SharedMemory
  private let size: Int

  /// The negated errno where it can't be mapped.
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

  /// Gives a file that size, and all of it its place. posix_fallocate(3) returns its error.
  static func allocate(_ descriptor: CInt, _ size: Int) -> Int {
    while true {
      let error = posix_fallocate(descriptor, 0, off_t(size))
      if error != EINTR { return -Int(error) }
    }
  }

  // MARK: Words and bytes

  /// The processor's hint that a loop only waits.
  @inline(__always)
  static func relax() { linux_relax() }

  /// Processors that this thread may run on.
  static func processors() -> Int {
    var set = cpu_set_t()
    guard unsafe sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else { return 1 }
    return unsafe withUnsafeBytes(of: &set) { unsafe $0.reduce(0) { $0 + $1.nonzeroBitCount } }
  }

  /// Fills the head of the memory with zeros, but for what it starts with.
  static func write(_ header: RingHeader, to memory: SharedMemory) {
    unsafe memory.base.initializeMemory(as: UInt8.self, repeating: 0, count: RingLayout.end)
    unsafe memory.base.storeBytes(of: header, as: RingHeader.self)
  }

  static func header(of memory: SharedMemory) -> RingHeader { unsafe memory.base.load(as: RingHeader.self) }

  /// Copies out of the memory; another process may write there meanwhile, and then the bytes are any.
  @inline(__always)
  static func copy(
    _ memory: SharedMemory, from offset: Int, to buffer: inout MutableSpan<UInt8>, after held: Int, _ pieces: Pieces
  ) {
    unsafe buffer.withUnsafeMutableBytes { bytes in
      let target = unsafe bytes.baseAddress! + held
      unsafe memcpy(target, memory.base + offset + pieces.start, pieces.first)
      if pieces.rest > 0 { unsafe memcpy(target + pieces.first, memory.base + offset, pieces.rest) }
    }
  }

  /// Copies into the memory.
  @inline(__always)
  static func copy(_ bytes: Span<UInt8>, to memory: SharedMemory, at offset: Int, _ pieces: Pieces) {
    unsafe bytes.withUnsafeBytes { bytes in
      let source = bytes.baseAddress!
      unsafe memcpy(memory.base + offset + pieces.start, source, pieces.first)
      if pieces.rest > 0 { unsafe memcpy(memory.base + offset, source + pieces.first, pieces.rest) }
    }
  }
}

/// One side's hold on its rings, where it has any, for an object to keep. What a class holds is checked at each use not to
/// be in use already, which costs about as much as the use. Here it is sound without: an end is one thread's at a time, and
/// no use of a ring comes back to it.
@safe final class HeldRing {
  @exclusivity(unchecked) private var ring: Ring?

  private(set) var isHeld = false

  func hold(_ extra: consuming Ring) {
    unsafe ring = consume extra
    isHeld = true
  }

  func drop() {
    unsafe ring = nil
    isHeld = false
  }

  /// Errors: ENOTCONN, where there is none; so for `send`.
  func receive(into buffer: inout MutableSpan<UInt8>, after held: Int) -> Int {
    unsafe ring?.receive(into: &buffer, after: held) ?? -Int(ENOTCONN)
  }

  func send(_ bytes: Span<UInt8>) -> Int { unsafe ring?.send(bytes) ?? -Int(ENOTCONN) }

  func ready(for events: Readiness) -> Readiness { unsafe ring?.ready(for: events) ?? [] }

  func spin(for events: Readiness) -> Readiness { unsafe ring?.spin(for: events) ?? [] }

  func sleep(for events: Readiness, milliseconds: CInt) -> Int {
    unsafe ring?.sleep(for: events, milliseconds: milliseconds) ?? -Int(ENOTCONN)
  }

  func halfClose() { unsafe ring?.halfClose() }

  func close() { unsafe ring?.close() }
}
