internal import SystemPackage

/// Records the calls of a run: strace(1) runs beside each start of the program.
final class CallRecorder {
  let isEnabled: Bool
  private(set) var tracers: [Strace] = []

  init(isEnabled: Bool) { self.isEnabled = isEnabled }

  /// A command to start, with its environment.
  struct Command {
    var path: String
    var words: [String]
    var environment: [String]
  }

  /// Puts strace in front of a command, if calls are recorded. Only the program gets the entries of `own`.
  func wrap(_ command: Command, own: [String]) throws(Errno) -> Command {
    guard isEnabled else {
      return Command(path: command.path, words: command.words, environment: command.environment + own)
    }
    guard let strace = Strace.path else { throw .noSuchFileOrDirectory }
    let tracer = try Strace()
    tracers.append(tracer)
    // strace runs in the program's folder, from which a relative path would lead elsewhere.
    let program = command.words[0].contains("/") ? command.path : command.words[0]
    return Command(
      path: strace, words: tracer.words(own) + [program] + command.words.dropFirst(),
      environment: command.environment + [tracer.mark])
  }

  /// Whether a process is the fork of the program that is about to become strace. `program` is the program itself.
  func isTracer(_ process: CInt, of program: CInt?) -> Bool {
    process != program && tracers.contains { ProcFS.hasEnvironment(process, $0.mark) }
  }

  /// Where the kernel's files are, which a program does not leave.
  private static let devices = ["/dev", "/proc", "/sys"]

  /// Ignores the calls of the last start, which failed because its port was taken.
  func forget() { tracers.last?.forget() }

  /// Whether strace has reported all calls of all starts.
  var isComplete: Bool { tracers.allSatisfy { $0.descriptor < 0 || !$0.hasBegun } }

  /// Adds the calls to a transcript, or the reason why they can't be compared. Every process has ended.
  func collect(_ setting: CallSetting, _ names: RunNames, into transcript: inout Transcript) {
    Strace.reap()
    if tracers.contains(where: \.isCut) {
      transcript.callTrouble = "the log of strace is larger than \(Limits.calls >> 20) MiB"
      return
    }
    let log = StraceLog(tracers.flatMap(\.log))
    if log.hasRings { transcript.callTrouble = "strace does not see calls made through io_uring" }
    transcript.calls = CallsByDescriptor(log, setting).observations
    transcript.cost.calls = log.count
    transcript.writtenOutside = log.written.filter { path in
      !([setting.folder] + Self.devices).contains { path == $0 || path.hasPrefix($0 + "/") }
    }.map(names.masked).sorted()
  }
}
