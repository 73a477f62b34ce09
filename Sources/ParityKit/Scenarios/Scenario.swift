/// What peers do to a program, step by step; printed and read as YAML, one file a scenario.
public struct Scenario: Hashable, Sendable {
  public var name: String
  public var role: Role
  /// One sentence for who reads a report.
  public var about: String?
  public var steps: [Step]
  /// In the file of a difference: between which programs it is.
  public var replay: ReplayRecipe?

  public init(_ name: String, role: Role = .server, about: String? = nil, steps: [Step]) {
    (self.name, self.role, self.about, self.steps) = (name, role, about, steps)
  }
}

/// What the program under test is.
public enum Role: String, Hashable, Sendable, CaseIterable {
  /// It listens, and peers connect.
  case server
  /// It connects, and peers listen.
  case client
  /// It has standard input and output only.
  case filter
}

/// One thing that happens. A peer is called by its name; one that connects again makes a further connection.
public enum Step: Hashable, Sendable {
  /// The program is started, and a server waited for until it listens. Where no step says so, servers start first, and
  /// clients after the `listen` steps that come first.
  case start
  /// The place that the program wants to listen at is taken.
  case occupy
  case connect(String, Manner = Manner())
  /// Peers listen. Without this step nobody does, and a client is refused.
  case listen(backlog: Int = Limits.backlog)
  case accept(String, Manner = Manner())
  case send(String, Payload, Pieces = Pieces())
  /// The peer sends no more, and still receives.
  case halfClose(String)
  case close(String)
  /// The peer closes so that the program sees a reset.
  case reset(String)
  /// `within` is how many milliseconds it may take; the run's time where nil.
  case receive(String, Expectation, within: Int? = nil)
  /// On the program's standard input.
  case input(Payload)
  case endInput
  case signal(Signal)
  case waitForExit(within: Int? = nil)
  /// Until the program rests, for so many milliseconds at least.
  case settle(milliseconds: Int = 0)
  case repeated(times: Int, [Step])
}

/// How a peer takes part in its connection.
public struct Manner: Hashable, Sendable {
  /// The size of the receive buffer that is asked for, in bytes; the kernel's choice where nil.
  public var window: Int?
  /// A peer that does not read leaves all that comes in the kernel.
  public var reads: Bool

  public init(window: Int? = nil, reads: Bool = true) { (self.window, self.reads) = (window, reads) }
}

/// How what is sent is cut into pieces. After each the program is left to rest, so that it can't see two as one.
public struct Pieces: Hashable, Sendable {
  public enum Cut: Hashable, Sendable {
    case none, everyByte
    /// Before the bytes of these offsets.
    case at([Int])
  }

  public var cut: Cut
  /// Milliseconds between two pieces, at least.
  public var pause: Int
  /// The last byte goes out of band (TCP only).
  public var urgent: Bool

  public init(_ cut: Cut = .none, pause: Int = 0, urgent: Bool = false) {
    (self.cut, self.pause, self.urgent) = (cut, pause, urgent)
  }

  /// The pieces, in order, as offsets.
  func ranges(of count: Int) -> [Range<Int>] {
    let cuts =
      switch cut {
      case .none: [Int]()
      case .everyByte: Array(1..<max(1, count))
      case .at(let offsets): Set(offsets).filter { $0 > 0 && $0 < count }.sorted()
      }
    return zip([0] + cuts, cuts + [count]).map { $0..<$1 }
  }
}

/// What a peer waits for.
public enum Expectation: Hashable, Sendable {
  /// So many bytes.
  case count(Int)
  /// Up to these bytes, and with them.
  case pattern(String)
  case end
  /// That nothing comes while the program rests for so many milliseconds. What does come is recorded as having come by
  /// then: an answer before its time differs from one after it.
  case nothing(milliseconds: Int)
}

/// Signals by their names in kill(1).
public enum Signal: String, Hashable, Sendable, CaseIterable {
  case hangup = "HUP"
  case interrupt = "INT"
  case quit = "QUIT"
  case kill = "KILL"
  case user1 = "USR1"
  case user2 = "USR2"
  case pipe = "PIPE"
  case terminate = "TERM"
  case stop = "STOP"
  case resume = "CONT"
}
