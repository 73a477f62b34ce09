import IPC

/// The jobs, from both ends; as `main.c` of ways-c.
struct Job {
  enum Kind: String {
    case trips, messages, bulk
  }

  let kind: Kind
  let count: Int

  private var trips: Bool { kind == .trips }

  private var size: Int {
    switch kind {
    case .trips: 64
    case .messages: 100
    case .bulk: 65_536
    }
  }

  func answer(_ way: borrowing Way) throws {
    var bytes = [UInt8](repeating: 0, count: size)
    var last: [UInt8] = [0]
    var span = bytes.mutableSpan
    try way.send([0].span)  // both are there, and run
    for _ in 0..<count {
      try way.receive(&span)
      if trips { try way.send(span.span) }
    }
    if !trips { try way.send([0].span) }
    var single = last.mutableSpan
    try way.receive(&single)  // what it sent is taken before it ends
  }

  /// The figures, as JSON.
  func measure(_ way: borrowing Way) throws -> String {
    var bytes = [UInt8](repeating: 0, count: size)
    var first: [UInt8] = [0]
    var samples = [Double](repeating: 0, count: count)
    var span = bytes.mutableSpan
    var single = first.mutableSpan
    try way.receive(&single)
    if trips {
      for index in 0..<count {
        let before = Processes.now()
        try way.send(span.span)
        try way.receive(&span)
        samples[index] = Processes.now() - before
      }
      try way.send([0].span)
      samples.sort()
      return "\"p50\": \(Int(samples[count / 2])), \"p99\": \(Int(samples[count * 99 / 100]))"
    }
    let start = Processes.now()
    for _ in 0..<count { try way.send(span.span) }
    try way.receive(&single)
    let nanoseconds = Processes.now() - start
    try way.send([0].span)
    return "\"seconds\": \(nanoseconds / Double(count) / 1e9)"
  }
}
