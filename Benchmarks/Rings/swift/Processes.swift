import Glibc
import IPC

/// Two processes, each on its own core, and the memory that they share.
enum Processes {
  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }

  static func pin(_ core: Int) {
    var set = 1 << core
    _ = setAffinity(0, MemoryLayout<Int>.size, &set)
  }

  /// Memory of a descriptor that the other process inherits.
  static func makeMemory(_ size: Int) -> CInt {
    let name = "/diptych-rings-\(getpid())"
    let descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    shm_unlink(name)
    guard descriptor >= 0, ftruncate(descriptor, off_t(size)) == 0 else { fail("memory") }
    _ = fcntl(descriptor, F_SETFD, 0)
    return descriptor
  }

  static func map(_ descriptor: CInt, _ size: Int) -> SharedMemory {
    let flags = MAP_SHARED | 0x8000  // MAP_POPULATE
    guard let base = mmap(nil, size, PROT_READ | PROT_WRITE, flags, descriptor, 0), base != MAP_FAILED else {
      fail("memory")
    }
    return SharedMemory(base, size: size)
  }

  /// Starts this program again as the other side.
  static func start(_ arguments: [String]) -> pid_t {
    var child = pid_t()
    var list = arguments.map { strdup($0) } + [nil]
    defer { for text in list { free(text) } }
    guard posix_spawn(&child, "/proc/self/exe", nil, nil, &list, environ) == 0 else { fail("spawn") }
    return child
  }

  static func end(_ child: pid_t) {
    var status: CInt = 0
    guard waitpid(child, &status, 0) == child, status == 0 else { fail("the other side failed") }
  }

  static func fail(_ what: String) -> Never {
    let line = Array("rings-swift: \(what)\n".utf8)
    write(2, line, line.count)
    exit(1)
  }
}

/// Missing in `import Glibc`.
@_silgen_name("sched_setaffinity")
private func setAffinity(_ process: pid_t, _ size: Int, _ set: UnsafePointer<Int>) -> CInt
