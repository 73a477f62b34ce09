/// What a program had shown when a step's wait ended. The other program is awaited until it has shown the same.
struct Milestone: Hashable, Sendable {
  /// What a program can show to the judge.
  enum Sign: CaseIterable {
    /// Bytes that the program received, connections that it ended, its exits.
    case answer, end, exit
    /// Lines that it printed.
    case output
    /// Bytes that it took; counted are those that wait, as a negative number.
    case taken
    /// Descriptors, processes and files that it removed; counted are those that are left, as a negative number.
    case removal
  }

  /// What is awaited at a step: what the step is for. If a step awaited anything else, the program would do in it what it
  /// does later otherwise, such as to close an idle connection.
  private var awaited: Set<Sign> {
    switch step {
    case "the end": [.output, .removal]
    case "settle": [.answer, .output, .taken]
    case "send", "input": [.taken]
    default: step.hasPrefix("receive") ? [.answer, .end] : [.exit]
    }
  }

  /// A kind of silence: the kind of the step, and what is missing.
  struct Silence: Hashable {
    let step: String
    let sign: Sign
  }

  /// The kind of the step, such as `receive end`.
  let step: String
  private let counts: [Sign: Int]

  init(_ step: String, _ counts: [Sign: Int]) { (self.step, self.counts) = (step, counts) }

  /// What the other program has shown more of.
  func silences(beside other: Milestone, _ signs: [Sign] = Sign.allCases) -> [Silence] {
    signs.filter { awaited.contains($0) && counts[$0, default: 0] < other.counts[$0, default: 0] }
      .map { Silence(step: step, sign: $0) }
  }
}

/// What the other program has shown at each wait of the scenario.
struct Awaited: Sendable {
  let milestones: [Milestone]
  /// The kinds of silence for which the program was awaited in vain before.
  var hopeless: Set<Milestone.Silence> = []
}

extension Expectation {
  /// The kind, in the name of a milestone.
  var kind: String {
    switch self {
    case .count: "count"
    case .pattern, .regex: "pattern"
    case .end: "end"
    case .nothing: "nothing"
    }
  }
}
