extension Channel {
  /// What the channel observes in a run.
  func observations(of transcript: Transcript) -> [Observation] {
    switch self {
    case .wire:
      return transcript.connections.map { connection in
        Observation(name: "connection \(connection.name)", fragments: connection.events.map(\.fragment))
      }
    case .output:
      return [
        Observation(name: "standard output", fragments: [.bytes(transcript.output)]),
        Observation(name: "standard error", fragments: [.bytes(transcript.error)]),
      ]
    case .exit:
      // One for each start, so that each is compared with the same start of the other side.
      return transcript.exits.enumerated().map { index, exit in
        let isLate = exit == .running && transcript.hang != nil
        let name = index == 0 ? "exit" : "exit \(index + 1)"
        return Observation(name: name, fragments: [.mark(exit.description, isLate: isLate)])
      }
    case .leftovers:
      let shared = transcript.sharedObjects.sorted().filter { !$0.isEmpty }
      let outside = transcript.writtenOutside.map { "written: \($0)" }
      let files = transcript.files.map { file in
        Observation(name: file.name, fragments: file.facts.map { .mark($0) } + [.bytes(file.content)])
      }
      let all = (transcript.leftovers + shared + outside).map { Observation.Fragment.mark($0) }
      return [Observation(name: "leftovers", fragments: all)] + files
    case .calls: return transcript.calls
    case .time, .cost: return []
    }
  }
}

extension Connection.Event {
  var fragment: Observation.Fragment {
    switch self {
    case .received(let bytes): .bytes(bytes)
    case .connected: .mark("connected")
    case .refused(let reason): .mark("connect: \(reason)")
    case .absent: .mark("no connection", isLate: true)
    case .notConnected: .mark("no connection")
    case .sent(let what): .mark("sends \(what)")
    case .notAllTaken: .mark("not all data was read")
    case .silence: .mark("silence")
    case .halfClosed: .mark("half-closes")
    case .closed: .mark("closes")
    case .didReset: .mark("resets")
    case .end: .mark("end")
    case .reset: .mark("reset")
    case .stillOpen: .mark("still open at the deadline")
    case .late: .mark("still open at the timeout", isLate: true)
    case .endless: .mark("more than \(Limits.received) bytes")
    }
  }
}
