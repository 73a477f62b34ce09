internal import Glibc
internal import SystemPackage

/// The start and the end of the program in a run.
final class ProgramLifecycle {
  private let processes: ProgramProcesses
  private let peers: PeerTable
  private let loop: RunLoop
  private let role: Role
  /// What a server prints when it is ready; nil: it listens at its port or path.
  private let readyText: String?

  init(_ processes: ProgramProcesses, _ peers: PeerTable, _ loop: RunLoop, role: Role, readyText: String?) {
    (self.processes, self.peers, self.loop, self.role, self.readyText) = (processes, peers, loop, role, readyText)
  }

  private var names: RunNames { RunNames(processes.sandbox, peers) }

  /// Starts the program, and waits until a server is ready; returns what it has then, or nil if it is not ready and
  /// need not be. A server whose port was taken meanwhile gets another one.
  func start(_ plan: ExecutionPlan) throws(RunStop) -> Leftovers? {
    let isFirst = processes.current == nil
    for attempt in 1... {
      do throws(Errno) { try launch(hasInput: plan.hasInput) } catch {
        throw .didNotStart("\(processes.program.words[0]): \(error)")
      }
      guard role.listens else { return nil }
      var isReady = false
      let outcome = loop.waitForStart {
        isReady = self.isReady
        // A daemon goes on in another process.
        return isReady || (processes.current?.hasEnded ?? true && processes.identifiers().isEmpty)
      }
      if isReady {
        // Its parent may wait for a message of the daemon.
        if !processes.holdsListener { loop.settle() }
        processes.noteDaemon()
        loop.settle()
        return Leftovers(ready: processes, names)
      }
      guard isFirst, !plan.occupies else { return nil }
      let readiness = readyText.map { "printed \(quoted($0))" } ?? "listened"
      guard outcome == .met else { throw .didNotStart("it has not \(readiness), and waits for something") }
      guard attempt < Limits.ports, isPortTaken else { throw .didNotStart(reason(readiness)) }
      do throws(Errno) { try processes.sandbox.changePort() } catch { throw .didNotStart("no free port: \(error)") }
      processes.forget()
    }
    return nil
  }

  /// Starts the program once. A process of an earlier start is killed first.
  func launch(hasInput: Bool) throws(Errno) {
    if processes.current != nil { end() }
    try processes.launch(hasInput: hasInput)
  }

  private var isPortTaken: Bool {
    processes.program.transport == .tcp && ProcFS.listens(onPort: processes.sandbox.port, where: { _ in true })
  }

  /// The reason why a server was never ready, with the end of its standard error.
  private func reason(_ readiness: String) -> String {
    let ended = "it ended before it \(readiness) (\(processes.current?.exit.description ?? ""))"
    let hint = processes.relativePath.map { "; \($0) is relative to {dir}, the run's folder" } ?? ""
    guard let error = processes.current?.error.suffix(Limits.quotedError), !error.isEmpty else { return ended + hint }
    return ended + hint + ": " + visible(Array(names.masked(String(decoding: error, as: UTF8.self)).utf8)[...])
  }

  private var isReady: Bool {
    guard let readyText = readyText?.utf8 else { return isListening }
    return [processes.current?.output, processes.current?.error].contains { $0?.firstRange(of: readyText) != nil }
  }

  /// Whether a process of the program, and not another one, listens at its port or path.
  private var isListening: Bool {
    processes.listens(Set(processes.identifiers().flatMap(ProcFS.descriptors)))
  }

  /// Kills every process of the program, and reaps them. An orphan is gone only when its parent has been notified.
  func end() {
    let clock = ContinuousClock()
    let deadline = clock.now + Limits.reaping
    while clock.now < deadline {
      if let process = processes.current, !process.hasEnded { System.send(SIGKILL, toGroup: process.identifier) }
      let left = processes.identifiers()
      if left.isEmpty { return }
      for identifier in left { System.send(SIGKILL, to: identifier) }
      _ = loop.wait(for: .milliseconds(Limits.snapshotInterval)) { processes.current?.hasEnded ?? true }
    }
  }
}

/// Why a scenario was not played to its end.
enum RunStop: Error {
  case didNotStart(String)
  case late
  case searchedTooLong
  case hung(String)
  /// The time of the whole comparison was over.
  case unfinished
}
