/// What a program did in one run of a scenario.
public struct Transcript: Hashable, Sendable {
  public internal(set) var connections: [Connection] = []
  /// Standard output of all starts of the program.
  public internal(set) var output: [UInt8] = []
  public internal(set) var error: [UInt8] = []
  /// The exit of each start of the program.
  public internal(set) var exits: [Exit] = []
  /// Files in the folder, processes and descriptors that are left, sorted.
  public internal(set) var leftovers: [String] = []
  /// What the program has left in the folder.
  var files: [LeftFile] = []
  /// In a run under strace: the files outside the folder that the program opened to write.
  var writtenOutside: [String] = []
  /// Shared objects that appeared in the system during the run, whoever created them.
  public internal(set) var sharedObjects: Set<String> = []
  public internal(set) var cost = ResourceUsage()
  /// In a run under strace: the calls by socket or stream, and the reason why they can't be compared.
  var calls: [Observation] = []
  var callTrouble: String?
  /// The names in the output that replaced ports, with the numbers.
  var ports: [String: String] = [:]
  /// The captured values by name.
  var captured: [String: String] = [:]
  /// The steps that did nothing, with the reason.
  public internal(set) var vacuous: [String] = []
  /// What the program had shown at the end of each wait; and for what it was awaited in vain.
  var milestones: [Milestone] = []
  var vain: Set<Milestone.Silence> = []
  var latencies: [Latency] = []
  /// Why nothing can be compared: the program did not start.
  public internal(set) var trouble: String?
  /// Whether the time of the whole comparison ended during the run, which is then not judged.
  var isUnfinished = false
  /// The step that exceeded its time.
  public internal(set) var hang: String?
}

/// A connection, as its peer sees it.
public struct Connection: Hashable, Sendable {
  public enum Event: Hashable, Sendable {
    case connected
    case refused(String)
    /// No connection arrived, or connecting did not end in time.
    case absent
    /// A proxy did not connect to its upstream, and was idle.
    case notConnected
    case sent(String)
    /// The program did not receive everything that was sent.
    case notAllTaken
    case received([UInt8])
    /// Nothing arrived while the program was idle.
    case silence
    case halfClosed, closed
    /// The peer closed with a reset.
    case didReset
    /// How the program ended the connection.
    case end, reset
    /// The connection stayed open, and the expected data did not arrive while the program was idle for the step's time.
    case stillOpen
    /// The same until the run's time was over.
    case late
    /// More bytes arrived than are kept.
    case endless
  }

  /// The peer's name, with a number from its second connection on.
  public let name: String
  public internal(set) var events: [Event]
}
