import Dispatch
import Glibc
import Subprocess
import Synchronization
import SystemPackage

enum Signal: CInt {
  case hangUp = 1
  case interrupt = 2
  case kill = 9
  case terminate = 15
  case resume = 18
  case suspend = 19
}

/// A process that runs during the body it is passed to.
final class RunningProcess: Sendable {
  let id: ProcessIdentifier
  let output, error: OutputCapture
  private let input: Mutex<FileDescriptor?>
  /// Serializes writes and the close, so that the input is not closed during a write.
  private let inputQueue = DispatchQueue(label: "input")

  init(id: ProcessIdentifier, input: FileDescriptor?, output: OutputCapture, error: OutputCapture) {
    (self.id, self.output, self.error) = (id, output, error)
    self.input = Mutex(input)
  }

  func send(_ signal: Signal) { kill(id.value, signal.rawValue) }

  /// Writes to its input, without waiting. Ignores an error: the process need not read all of it.
  func write(_ bytes: Bytes) {
    inputQueue.async {
      if let descriptor = self.input.withLock({ $0 }) { try? TestSystem.write(descriptor, bytes.array) }
    }
  }

  /// Closes its input after all earlier writes, without waiting.
  func closeInput() {
    inputQueue.async {
      self.input.withLock { descriptor in
        try? descriptor?.close()
        descriptor = nil
      }
    }
  }

  /// Whether the process ends within this time.
  func ends(within milliseconds: CInt) async throws -> Bool {
    try await blocking { self.awaitEnd(within: milliseconds) }
  }

  /// Whether the process ends within this time. Blocks.
  func awaitEnd(within milliseconds: CInt) -> Bool {
    TestSystem.awaitReadable(id.processDescriptor, milliseconds: milliseconds)
  }

  /// Its peak memory in KB.
  func peakMemory() throws -> Int {
    try status("VmHWM").flatMap { Int($0) } ?? .max
  }

  /// Sends SIGSTOP, and returns once the process has stopped or ended. Blocks.
  func suspend() throws {
    send(.suspend)
    while try status("State") != "T", !awaitEnd(within: 1) {}
  }

  /// The first word of a field of /proc/PID/status.
  private func status(_ field: String) throws -> Substring? {
    let status = String(decoding: try TestSystem.contents(of: "/proc/\(id.value)/status"), as: UTF8.self)
    let line = status.split(separator: "\n").first { $0.hasPrefix("\(field):") }
    return line?.split { $0 == " " || $0 == "\t" }.dropFirst().first
  }

  /// The numbers of its open descriptors.
  func descriptors() async throws -> Set<Int> {
    let list = try await Command(path: "ls", ["/proc/\(id.value)/fd"]).run()
    return Set(String(decoding: list.output.array, as: UTF8.self).split(separator: "\n").compactMap { Int($0) })
  }
}
