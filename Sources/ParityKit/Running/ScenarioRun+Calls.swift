internal import SystemPackage

extension ScenarioRun {
  /// What the program is started with: itself, or strace with it.
  func prepare(_ path: String, _ words: [String], _ own: [String]) throws(Errno) -> (
    path: String, words: [String], environment: [String]
  ) {
    let inherited = System.environment().filter { entry in
      let name = String(entry.prefix { $0 != "=" })
      return program.environment[name] == nil && name != "PARITY_RUN"
    }
    guard isTraced else { return (path, words, inherited + own) }
    guard let strace = Strace.path else { throw .noSuchFileOrDirectory }
    let tracer = try Strace()
    tracers.append(tracer)
    // A path from the folder where we are would lead elsewhere from the program's.
    let command = [words[0].contains("/") ? path : words[0]] + words.dropFirst()
    return (strace, tracer.words(own) + command, inherited + [tracer.mark])
  }

  /// strace as the program's child, before it has become its tracer.
  func isTracer(_ process: CInt) -> Bool {
    guard let tracer = tracers.last, process != self.process?.identifier else { return false }
    return ProcFS.hasEnvironment(process, tracer.mark)
  }

  /// What strace has told, once all that it traces have ended.
  func collectCalls(_ transcript: inout Transcript) {
    guard isTraced else { return }
    _ = wait(for: Limits.reaping) { tracers.allSatisfy { $0.descriptor < 0 || !$0.hasBegun } }
    Strace.reap()
    if tracers.contains(where: \.isCut) {
      transcript.callTrouble = "more calls than \(Limits.calls >> 20) MiB of strace's log tell of"
      return
    }
    let log = StraceLog(tracers.flatMap(\.log))
    if log.hasRings { transcript.callTrouble = "strace does not see what passes through io_uring" }
    let connected = connections.filter { $0.record.events.first == .connected }.map(\.record.name)
    let setting = CallSetting(
      host: place.host, port: place.port, socket: place.socket,
      standards: (earlier + [process].compactMap(\.self)).map(\.standards), connections: connected, labels: labels)
    transcript.calls = CallsByDescriptor(log, setting).traces
    transcript.cost.calls = log.count
  }
}
