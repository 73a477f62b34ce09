/// The steps that peers perform with a program. A scenario is printed and read as YAML, one per file.
public struct Scenario: Hashable, Sendable {
  public var name: String
  public var role: Role
  /// One sentence for the report.
  public var about: String?
  public var steps: [Step]
  /// In the file of a difference: the two programs that differ.
  public var replay: ReplayRecipe?

  public init(_ name: String, role: Role = .server, about: String? = nil, steps: [Step]) {
    (self.name, self.role, self.about, self.steps) = (name, role, about, steps)
  }
}

/// The role of the program under test.
public enum Role: String, Hashable, Sendable, CaseIterable {
  /// The program listens, and peers connect.
  case server
  /// The program connects, and peers listen.
  case client
  /// The program uses only standard input and output.
  case filter
  /// The program listens and connects to an upstream: peers connect to it, and other peers listen.
  case proxy

  /// Whether the program must listen to be ready.
  var listens: Bool { self == .server || self == .proxy }
}

/// One step. A peer that connects again under its name makes a new connection.
public enum Step: Hashable, Sendable {
  /// Starts the program, and waits until a server listens. Without this step a server starts first, and a client or
  /// a proxy after the leading `listen` steps.
  case start
  /// Another socket occupies the program's port or path.
  case occupy
  case connect(String, Manner = Manner())
  /// Peers start to listen. Without this step a client is refused, and so is a proxy that connects to its upstream.
  case listen(backlog: Int = Limits.backlog)
  case accept(String, Manner = Manner())
  case send(String, Payload, Pieces = Pieces())
  /// The peer sends no more, and still receives.
  case halfClose(String)
  case close(String)
  /// The peer closes with a reset.
  case reset(String)
  /// `within` limits the wait, in milliseconds; nil: the run's timeout.
  case receive(String, Expectation, within: Int? = nil, capture: [Capture] = [])
  /// Writes to the program's standard input.
  case input(Payload)
  case endInput
  case signal(Signal)
  case waitForExit(within: Int? = nil)
  /// Waits until the program has been idle for this many milliseconds.
  case settle(milliseconds: Int = 0)
  case repeated(times: Int, [Step])
}

/// How a peer behaves in its connection.
public struct Manner: Hashable, Sendable {
  /// The requested size of the receive buffer in bytes; nil: the kernel's default.
  public var window: Int?
  /// Whether the peer reads. If not, received bytes stay in the kernel.
  public var reads: Bool

  public init(window: Int? = nil, reads: Bool = true) { (self.window, self.reads) = (window, reads) }
}

/// How a payload is split into sends. The program is idle between two pieces, so that it can't receive them as one.
public struct Pieces: Hashable, Sendable {
  public enum Cut: Hashable, Sendable {
    case none, everyByte
    /// Splits before the bytes at these offsets.
    case at([Int])
  }

  public var cut: Cut
  /// Minimum milliseconds between two pieces.
  public var pause: Int
  /// Sends the last byte out of band (TCP only).
  public var urgent: Bool

  public init(_ cut: Cut = .none, pause: Int = 0, urgent: Bool = false) {
    (self.cut, self.pause, self.urgent) = (cut, pause, urgent)
  }

  /// The pieces as ranges of offsets, in order.
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

/// What a peer expects to receive.
public enum Expectation: Hashable, Sendable {
  /// This number of bytes.
  case count(Int)
  /// Everything up to and including these bytes.
  case pattern(String)
  /// Everything up to the end of the first match of a regular expression.
  case regex(String)
  case end
  /// Nothing, while the program is idle for this many milliseconds. Bytes that do arrive are recorded here, so an early
  /// answer differs from a late one.
  case nothing(milliseconds: Int)
}

extension Expectation {
  /// Whether it names what must come.
  var isPattern: Bool {
    switch self {
    case .pattern, .regex: true
    case .count, .end, .nothing: false
    }
  }
}

/// Signals, named as in kill(1).
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
