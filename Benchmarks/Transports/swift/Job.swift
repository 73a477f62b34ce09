import IPC

/// The jobs of both ends, as in `main.c` of transports-c.
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

  func answer(_ transport: borrowing Transport) throws {
    var bytes = [UInt8](repeating: 0, count: size)
    var last: [UInt8] = [0]
    var span = bytes.mutableSpan
    try transport.send([0].span)  // both ends are running now
    for _ in 0..<count {
      try transport.receive(&span)
      if trips { try transport.send(span.span) }
    }
    if !trips { try transport.send([0].span) }
    var single = last.mutableSpan
    try transport.receive(&single)  // the other end has received everything
  }

  /// Measures, and returns the figures as JSON.
  func measure(_ transport: borrowing Transport) throws -> String {
    var bytes = [UInt8](repeating: 0, count: size)
    var first: [UInt8] = [0]
    var samples = [Double](repeating: 0, count: count)
    var span = bytes.mutableSpan
    var single = first.mutableSpan
    try transport.receive(&single)
    if trips {
      for index in 0..<count {
        let before = Processes.now()
        try transport.send(span.span)
        try transport.receive(&span)
        samples[index] = Processes.now() - before
      }
      try transport.send([0].span)
      samples.sort()
      return "\"p50\": \(Int(samples[count / 2])), \"p99\": \(Int(samples[count * 99 / 100]))"
    }
    let start = Processes.now()
    for _ in 0..<count { try transport.send(span.span) }
    try transport.receive(&single)
    let nanoseconds = Processes.now() - start
    try transport.send([0].span)
    return "\"seconds\": \(nanoseconds / Double(count) / 1e9)"
  }
}
