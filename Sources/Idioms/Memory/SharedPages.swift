import Glibc

/// Memory that all processes share which open its name, such as "/table".
/// It is unmapped at the end of its scope.
@safe struct SharedPages: ~Copyable {
  private let pages: UnsafeMutableRawPointer
  let size: Int

  /// Maps the memory. The first process creates it, filled with zeros. All
  /// pass the same size. Returns nil and sets a negative errno if that
  /// fails.
  init?(_ name: String, size: Int, error: inout CInt) {
    let fd = unsafe shm_open(name, O_RDWR | O_CREAT, 0o600)
    guard fd >= 0 else {
      error = -errno
      return nil
    }
    defer { close(fd) }  // The mapping remains.
    // Memory behind the end of the object would raise SIGBUS.
    guard ftruncate(fd, off_t(size)) == 0 else {
      error = -errno
      return nil
    }
    let access = PROT_READ | PROT_WRITE
    let mapped = unsafe mmap(nil, size, access, MAP_SHARED, fd, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      error = -errno
      return nil
    }
    unsafe pages = mapped
    self.size = size
  }

  deinit { unsafe munmap(pages, size) }

  /// A byte of the memory. Other processes can change it at any time.
  subscript(offset: Int) -> UInt8 {
    get {
      precondition(offset >= 0 && offset < size)
      return unsafe pages.load(fromByteOffset: offset, as: UInt8.self)
    }
    nonmutating set {
      precondition(offset >= 0 && offset < size)
      unsafe (pages + offset).storeBytes(of: newValue, as: UInt8.self)
    }
  }
}
