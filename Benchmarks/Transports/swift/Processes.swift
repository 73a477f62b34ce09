import Glibc

/// Two processes, each on its own core.
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

  /// Starts this program again as the other end; returns the process and its standard output.
  static func start(_ arguments: [String]) -> (child: pid_t, output: CInt) {
    var (child, ends) = (pid_t(), [CInt](repeating: -1, count: 2))
    var list = arguments.map { strdup($0) } + [nil]
    defer { for text in list { free(text) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    guard pipe(&ends) == 0, posix_spawn_file_actions_adddup2(&actions, ends[1], 1) == 0,
      posix_spawn(&child, "/proc/self/exe", &actions, nil, &list, environ) == 0
    else { fail("spawn") }
    close(ends[1])
    return (child, ends[0])
  }

  /// Reads the first line.
  static func line(from output: CInt) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = read(output, &bytes, bytes.count)
    return Array(bytes.prefix(max(0, count - 1)))
  }

  static func end(_ child: pid_t) {
    var status: CInt = 0
    guard waitpid(child, &status, 0) == child, status == 0 else { fail("the other end failed") }
  }

  static func fail(_ what: String) -> Never {
    let line = Array("transports-swift: \(what)\n".utf8)
    write(2, line, line.count)
    exit(1)
  }
}

/// Missing in `import Glibc`.
@_silgen_name("sched_setaffinity")
private func setAffinity(_ process: pid_t, _ size: Int, _ set: UnsafePointer<Int>) -> CInt
