/// The log of strace(1) for a program and its descendants, in the order in which calls ended.
struct StraceLog {
  /// The calls that can concern a socket, a standard stream or a new process.
  private(set) var calls: [Call] = []
  /// The number of all calls.
  private(set) var count = 0
  /// Whether the program uses io_uring, whose operations are not system calls and so are invisible to strace.
  private(set) var hasRings = false
  /// The files that were opened to write.
  private(set) var written: Set<String> = []
  /// The first thread of those that share a descriptor table, by thread.
  private var tables: [Int: Int] = [:]

  init(_ log: [UInt8]) {
    // A call that another thread's line interrupts is logged in two parts.
    var begun: [Int: [UInt8]] = [:]
    for line in log.split(separator: 10) {
      let digits = line.prefix { $0 >= 0x30 && $0 <= 0x39 }
      let text = line[digits.endIndex...].drop { $0 == UInt8(ascii: " ") }
      guard let thread = Int(String(decoding: digits, as: UTF8.self)), let first = text.first else { continue }
      if first == UInt8(ascii: "<") {
        guard let start = begun.removeValue(forKey: thread), let end = text.firstIndex(of: UInt8(ascii: ">")) else {
          continue
        }
        note(thread, (start + text[(end + 1)...])[...])
      } else if Self.isName(text) {
        count += 1
        if text.hasSuffix(Self.unfinished) {
          begun[thread] = Array(text.dropLast(Self.unfinished.count))
        } else {
          note(thread, text)
        }
      }
    }
  }

  /// Identifies a process by the first of the threads that share its descriptors.
  func table(of thread: Int) -> Int {
    var thread = thread
    while let parent = tables[thread] { thread = parent }
    return thread
  }

  private mutating func note(_ thread: Int, _ text: ArraySlice<UInt8>) {
    let name = String(decoding: text.prefix { $0 != UInt8(ascii: "(") }, as: UTF8.self)
    if name == "io_uring_enter" { hasRings = true }
    if name == "open" || name == "openat" || name == "creat" { noteWritten(Call(thread: thread, text), name) }
    let isBirth = Self.births.contains(name)
    guard isBirth || Self.names.contains(name), let call = Call(thread: thread, text) else { return }
    if isBirth {
      guard let child = call.result, child != thread else { return }
      if call.arguments.contains(where: { $0.contains("CLONE_FILES") }) { tables[child] = thread }
    } else {
      calls.append(call)
    }
  }

  private mutating func noteWritten(_ call: Call?, _ name: String) {
    let modes = ["O_WRONLY", "O_RDWR"]
    guard let call, let path = call.opened?.target, path.hasPrefix("/") else { return }
    if name == "creat" || call.arguments.contains(where: { argument in modes.contains { argument.contains($0) } }) {
      written.insert(path)
    }
  }

  private static let unfinished = Array(" <unfinished ...>".utf8)

  /// Matches a name and a parenthesis: not a signal, an exit or a message of strace.
  private static func isName(_ text: ArraySlice<UInt8>) -> Bool {
    let rest = text.drop { ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: "_") }
    return rest.first == UInt8(ascii: "(") && rest.startIndex > text.startIndex
  }

  private static let births: Set<String> = ["clone", "clone3", "fork", "vfork"]
  private static let names: Set<String> = Set([
    "socket", "bind", "listen", "accept", "accept4", "connect", "shutdown", "close", "setsockopt", "getsockopt",
    "getsockname", "getpeername", "fcntl", "ioctl", "dup", "dup2", "dup3", "splice", "sendfile",
  ]).union(NormalizedCall.readers).union(NormalizedCall.writers)
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ suffix: [UInt8]) -> Bool {
    count >= suffix.count && self.suffix(suffix.count) == suffix[...]
  }
}
