// Shared memory. The rule in TestSystem.swift applies here too.
internal import Glibc
internal import IPC
internal import Synchronization
internal import SystemPackage

/// Shared memory, mapped several times as if by several processes. After each mapping comes a page without access, so that an
/// access beyond the end is detected. The mappings end with the object, so the user of a mapping must keep the object alive.
@safe final class SharedObject: Sendable {
  let size: Int
  private let descriptor: Descriptor
  private let mappings: [SharedMemory]
  private static let page = 4096

  /// - Parameter size: A multiple of the page size.
  init(size: Int, mappings count: Int = 1) throws(Errno) {
    self.size = size
    let file = try Self.make(size: size)
    var mappings: [SharedMemory] = []
    for _ in 0..<count { mappings.append(try Self.map(file, size)) }
    self.mappings = mappings
    descriptor = file
  }

  deinit {
    for mapping in mappings { _ = unsafe munmap(mapping.base, size + Self.page) }
  }

  var memory: SharedMemory { mappings[0] }

  subscript(mapping index: Int) -> SharedMemory { mappings[index] }

  private static func make(size: Int) throws(Errno) -> Descriptor {
    let name = "/diptych-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
    let number = try TestSystem.check { unsafe shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600) }
    let file = Descriptor(owning: CInt(number))
    _ = unsafe shm_unlink(name)
    try TestSystem.check { ftruncate(CInt(number), size) }
    return file
  }

  private static func map(_ file: borrowing Descriptor, _ size: Int) throws(Errno) -> SharedMemory {
    let whole = unsafe mmap(nil, size + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
    guard unsafe whole != MAP_FAILED else { throw Errno(rawValue: errno) }
    let base = unsafe mmap(whole, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file.number, 0)
    guard unsafe base == whole else { throw Errno(rawValue: errno) }
    return unsafe SharedMemory(whole, size: size)
  }
}

extension SharedMemory {
  /// A 32-bit word, accessed atomically.
  subscript(word offset: Int) -> UInt32 {
    get { unsafe atomic(offset).pointee.load(ordering: .relaxed) }
    nonmutating set { unsafe atomic(offset).pointee.store(newValue, ordering: .relaxed) }
  }

  private func atomic(_ offset: Int) -> UnsafePointer<Atomic<UInt32>> {
    precondition(offset >= 0 && offset + 4 <= size && offset.isMultiple(of: 4))
    return unsafe UnsafePointer((base + offset).assumingMemoryBound(to: Atomic<UInt32>.self))
  }

  var bytes: [UInt8] { unsafe [UInt8](UnsafeRawBufferPointer(start: base, count: size)) }

  func fill(_ byte: UInt8) { unsafe base.initializeMemory(as: UInt8.self, repeating: byte, count: size) }

  /// The memory as if only this many bytes were mapped.
  func prefix(_ size: Int) -> SharedMemory { unsafe SharedMemory(base, size: size) }
}
