import IPC

/// The jobs of both sides, as in `jobs.c`.
enum Job: String {
  case trips, messages, bulk

  static let chunk = 65_536

  private var size: Int {
    switch self {
    case .trips: 64
    case .messages: 100
    case .bulk: Self.chunk
    }
  }

  func answer(_ link: inout Link, _ count: Int) throws {
    try link.send([0].span)  // both sides are running now
    var bytes = [UInt8](repeating: 0, count: size)
    var span = bytes.mutableSpan
    for _ in 0..<count {
      try link.receive(&span)
      if self == .trips { try link.send(span.span) }
    }
    if self != .trips { try link.send([0].span) }
  }

  /// Returns the nanoseconds of the whole job.
  func measure(_ link: inout Link, _ count: Int, _ samples: inout [Double]) throws -> Double {
    var bytes = [UInt8](repeating: 0, count: size)
    var answer: [UInt8] = [0]
    var single = answer.mutableSpan
    try link.receive(&single)
    let start = Processes.now()
    var span = bytes.mutableSpan
    if self == .trips {
      for index in 0..<count {
        let start = Processes.now()
        try link.send(span.span)
        try link.receive(&span)
        samples[index] = Processes.now() - start
      }
    } else {
      for _ in 0..<count { try link.send(span.span) }
      try link.receive(&single)
    }
    return Processes.now() - start
  }
}
